import { cwr } from "./cwr.ts";
import { ddexErn } from "./ddex.ts";
import { discogs } from "./discogs.ts";
import { FormatError } from "./error.ts";
import { type Input, readHead } from "./input.ts";
import { topLevelKeys } from "./json.ts";
import { mappedJson } from "./mapped-json.ts";
import { musicbrainz } from "./musicbrainz.ts";
import { ndjson } from "./ndjson.ts";
import { onix } from "./onix.ts";
import { openlibrary } from "./openlibrary.ts";
import { podcast } from "./podcast.ts";
import type { Format, Head } from "./record.ts";
import { spotify } from "./spotify.ts";
import { table } from "./table.ts";
import { headText } from "./text.ts";
import { rootOf } from "./xml.ts";

export { FormatError, type FormatErrorCode } from "./error.ts";
export { bufferInput, fileInput, type Input } from "./input.ts";
export { readItems } from "./items.ts";
export { loadMapping, type Mapping } from "./mapping.ts";
export type { About, CatalogRecord, Format, Item, Kind, Located, ParseOptions } from "./record.ts";

/** The formats that are understood, the more particular ones first: detection asks in this order. */
export const formats: readonly Format[] = [
  ndjson,
  openlibrary,
  podcast,
  spotify,
  discogs,
  musicbrainz,
  onix,
  ddexErn,
  cwr,
  table,
  mappedJson,
];

/** The format of that name, as `--format` gives it; undefined when there is none. */
export function formatNamed(name: string): Format | undefined {
  return formats.find((format) => format.name === name);
}

/** A format and its version; "" when it has none or does not say. */
export type Detected = { format: Format; version: string };

const HEAD_BYTES = 64 * 1024;

/**
 * The format of an input, from its first bytes. Throws FormatError when it cannot be read, is empty, is of no format that is
 * understood (the reason says what it looks like instead), or is of another format than `expected`.
 */
export async function detectFormat(input: Input, expected?: string): Promise<Detected> {
  const wanted = expected === undefined ? undefined : formatNamed(expected);
  if (expected !== undefined && !wanted) {
    throw refused("JB245", input.name, `there is no format named "${expected.slice(0, 60)}"`);
  }
  const bytes = await readHead(input, HEAD_BYTES);
  if (bytes.length === 0) throw refused("JB241", input.name, "the file is empty");
  const packed = PACKED.find(({ magic }) => bytes.subarray(0, magic.length).equals(magic));
  if (packed) throw refused("JB242", input.name, packed.reason, "unpack it first");
  const head = headOf(input.name, bytes);
  // The head of a larger file may well be nothing but blank lines; only a whole one tells.
  if (head.text.trim() === "" && bytes.length < HEAD_BYTES) {
    throw refused("JB241", input.name, "the file holds nothing but white space");
  }
  // What has no mark of its own (a table of columns) is asked for by name.
  const candidates = wanted ? [wanted, ...formats.filter((each) => each !== wanted)] : formats;
  for (const format of candidates) {
    const version = format.detect(head) ?? (format === wanted ? format.fits?.(head) : undefined);
    if (version === undefined) continue;
    if (wanted && format !== wanted) {
      throw refused(
        "JB245",
        input.name,
        `the file is ${format.name}, not ${wanted.name}`,
        "leave --format out",
      );
    }
    return { format, version };
  }
  if (head.text.includes("\0")) {
    throw refused("JB242", input.name, "a binary file: it holds NUL bytes", "deliver text");
  }
  throw refused("JB245", input.name, appearance(head), head.root ? undefined : MAPPED);
}

/** The beginning of an input as detection sees it. */
export function headOf(name: string, bytes: Buffer): Head {
  const text = headText(bytes);
  return { name, bytes, text, root: rootOf(text), keys: topLevelKeys(text.replace(/^\uFEFF/, "")) };
}

const PACKED = [
  { magic: Buffer.from([0x1f, 0x8b]), reason: "compressed twice with gzip" },
  { magic: Buffer.from("PK\x03\x04", "latin1"), reason: "a zip archive" },
  { magic: Buffer.from("BZh"), reason: "compressed with bzip2" },
];

const MAPPED =
  "a table or JSON of a shape of its own needs a source that has a mapping, and --source with its name: docs/reference/sources.md";

/** What a text of no known format looks like. */
function appearance({ text, root, keys }: Head): string {
  const start = text.replace(/^\uFEFF/, "").trimStart();
  if (root) {
    const of = root.uri ? ` of the namespace ${root.uri.slice(0, 100)}` : "";
    return `XML whose first element is <${root.name.slice(0, 60)}>${of}: no format that is understood begins like that`;
  }
  if (start.startsWith("<")) return "looks like XML or HTML, of no format that is understood";
  if (start.startsWith("[")) {
    return "a JSON array: one object a line is understood (NDJSON), without [ ] around them";
  }
  if (keys === undefined) return "neither JSON nor XML nor another format that is understood";
  if (keys.length === 0) return "begins with { but has no key: no JSON object that is understood";
  const some = keys.slice(0, 8).join(", ");
  return `a JSON object with the keys ${some}: no format that is understood has these`;
}

function refused(
  code: "JB241" | "JB242" | "JB245",
  file: string,
  reason: string,
  hint = `formats: ${formats.map(({ name }) => name).join(", ")}`,
): FormatError {
  return new FormatError({ code, file, reason, hint });
}
