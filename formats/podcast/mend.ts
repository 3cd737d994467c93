import { decodeHTMLStrict } from "entities";
import iconv from "iconv-lite";
import { SaxesParser, type SaxesTagNS } from "saxes";
import { FormatError } from "../error.ts";
import { seconds } from "./duration.ts";

/** A feed as well-formed XML. */
export type Mended = {
  text: string;
  /** How many items or entries it has. */
  items: number;
  /** The text stopped before its elements did: of the last item a part may be missing. */
  endsEarly: boolean;
  /** What was wrong with it, in the order of the first place. */
  faults: { line: number; reason: string }[];
};

const DEPTH_LIMIT = 100;
/** Faults of a feed that is still read: one with more is no feed that somebody means. */
const ERROR_LIMIT = 10_000;
/** Kinds of faults that are told; a feed with more is told of with these. */
const FAULT_LIMIT = 30;
/** How often an end tag of nothing may be taken out, and how many characters may be read again for that. */
const STRAY_LIMIT = 40;
const REREAD_LIMIT = 128 * 1024 * 1024;
/** Where a feed begins. */
const START = /<\?xml\b|<!--|<!DOCTYPE\b|<(?:[\w-]+:)?(?:rss|rdf|feed)[\s>]/i;

/**
 * Writes a feed anew as well-formed XML, so that whatever reads it then meets no surprise: tags balanced, all text and
 * attributes escaped (CDATA too), entities of HTML as their characters, no comments, no DTD. Durations of the itunes namespace become seconds, its
 * flags true or false, its numbers whole ones, or nothing. What had to be mended is told.
 * Errors: JB243 when the tags make no sense, JB244 nested deeper than 100 levels, JB245 no feed at all, JB248 entities declared.
 */
export function mend(source: string, file: string): Mended {
  const before = collectFaults();
  let text = cleaned(source, file, before);
  let reread = 0;
  for (let strays = 0; ; strays += 1) {
    const faults = collectFaults();
    const outcome = attempt(text, file, faults);
    if ("mended" in outcome) {
      return { ...outcome.mended, faults: [...before.list(), ...faults.list()] };
    }
    before.add(outcome.line, "an end tag without a start was dropped or spelled like its start");
    reread += text.length;
    const { start, end, replacement, line } = outcome;
    if (strays >= STRAY_LIMIT || reread > REREAD_LIMIT) {
      throw new FormatError({
        code: "JB243",
        file,
        line,
        reason: `not well-formed XML: too many end tags without a start, such as ${text.slice(start, end).slice(0, 60)}`,
        hint: "deliver the feed as it was produced; it may be damaged",
      });
    }
    text = text.slice(0, start) + replacement + text.slice(end);
  }
}

/**
 * An & that begins no reference, and what may hold one: CDATA and comments. It must go before the text is parsed: what
 * follows, tags too, would be taken for the name of an entity up to the next semicolon.
 */
