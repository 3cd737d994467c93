import { FormatError } from "./error.ts";
import type { Input } from "./input.ts";
import { nesting, parseJson } from "./json.ts";
import { type Collection, collected, inside, type Place } from "./musicbrainz/collect.ts";
import { kindOf } from "./musicbrainz/document.ts";
import { readEntity } from "./musicbrainz/entity.ts";
import { type Doc, isDoc } from "./musicbrainz/read.ts";
import type { Format, Head, Located } from "./record.ts";
import { readText } from "./text.ts";

/** A document may be at most this long, in bytes. */
export const DOCUMENT_LIMIT = 64 * 1024 * 1024;

/** Real documents nest about 15 levels; the readers recurse, so there must be a limit. */
const NESTING_LIMIT = 100;

/**
 * Answers of the MusicBrainz web service, version 2, in JSON: lookups of an artist, label, release
 * group, release, recording, work or genre with any includes, and lists of them. What the document
 * is about becomes a record of scope `partial`, since it only carries the includes that were asked
 * for; everything it nests becomes a `mention`.
 * https://musicbrainz.org/doc/MusicBrainz_API
 */
export const musicbrainz: Format = {
  name: "musicbrainz",
  title: "MusicBrainz web service JSON",
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

async function* parse(input: Input): AsyncGenerator<Located> {
  const text = await readText(input, DOCUMENT_LIMIT);
  yield* recordsOf(readDocument(text, input.name), input.name);
}

function readDocument(text: string, file: string): Doc {
  if (text.trim() === "") {
    const hint = "ask the web service again";
    throw new FormatError({ code: "JB241", file, reason: "the file is empty", hint });
  }
  if (nesting(text) > NESTING_LIMIT) {
    const reason = `nested deeper than ${NESTING_LIMIT} levels`;
    const hint = "no answer of the web service is; this file was made to do harm or is damaged";
    throw new FormatError({ code: "JB244", file, reason, hint });
  }
  const parsed = parseJson(text);
  if ("reason" in parsed) {
    const hint = "ask the web service again and store the whole answer";
    throw new FormatError({ code: "JB243", file, reason: parsed.reason, hint });
  }
  if (isDoc(parsed.value)) return parsed.value;
  throw notUnderstood(file, "no JSON object");
}

/** The records of a document: each after what it nests, so that most references point backwards. */
function recordsOf(doc: Doc, file: string): Located[] {
  const records: Collection = new Map();
  const top: Place = { file, pointer: "", scope: "partial", records, read: readEntity };
  const kind = kindOf(doc);
  if ("foreign" in kind) throw notUnderstood(file, kind.foreign);
  if ("list" in kind) {
    for (const [index, item] of (doc[kind.list] as Doc[]).entries()) {
      readEntity(kind.entity, item, { ...inside(top, kind.list, index), scope: "partial" });
    }
  } else readEntity(kind.entity, doc, top);
  return collected(records);
}

function notUnderstood(file: string, found: string): FormatError {
  return new FormatError({
    code: "JB245",
    file,
    reason: `this is ${found}, which is not understood on its own`,
    hint:
      "documents understood: artist, label, release-group, release, recording, work and genre " +
      "of the MusicBrainz web service (ws/2, fmt=json), and lists of them",
  });
}
