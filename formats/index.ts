import { basename } from "node:path";
import { FormatError } from "./error.ts";
import { readHead } from "./file.ts";
import { topLevelKeys } from "./json.ts";
import { musicbrainz } from "./musicbrainz.ts";
import { ndjson } from "./ndjson.ts";
import type { Format } from "./record.ts";

export { FormatError, type FormatErrorCode } from "./error.ts";
export type { CatalogRecord, Format, Kind, Located } from "./record.ts";

/** The formats that are understood, the more particular ones first: detection asks in this order. */
export const formats: readonly Format[] = [ndjson, musicbrainz];

/** The format of that name, as `--format` gives it; undefined when there is none. */
export function formatNamed(name: string): Format | undefined {
  return formats.find((format) => format.name === name);
}

const HEAD_BYTES = 64 * 1024;

/**
 * The format of a file, from its first bytes. Throws FormatError when the file cannot be read, is
 * empty, or is of no format that is understood; the reason says what it looks like instead.
 */
export async function detectFormat(path: string): Promise<Format> {
  const { head, size } = await readHead(path, HEAD_BYTES);
  if (size === 0) throw refused("JB241", path, "the file is empty");
  const packed = PACKED.find(({ magic }) => head.subarray(0, magic.length).equals(magic));
  if (packed) throw refused("JB242", path, packed.reason, packed.hint);
  // The head of a larger file may well be nothing but blank lines; only a whole one tells.
  if (head.toString("utf8").trim() === "" && size === head.length) {
    throw refused("JB241", path, "the file holds nothing but white space");
  }
  const format = formats.find((each) => each.detect(head, basename(path)));
  if (format) return format;
  if (head.includes(0)) {
    throw refused("JB242", path, "a binary file: it holds NUL bytes", "deliver UTF-8 text");
  }
  throw refused("JB245", path, appearance(head.toString("utf8")));
}

const UNPACK = "unpack it first";
const UTF8 = "convert it to UTF-8, for example with iconv";
const PACKED = [
  { magic: Buffer.from([0x1f, 0x8b]), reason: "compressed with gzip", hint: UNPACK },
  { magic: Buffer.from("PK\x03\x04", "latin1"), reason: "a zip archive", hint: UNPACK },
  { magic: Buffer.from("BZh"), reason: "compressed with bzip2", hint: UNPACK },
  { magic: Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), reason: "compressed with zstd", hint: UNPACK },
  { magic: Buffer.from("\xfd7zXZ", "latin1"), reason: "compressed with xz", hint: UNPACK },
  { magic: Buffer.from([0xff, 0xfe]), reason: "UTF-16 text", hint: UTF8 },
  { magic: Buffer.from([0xfe, 0xff]), reason: "UTF-16 text", hint: UTF8 },
];

/** What a text of no known format looks like. */
function appearance(text: string): string {
  const start = text.replace(/^\uFEFF/, "").trimStart();
  if (start.startsWith("<")) return "looks like XML or HTML, of no format that is understood";
  if (start.startsWith("[")) {
    return "a JSON array: one object a line is understood (NDJSON), without [ ] around them";
  }
  const keys = topLevelKeys(start);
  if (keys === undefined) return "neither JSON nor another format that is understood";
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
