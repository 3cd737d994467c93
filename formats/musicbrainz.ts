import { FormatError } from "./error.ts";
import type { Input } from "./input.ts";
import { nesting, parseJson } from "./json.ts";
import { type Collection, collected, inside, type Place } from "./musicbrainz/collect.ts";
import { isComplete } from "./musicbrainz/complete.ts";
import { kindOf } from "./musicbrainz/document.ts";
import { readEntity } from "./musicbrainz/entity.ts";
import { type Doc, isDoc } from "./musicbrainz/read.ts";
import type { Format, Head, Item, Located } from "./record.ts";
import { readLines, readText } from "./text.ts";

/** A document may be at most this long, in bytes. */
export const DOCUMENT_LIMIT = 64 * 1024 * 1024;

/** Real documents nest about 15 levels; the readers recurse, so there must be a limit. */
const NESTING_LIMIT = 100;

/**
 * Answers of the MusicBrainz web service, version 2, in JSON: lookups of an artist, label, release
 * group, release, recording, work or genre with any includes, and lists of them. What the document
 * is about becomes a record of scope `partial`, since it only carries the includes that were asked
 * for; everything it nests becomes a `mention`.
 *
 * So does the JSON dump, plain, packed or in its archive: the same objects, one a line. One that has all the
 * includes that a record is made of becomes a `full` record.
 * https://musicbrainz.org/doc/MusicBrainz_API, https://musicbrainz.org/doc/Development/JSON_Data_Dumps
 */
export const musicbrainz: Format = {
  name: "musicbrainz",
  title: "MusicBrainz web service and dump JSON",
  source: "musicbrainz",
  detect,
  parse,
};

const MARKS = [
  "disambiguation",
  "isrc",
  "iswcs",
  "recording",
  "recordings",
  "releases",
  "video",
  "help",
];

/** Nearly every document has a key with a hyphen: sort-name, first-release-date, track-count. */
function detect({ keys = [] }: Head): string | undefined {
  const isSearch = keys.includes("count") && keys.includes("offset");
  return isSearch || keys.some((key) => key.includes("-") || MARKS.includes(key)) ? "2" : undefined;
}

async function* parse(input: Input): AsyncGenerator<Item> {
  if (await isDump(input)) {
    yield* readDump(input);
    return;
  }
  const text = await readText(input, DOCUMENT_LIMIT);
  yield* recordsOf(readDocument(text, { file: input.name }), false, { file: input.name });
}

/**
 * True for one object a line, false for one document over any number of lines: the second line that is not blank begins an object, and
 * the first was not waiting for one. A single object on a single line is a document: a lookup answers like that.
 */
async function isDump(input: Input): Promise<boolean> {
  let first: string | undefined;
  for await (const line of readLines(input, DOCUMENT_LIMIT)) {
    const text = "fault" in line ? "" : line.text.trim();
    if ("text" in line && text === "") continue;
    if (first !== undefined) return text.startsWith("{");
    if (/[[{:,]$/.test(text) || ("text" in line && !text.startsWith("{"))) return false;
    first = text;
  }
  return false;
}

/** The lines of a JSON dump, each by itself: one that cannot be taken is refused in its place, and the next ones follow. */
async function* readDump(input: Input): AsyncGenerator<Item> {
  for await (const each of readLines(input, DOCUMENT_LIMIT)) {
    const pointer = `line ${each.line}`;
    if ("fault" in each) {
      yield { pointer, refused: each.fault };
      continue;
    }
    if (each.text.trim() === "") continue;
    const at = { file: input.name, line: each.line };
    try {
      const records = recordsOf(readDocument(each.text, at), true, at);
      for (const { record } of records) yield { record, pointer };
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      yield { pointer, refused: error };
    }
  }
}

type At = { file: string; line?: number };

function readDocument(text: string, at: At): Doc {
  if (text.trim() === "") {
    const hint = "ask the web service again";
    throw new FormatError({ ...at, code: "JB241", reason: "the file is empty", hint });
  }
  if (nesting(text) > NESTING_LIMIT) {
    const reason = `nested deeper than ${NESTING_LIMIT} levels`;
    const hint = "no answer of the web service is; this file was made to do harm or is damaged";
    throw new FormatError({ ...at, code: "JB244", reason, hint });
  }
  const parsed = parseJson(text);
  if ("reason" in parsed) {
    const hint =
      at.line === undefined
        ? "ask the web service again and store the whole answer"
        : "fetch the dump again and compare its checksum";
    throw new FormatError({ ...at, code: "JB243", reason: parsed.reason, hint });
  }
  if (isDoc(parsed.value)) return parsed.value;
  throw notUnderstood(at, "no JSON object");
}

/** The records of a document: each after what it nests, so that most references point backwards. */
function recordsOf(doc: Doc, isDumped: boolean, at: At): Located[] {
  const records: Collection = new Map();
  const top: Place = { ...at, pointer: "", scope: "partial", records, read: readEntity };
  const kind = kindOf(doc);
  if ("foreign" in kind) throw notUnderstood(at, kind.foreign);
  if ("list" in kind) {
    for (const [index, item] of (doc[kind.list] as Doc[]).entries()) {
      readEntity(kind.entity, item, { ...inside(top, kind.list, index), scope: "partial" });
    }
  } else {
    const scope = isDumped && isComplete(kind.entity, doc) ? "full" : "partial";
    readEntity(kind.entity, doc, { ...top, scope });
  }
  return collected(records);
}

function notUnderstood(at: At, found: string): FormatError {
  return new FormatError({
    ...at,
    code: "JB245",
    reason: `this is ${found}, which is not understood on its own`,
    hint:
      "documents understood: artist, label, release-group, release, recording, work and genre " +
      "of the MusicBrainz web service (ws/2, fmt=json), and lists of them",
  });
}
