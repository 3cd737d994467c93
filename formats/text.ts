import iconv from "iconv-lite";
import { FormatError } from "./error.ts";
import { withHead } from "./head.ts";
import type { Input } from "./input.ts";

const NEWLINE = 0x0a;

/** Encodings by their byte order mark; UTF-32 before UTF-16, which begins alike. */
const MARKS: [mark: Buffer, encoding: string][] = [
  [Buffer.from([0xef, 0xbb, 0xbf]), "utf-8"],
  [Buffer.from([0xff, 0xfe, 0, 0]), "utf-32le"],
  [Buffer.from([0, 0, 0xfe, 0xff]), "utf-32be"],
  [Buffer.from([0xff, 0xfe]), "utf-16le"],
  [Buffer.from([0xfe, 0xff]), "utf-16be"],
];

/** The longest of them. */
const MARK_BYTES = 4;

/** The encoding that the byte order mark at the beginning of `bytes` tells; undefined without one. */
export function markedEncoding(
  bytes: Uint8Array,
): { encoding: string; markBytes: number } | undefined {
  const found = MARKS.find(([mark]) => mark.equals(bytes.subarray(0, mark.length)));
  return found && { encoding: found[1], markBytes: found[0].length };
}

/** True when there is a decoder for an encoding of that name (IANA names and their aliases). */
export function isEncoding(name: string): boolean {
  return iconv.encodingExists(name);
}

/**
 * The text of chunks of bytes. A byte order mark decides over `encoding` and is dropped. UTF-8 that is none
 * is refused (JB242), and so is a NUL, which Postgres text cannot hold; of other encodings what has no meaning becomes U+FFFD.
 */
export async function* decoded(
  name: string,
  chunks: AsyncIterable<Buffer>,
  encoding = "utf-8",
): AsyncGenerator<string> {
  const [head, all] = await withHead(chunks, MARK_BYTES);
  const mark = markedEncoding(head);
  const decode = decoder(name, mark?.encoding ?? encoding);
  let dropped = mark?.markBytes ?? 0;
  for await (const chunk of all) {
    const text = decode(chunk.subarray(dropped));
    dropped = 0;
    if (text !== "") yield text;
  }
  const rest = decode();
  if (rest) yield rest;
}

/** A whole input of at most `limit` bytes as text, of UTF-8 or of the encoding of its byte order mark. */
export async function readText(input: Input, limit: number, encoding?: string): Promise<string> {
  const pieces: string[] = [];
  for await (const text of decoded(input.name, limited(input, limit), encoding)) pieces.push(text);
  return pieces.join("");
}

/** All bytes of an input of at most `limit` bytes. */
export async function readBytes(input: Input, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of limited(input, limit)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/**
 * The lines of an input in UTF-8 with their numbers, one at a time, whatever its size; memory holds one line
 * and one chunk. The terminator, a carriage return before it and a byte order mark are dropped. A line that cannot be text
 * has a fault in its place, and the next lines follow.
 */
export async function* readLines(
  input: Input,
  limit: number,
): AsyncGenerator<{ line: number; text: string } | { line: number; fault: FormatError }> {
  let line = 1;
  let pending: Buffer[] = [];
  let length = 0;

  const add = (piece: Buffer) => {
    length += piece.length;
    if (length <= limit) pending.push(piece);
    else pending = []; // counted on, and refused when it ends
  };
  const take = (): { line: number; text: string } | { line: number; fault: FormatError } => {
    const at = { file: input.name, line };
    const isTooLong = length > limit;
    let bytes = Buffer.concat(pending);
    pending = [];
    length = 0;
    line += 1;
    if (isTooLong)
      return { line: at.line, fault: tooLarge(input.name, "the line", limit, at.line) };
    if (at.line === 1) bytes = bytes.subarray(markedEncoding(bytes)?.markBytes ?? 0);
    try {
      return { line: at.line, text: decoder(input.name, "utf-8", at.line)(bytes) };
    } catch (error) {
      if (error instanceof FormatError) return { line: at.line, fault: error };
      throw error;
    }
  };

  const [head, all] = await withHead(input.open(), MARK_BYTES);
  const { encoding = "utf-8" } = markedEncoding(head) ?? {};
  if (encoding !== "utf-8") throw notUtf8({ file: input.name }, `${encoding.toUpperCase()} text`);
  for await (const chunk of all) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      add(chunk.subarray(start, end));
      yield take();
      start = end + 1;
    }
    add(chunk.subarray(start));
    if (length > limit * 64) throw tooLarge(input.name, "the line", limit, line); // no line any more
  }
  if (length > 0) yield take();
}

function decoder(file: string, encoding: string, line?: number): (bytes?: Buffer) => string {
  const at = line === undefined ? { file } : { file, line };
  let decode: (bytes?: Buffer) => string;
  if (/^utf-?8$/i.test(encoding)) {
    const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    decode = (bytes) => {
      try {
        return line === undefined
          ? utf8.decode(bytes, { stream: bytes !== undefined })
          : utf8.decode(bytes);
      } catch {
        throw notUtf8(at);
      }
    };
  } else {
    const other = iconv.getDecoder(encoding);
    decode = (bytes) => (bytes ? other.write(bytes) : (other.end() ?? ""));
  }
  return (bytes) => {
    const text = decode(bytes);
    if (text.includes("\0")) {
      throw new FormatError({
        ...at,
        code: "JB242",
        reason: "holds a NUL character",
        hint: "this is a binary file, or it was damaged on its way",
      });
    }
    return text;
  };
}

async function* limited(input: Input, limit: number): AsyncGenerator<Buffer> {
  let length = 0;
  for await (const chunk of input.open()) {
    length += chunk.length;
    if (length > limit) throw tooLarge(input.name, "the document", limit);
    yield chunk;
  }
}

function notUtf8(at: { file: string; line?: number }, reason = "not UTF-8 text"): FormatError {
  const hint = "convert the file to UTF-8, for example with iconv";
  return new FormatError({ ...at, code: "JB242", reason, hint });
}

function tooLarge(file: string, what: string, limit: number, line?: number): FormatError {
  return new FormatError({
    code: "JB244",
    file,
    ...(line === undefined ? {} : { line }),
    reason: `${what} is longer than ${limit / 1024 / 1024} MiB`,
    hint: "split it; a record of the catalog is never that long",
  });
}

/** The beginning of a text of unknown encoding, for telling formats apart: never wrong about ASCII, not meant to be kept. */
export function headText(bytes: Buffer): string {
  const encoding = markedEncoding(bytes)?.encoding ?? singleOrWide(bytes);
  return iconv.decode(bytes, encoding, { stripBOM: true });
}

/** By where the NULs of its first character stand. */
function singleOrWide([first, second, third]: Uint8Array): string {
  if (second === 0) return third !== 0 ? "utf-16le" : first === 0 ? "utf-32be" : "utf-32le";
  return first === 0 ? "utf-16be" : "utf-8";
}
