/** What a JSON text turned out to be: its value, or the reason why it has none. */
export type Parsed = { value: unknown } | { reason: string };

/** Parses JSON; the reason of a failure says where, and tells a truncated text from a wrong one. */
export function parseJson(text: string): Parsed {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { reason: syntaxReason((error as SyntaxError).message, text) };
  }
}

/** V8 tells either where it stopped or what stands there, and which of the two is its own choice. */
function syntaxReason(message: string, text: string): string {
  const [, position] = /at position (\d+)/.exec(message) ?? [];
  const atEnd = position !== undefined && Number(position) >= text.trimEnd().length;
  if (atEnd || /^(Unexpected end|Unterminated string)/.test(message)) {
    return "truncated: the text ends in the middle of the JSON";
  }
  if (position !== undefined) {
    const [what] = message.split(/ in JSON at position| at position/);
    return `not JSON at character ${Number(position) + 1}: ${what}`;
  }
  const [, what, near] = /^(.*?), (.*) is not valid JSON$/s.exec(message) ?? [];
  // The excerpt is quoted anew: it may hold what would disturb a terminal.
  return `not JSON: ${near ? `${what} near ${JSON.stringify(near)}` : message}`;
}

/** Deepest nesting of arrays and objects in a JSON text, counted without building anything. */
export function nesting(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === '"') at = endOfString(text, at);
    else if (char === "{" || char === "[") deepest = Math.max(deepest, ++depth);
    else if (char === "}" || char === "]") depth -= 1;
  }
  return deepest;
}

/**
 * The keys of the object a JSON text begins with. The text may be cut off anywhere: what stands in
 * the part at hand is returned. Not an object: undefined.
 */
export function topLevelKeys(text: string): string[] | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  const keys: string[] = [];
  let depth = 0;
  let string = "";
  for (let at = text.indexOf("{"); at < text.length; at += 1) {
    const char = text[at];
    if (char === '"') {
      const end = endOfString(text, at);
      string = text.slice(at + 1, end);
      at = end;
    } else if (char === "{" || char === "[") depth += 1;
    else if (char === "}" || char === "]") depth -= 1;
    else if (char === ":" && depth === 1) keys.push(string);
    if (depth === 0) break;
  }
  return keys;
}

/** Where the string that opens at `start` closes; the end of the text when it does not. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at;
}

/** Why no Postgres text can hold a string of this value: U+0000, or half of a surrogate pair. JSON can spell both with \\u escapes. */
export function unstorable(value: unknown): { pointer: string; reason: string } | undefined {
  return search(value, "");
}

function search(value: unknown, pointer: string): { pointer: string; reason: string } | undefined {
  if (typeof value === "string") {
    if (value.includes("\0")) return { pointer, reason: "the text holds a NUL (\\u0000)" };
    if (value.isWellFormed()) return undefined;
    return { pointer, reason: "the text holds half of a surrogate pair" };
  }
  if (typeof value !== "object" || value === null) return undefined;
  for (const [key, item] of Object.entries(value)) {
    const place = `${pointer}/${escapePointer(key)}`;
    const found = search(key, place) ?? search(item, place);
    if (found) return found;
  }
  return undefined;
}

/** A key as a step of a JSON pointer (RFC 6901). */
export function escapePointer(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}
