import { FormatError } from "./error.ts";
import { type Input, readHead } from "./input.ts";
import { parseJson } from "./json.ts";
import { type Doc, isDoc } from "./musicbrainz/read.ts";
import { readAuthor } from "./openlibrary/author.ts";
import { readEdition, readWork } from "./openlibrary/edition.ts";
import { idOf, typeOf } from "./openlibrary/read.ts";
import type { Format, Head, Item } from "./record.ts";
import { readLines, readText } from "./text.ts";

/**
 * Open Library: lines of its monthly dumps (type, key, revision, time, JSON, separated by tabs), or the JSON of one edition, work or author
 * as the API answers, alone or one a line. An edition becomes a book or an audiobook, an author an artist, a work a book
 * that no edition is known of. https://openlibrary.org/developers/dumps
 */
export const openlibrary: Format = {
  name: "openlibrary",
  title: "Open Library dumps and JSON",
  source: "openlibrary",
  detect,
  parse,
};

const DUMP_LINE = /^\uFEFF?\/type\/[a-z_]+\t\/\S*\t\d+\t[^\t\n]*\t/;
const KEY = /"key"\s*:\s*"\/(?:books|works|authors)\/OL\d+[AMW]"/;

function detect({ text, keys }: Head): string | undefined {
  if (DUMP_LINE.test(text)) return "";
  return keys?.includes("key") && KEY.test(text) ? "" : undefined;
}

/** The longest line, or document, in bytes. */
const LIMIT = 16 * 1024 * 1024;

async function* parse(input: Input): AsyncGenerator<Item> {
  const state: State = { file: input.name, seen: new Set(), passed: new Map(), isEmpty: true };
  if (await isOneDocument(input)) {
    const parsed = parseJson(await readText(input, LIMIT));
    if ("reason" in parsed) {
      throw new FormatError({
        code: "JB243",
        file: input.name,
        reason: parsed.reason,
        hint: AGAIN,
      });
    }
    yield* itemsOf(parsed.value, "", undefined, state);
  } else {
    for await (const each of readLines(input, LIMIT)) yield* lineOf(each, state);
  }
  for (const [type, count] of state.passed) {
    const warning = `${count} of the type ${type} are no editions, works or authors: passed over`;
    yield { warning, pointer: "" };
  }
  if (state.isEmpty) {
    const reason = "the file holds no record of Open Library";
    throw new FormatError({ code: "JB241", file: input.name, reason, hint: AGAIN });
  }
}

const AGAIN = "fetch it again and store the whole answer";

type State = {
  file: string;
  /** Artists and labels that were mentioned lately. */
  seen: Set<string>;
  /** How many of which type were passed over. */
  passed: Map<string, number>;
  isEmpty: boolean;
};

/** Printed over several lines, a document does not end where its first line does. */
async function isOneDocument(input: Input): Promise<boolean> {
  const head = (await readHead(input, 64 * 1024)).toString("utf8");
  const first = head.replace(/^\uFEFF/, "").trimStart();
  if (!first.startsWith("{")) return false;
  const end = first.indexOf("\n");
  return end >= 0 && "reason" in parseJson(first.slice(0, end));
}

type Line = { line: number; text: string } | { line: number; fault: FormatError };

function* lineOf(each: Line, state: State): Generator<Item> {
  const pointer = `line ${each.line}`;
  if ("fault" in each) {
    state.isEmpty = false;
    yield { pointer, refused: each.fault };
    return;
  }
  if (each.text.trim() === "") return;
  state.isEmpty = false;
  const columns = each.text.startsWith("{") ? undefined : each.text.split("\t");
  const json = columns === undefined ? each.text : columns.slice(4).join("\t");
  const [, type] = /^\/type\/([a-z_]+)$/.exec(columns?.[0] ?? "") ?? [];
  if (type !== undefined && !TYPES.includes(type)) {
    pass(state, type);
    return;
  }
  const parsed = parseJson(json);
  if ("value" in parsed) yield* itemsOf(parsed.value, pointer, each.line, state);
  else yield { pointer, refused: fault(state, "JB243", each.line, parsed.reason) };
}

const TYPES = ["edition", "work", "author"];

function* itemsOf(
  value: unknown,
  pointer: string,
  line: number | undefined,
  state: State,
): Generator<Item> {
  state.isEmpty = false;
  const type = isDoc(value) ? typeOf(value) : undefined;
  if (!isDoc(value) || type === undefined) {
    yield {
      pointer,
      refused: fault(state, "JB245", line, "no thing of Open Library: it has no type"),
    };
    return;
  }
  if (!TYPES.includes(type)) {
    pass(state, type);
    return;
  }
  const id = idOf(value.key, type === "author" ? "A" : type === "work" ? "W" : "M");
  if (id === undefined) {
    const reason = `the ${type} has no key of Open Library`;
    yield { pointer, refused: fault(state, "JB246", line, reason) };
    return;
  }
  yield* recordsOf(type, value, id, pointer, state);
}

function* recordsOf(
  type: string,
  doc: Doc,
  id: string,
  pointer: string,
  state: State,
): Generator<Item> {
  if (type === "author") {
    yield { pointer, record: readAuthor(doc, id) };
    return;
  }
  const { mentions, record } = type === "work" ? readWork(doc, id) : readEdition(doc, id);
  // Without a title it will be refused: then nobody is mentioned either.
  for (const mention of record.title === undefined ? [] : mentions) {
    if (isFirst(state, `${mention.kind} ${mention.id}`)) yield { pointer, record: mention };
  }
  yield { pointer, record };
}

/** Lets each mention through once, or nearly: what is remembered stays bounded. */
function isFirst({ seen }: State, key: string): boolean {
  if (seen.has(key)) return false;
  if (seen.size >= 10_000) seen.clear();
  seen.add(key);
  return true;
}

function pass({ passed }: State, type: string): void {
  passed.set(type, (passed.get(type) ?? 0) + 1);
}

function fault(
  { file }: State,
  code: "JB243" | "JB245" | "JB246",
  line: number | undefined,
  reason: string,
): FormatError {
  const hint = "deliver the line as the dump has it: type, key, revision, time, JSON";
  return new FormatError({ code, file, reason, hint, ...(line === undefined ? {} : { line }) });
}