const BARE =
  /<!\[CDATA\[[\s\S]*?(?:\]\]>|$)|<!--[\s\S]*?(?:-->|$)|&(?!(?:[A-Za-z][A-Za-z0-9]{0,40}|#\d{1,8}|#[xX][0-9A-Fa-f]{1,8});)/g;

/** Drops what stands before the XML and what XML cannot hold. */
function cleaned(source: string, file: string, faults: Faults): string {
  const start = /^\s*</.test(source) ? 0 : START.exec(source.slice(0, 64 * 1024))?.index;
  if (start === undefined) {
    throw noFeed(file, "no XML, not a feed");
  }
  if (source.slice(0, start).trim() !== "") faults.add(1, "text before the XML was dropped");
  let text = source.slice(start).trimStart();
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
  const first = text.search(controls);
  if (first >= 0) {
    faults.add(lineOf(text, first), "control characters were dropped");
    text = text.replace(controls, "");
  }
  let bare: number | undefined;
  text = text.replace(BARE, (found, position) => {
    if (found !== "&") return found;
    bare ??= position;
    return "&amp;";
  });
  if (bare !== undefined) faults.add(lineOf(text, bare), "an & that is not written &amp;");
  if (!text.isWellFormed()) {
    faults.add(1, "halves of surrogate pairs became U+FFFD");
    text = text.toWellFormed();
  }
  return text;
}

type Stray = { start: number; end: number; replacement: string; line: number };

/** One pass over the text; ends at the first end tag that closes nothing, which is to be taken out first. */
function attempt(
  text: string,
  file: string,
  faults: Faults,
): { mended: Omit<Mended, "faults"> } | Stray {
  const parser = new SaxesParser({ xmlns: true, position: true });
  const out: string[] = [];
  const open: string[] = [];
  let stray: Stray | undefined;
  let isOver = false;
  let items = 0;
  let endsEarly = false;
  let errors = 0;
  /** Where the text of an element begins whose value is mended as well. */
  let value: { start: number; at: number; depth: number; mending: Mending } | undefined;
  const stop = new Error("stop");

  const refuse = (code: "JB243" | "JB244" | "JB248", reason: string, hint: string): never => {
    throw new FormatError({ code, file, line: parser.line, reason, hint });
  };
  const write = (piece: string) => {
    if (open.length > 0) out.push(escaped(latin(piece)));
  };

  parser.ENTITIES = entities(parser.ENTITIES, (name) =>
    faults.add(parser.line, `the entity &${name}; is not declared`),
  );
  parser.on("error", (error) => {
    const reason = error.message.replace(/^\d+:\d+: /, "").replace(/\.$/, "");
    if (isOver) endsEarly = true;
    errors += 1;
    if (errors > ERROR_LIMIT) {
      refuse(
        "JB243",
        `not well-formed XML in more than ${ERROR_LIMIT} places: ${reason}`,
        "deliver the feed as it was produced; it may be damaged",
      );
    }
    const known = REASONS.find(([pattern]) => pattern.test(reason));
    if (known?.[1] !== "") faults.add(parser.line, known ? reason.replace(...known) : reason);
  });
  parser.on("doctype", (doctype) => {
    if (/<!ENTITY/i.test(doctype)) {
      refuse(
        "JB248",
        "the document declares entities of its own",
        "remove the DTD: entities are never expanded",
      );
    }
  });
  parser.on("opentag", (tag: SaxesTagNS) => {
    if (open.length >= DEPTH_LIMIT) {
      refuse(
        "JB244",
        `nested deeper than ${DEPTH_LIMIT} levels`,
        "no feed is; this file was made to do harm or is damaged",
      );
    }
    if (open.length === 0) checkRoot(tag, out.length > 0, file);
    if (/^(?:item|entry)$/i.test(tag.local) && open.length <= 2) items += 1;
    open.push(tag.name);
    const start = out.length;
    out.push(`<${tag.name}`);
    for (const { name, value: given } of Object.values(tag.attributes)) {
      out.push(` ${name}="${escaped(latin(given)).replaceAll('"', "&quot;")}"`);
    }
    out.push(">");
    const mending = value ? undefined : mendingOf(tag, open);
    if (mending) value = { start, at: out.length, depth: open.length, mending };
  });
  parser.on("text", write);
  parser.on("cdata", write);
  parser.on("closetag", (tag: SaxesTagNS) => {
    if (!tag.isSelfClosing && !isOver) {
      stray = strayAt(text, parser.position, parser.line, open);
      if (stray) throw stop;
    }
    const mended = value?.depth === open.length ? value : undefined;
    if (mended) value = undefined;
    open.pop();
    if (!mended) {
      out.push(`</${tag.name}>`);
      return;
    }
    const raw = unescaped(out.splice(mended.at).join("")).trim();
    const { read, reason } = mended.mending;
    const good = read(raw);
    if (good !== undefined) out.push(escaped(good), `</${tag.name}>`);
    else {
      out.length = mended.start; // an empty element would say something, too
      if (raw !== "" && reason !== "") {
        faults.add(parser.line, `${tag.name} is ${JSON.stringify(raw.slice(0, 40))}, ${reason}`);
      }
    }
  });

  try {
    for (let at = 0; at < text.length; at += PIECE) parser.write(text.slice(at, at + PIECE));
    isOver = true;
    parser.close();
  } catch (error) {
    if (error !== stop || !stray) throw error;
    return stray;
  }
  if (out.length === 0) throw noFeed(file, "XML without an element");
  if (value) {
    out.length = value.start; // half a value
    open.length = value.depth - 1;
  }
  for (const name of open.reverse()) out.push(`</${name}>`);
  return { mended: { text: out.join(""), items, endsEarly } };
}

const PIECE = 256 * 1024;

function checkRoot(tag: SaxesTagNS, isSecond: boolean, file: string): void {
  if (isSecond) {
    throw new FormatError({
      code: "JB243",
      file,
      reason: `not well-formed XML: <${tag.name.slice(0, 60)}> follows after the end of the document`,
      hint: "deliver one feed a file",
    });
  }
  if (/^(?:rss|rdf|feed)$/i.test(tag.local)) return;
  const what = /^html$/i.test(tag.local)
    ? "an HTML page"
    : `XML whose first element is <${tag.name.slice(0, 60)}>`;
  throw noFeed(file, `${what}, not a feed`);
}

/** The end tag before `position` when no such element is open: to be spelled like the one that is, or dropped. */
function strayAt(
  text: string,
  position: number,
  line: number,
  open: readonly string[],
): Stray | undefined {
  const start = text.lastIndexOf("</", position - 1);
  const name = text.slice(start + 2, position - 1).trim();
  if (open.includes(name)) return undefined;
  const top = open.at(-1) ?? "";
  const isSame = top.toLowerCase() === name.toLowerCase();
  return { start, end: position, replacement: isSame ? `</${top}>` : "", line };
}

/** What saxes says, as it is told; "" when it is told of otherwise. */
const REASONS: [pattern: RegExp, reason: string][] = [
  [/^unexpected close tag/, "an end tag that closes other elements with its own"],
  [/^unclosed tag: (.*)/, "the text ends before <$1> does"],
  [/^unexpected end/, "the text ends in the middle"],
  [/^unbound namespace prefix: "(.*)"$/, "the namespace prefix $1 is not declared"],
  [
    /^an XML declaration must be at the start of the document/,
    "the XML declaration is not at the start",
  ],
  [/^undefined entity/, ""],
];

/** Entities of HTML beside those of XML; any other stays as it is written. */
function entities(
  xml: { [name: string]: string },
  onUndeclared: (name: string) => void,
): { [name: string]: string } {
  return new Proxy(xml, {
    get(target, name) {
      if (typeof name !== "string") return undefined;
      const known = target[name];
      if (known !== undefined) return known;
      onUndeclared(name.slice(0, 40));
      return decodeHTMLStrict(`&${name};`);
    },
  });
}

/** What an element should hold by its text, else undefined: then it is left out, and told of unless there is no reason to. */
type Mending = { read(raw: string): string | undefined; reason: string };

const VALUES: { [local: string]: Mending } = {
  duration: { read: (raw) => seconds(raw)?.toString(), reason: "no duration" },
  explicit: { read: (raw) => EXPLICIT.get(raw.toLowerCase()), reason: "neither yes nor no" },
  season: { read: whole, reason: "no number" },
  episode: { read: whole, reason: "no number" },
};

/** Persons of RSS: in their brackets the parser of feeds looks for names, in a time that grows with the square of their number. */
const EDITOR: Mending = {
  read: (raw) => (raw.length <= 300 ? raw : undefined),
  reason: "too long",
};

/**
 * Left out: persons that the catalog has no place for, and the table of contents of RSS 1.0, which the parser of feeds
 * follows in a time that grows with the square of its length. The items stand in the order of the document without it.
 */
const UNREAD: Mending = { read: () => undefined, reason: "" };

function mendingOf(tag: SaxesTagNS, open: readonly string[]): Mending | undefined {
  const local = tag.local.toLowerCase();
  if (isItunes(tag)) return Object.hasOwn(VALUES, local) ? VALUES[local] : undefined;
  if (/(?:^|:)rdf$/i.test(open[0] ?? "")) return local === "items" ? UNREAD : undefined;
  if (!/(?:^|:)rss$/i.test(open[0] ?? "") || tag.prefix !== "") return undefined;
  if (local === "managingeditor") return EDITOR;
  return local === "author" || local === "webmaster" ? UNREAD : undefined;
}

/** What says that it is explicit and what says that it is not: "clean" is Apple's older word. */
const EXPLICIT = new Map([
  ["yes", "true"],
  ["true", "true"],
  ["explicit", "true"],
  ["1", "true"],
  ["no", "false"],
  ["false", "false"],
  ["clean", "false"],
  ["0", "false"],
]);

function whole(raw: string): string | undefined {
  return /^\d{1,9}$/.test(raw) ? String(Number(raw)) : undefined;
}

function isItunes(tag: SaxesTagNS): boolean {
  return tag.prefix.toLowerCase() === "itunes" || /itunes\.com\/dtds\/podcast/i.test(tag.uri);
}

function escaped(text: string): string {
  if (!/[&<>]/.test(text)) return text;
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function unescaped(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

/** U+0080 to U+009F are controls that nobody means: whoever wrote them meant the characters of Windows-1252. */
function latin(text: string): string {
  return text.replace(/[\u0080-\u0084\u0086-\u009f]/g, (character) =>
    iconv.decode(Buffer.from([character.charCodeAt(0)]), "windows-1252"),
  );
}

function lineOf(text: string, position: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at >= 0 && at < position; at = text.indexOf("\n", at + 1))
    line += 1;
  return line;
}

function noFeed(file: string, reason: string): FormatError {
  return new FormatError({
    code: "JB245",
    file,
    reason,
    hint: "feeds understood: RSS 0.9 to 2.0, Atom, JSON Feed",
  });
}

type Faults = ReturnType<typeof collectFaults>;

/** Faults by their reason, each with its first line and how often. */
function collectFaults() {
  const found = new Map<string, { line: number; count: number }>();
  let isCut = false;
  return {
    add(line: number, reason: string): void {
      const known = found.get(reason);
      if (known) known.count += 1;
      else if (found.size < FAULT_LIMIT) found.set(reason, { line, count: 1 });
      else isCut = true;
    },
    list(): Mended["faults"] {
      const all = [...found].map(([reason, { line, count }]) => ({
        line,
        reason: count === 1 ? reason : `${reason} (${count} times)`,
      }));
      return isCut ? [...all, { line: 1, reason: "more was wrong than is told" }] : all;
    },
  };
}
