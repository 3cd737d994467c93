import { FormatError } from "./error.ts";
import { readLines } from "./file.ts";
import { parseJson, topLevelKeys, unstorable } from "./json.ts";
import type { CatalogRecord, Format, GenreEntry, GenreRecord, Located } from "./record.ts";
import { refusal, type WrittenGenre, type WrittenRecord } from "./validate.ts";

/** A line may be at most this long, in bytes. */
export const LINE_LIMIT = 16 * 1024 * 1024;

/** Our own shape: one record a line, UTF-8, any number of lines. */
export const ndjson: Format = { name: "ndjson", detect, parse };

/** Only our records have the key "kind" on their top level. */
function detect(head: Buffer): boolean {
  const text = head.toString("utf8").replace(/^\uFEFF/, "");
  return topLevelKeys(text)?.includes("kind") ?? false;
}

async function* parse(path: string): AsyncGenerator<Located> {
  const genres = onceEach();
  let empty = true;
  for await (const { line, text } of readLines(path, LINE_LIMIT)) {
    if (text.trim() === "") continue;
    empty = false;
    const { record, named } = expandGenres(readRecord(text, path, line));
    const pointer = `line ${line}`;
    for (const genre of named.filter(genres)) yield { record: genre, pointer };
    yield { record, pointer };
  }
  if (!empty) return;
  const hint = "a delivery has at least one record";
  throw new FormatError({ code: "JB241", file: path, reason: "the file holds no record", hint });
}

function readRecord(text: string, file: string, line: number): WrittenRecord {
  const parsed = parseJson(text);
  if ("reason" in parsed) {
    const hint = "each line holds one whole JSON object: no line breaks inside it, no [ ] around";
    throw new FormatError({ code: "JB243", file, line, reason: parsed.reason, hint });
  }
  const refused = refusal(parsed.value);
  if (refused) throw new FormatError({ code: "JB246", file, line, ...refused });
  const bad = unstorable(parsed.value, text);
  if (bad) {
    const hint = "remove the character: no database of text can hold it";
    throw new FormatError({ code: "JB242", file, line, ...bad, hint });
  }
  return parsed.value as WrittenRecord;
}

/** Turns genres given by name into references, and answers the mentions they then refer to. */
function expandGenres(written: WrittenRecord): { record: CatalogRecord; named: GenreRecord[] } {
  const given: WrittenGenre[] | undefined = "genres" in written ? written.genres : undefined;
  if (!given) return { record: written, named: [] };
  const named: GenreRecord[] = [];
  const genres = given.map((entry): GenreEntry => {
    if ("genre" in entry) return entry;
    const { name, ...rest } = entry;
    const id = name.toLowerCase();
    named.push({ kind: "genre", id, scope: "mention", name, ids: { genre: name } });
    return { genre: { kind: "genre", id }, ...rest };
  });
  return { record: { ...written, genres } as CatalogRecord, named };
}

/**
 * Lets each genre through once a file, or nearly: a million tracks name the same few hundred, and
 * what is remembered stays bounded.
 */
function onceEach(): (genre: GenreRecord) => boolean {
  const seen = new Set<string>();
  return ({ id }) => {
    if (seen.has(id)) return false;
    if (seen.size >= 10_000) seen.clear();
    seen.add(id);
    return true;
  };
}
