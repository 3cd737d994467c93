import { isUtf8 } from "node:buffer";
import { type FileHandle, open, stat } from "node:fs/promises";
import { FormatError } from "./error.ts";

const NEWLINE = 0x0a;
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/** The first `bytes` bytes of a file, fewer when it is shorter, and its size in bytes. */
export async function readHead(
  path: string,
  bytes: number,
): Promise<{ head: Buffer; size: number }> {
  await using file = await openFile(path);
  return { head: await fill(file.handle, path, bytes), size: file.size };
}

/** A whole file of at most `limit` bytes as text. */
export async function readText(path: string, limit: number): Promise<string> {
  await using file = await openFile(path);
  if (file.size > limit) throw tooLarge(path, "the document", limit);
  return decode(await fill(file.handle, path, file.size), { file: path });
}

/**
 * The lines of a file with their numbers, one at a time, whatever its size; memory holds one line
 * and one chunk. The terminator, a carriage return before it and a byte order mark are dropped.
 */
export async function* readLines(
  path: string,
  limit: number,
): AsyncGenerator<{ line: number; text: string }> {
  await using file = await openFile(path);
  let line = 1;
  let pending: Buffer[] = [];
  let length = 0;

  const add = (piece: Buffer) => {
    length += piece.length;
    if (length > limit) throw tooLarge(path, "the line", limit, line);
    if (piece.length > 0) pending.push(piece);
  };
  const take = () => {
    const text = decode(Buffer.concat(pending, length), { file: path, line });
    pending = [];
    length = 0;
    return { line: line++, text };
  };

  for await (const chunk of chunks(file.handle, path)) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      add(chunk.subarray(start, end));
      yield take();
      start = end + 1;
    }
    add(chunk.subarray(start));
  }
  if (length > 0) yield take();
}

/** Turns the error of a system call into one that says what is wrong with the file. */
export function cannotRead(path: string, error: unknown): FormatError {
  const code = (error as NodeJS.ErrnoException).code ?? String(error);
  const [reason, hint] = REASONS[code] ?? [`cannot be read (${code})`, "check the file"];
  return new FormatError({ code: "JB240", file: path, reason, hint });
}

const REASONS: { [code: string]: [reason: string, hint: string] } = {
  ENOENT: ["no such file", "check the path"],
  EACCES: ["permission denied", "let this user read the file"],
  EPERM: ["permission denied", "let this user read the file"],
  EISDIR: ["a directory, not a file", "name the files in it, for example with directory/*.json"],
};

type OpenFile = AsyncDisposable & { handle: FileHandle; size: number };

async function openFile(path: string): Promise<OpenFile> {
  try {
    // Looked at before it is opened: opening a pipe would wait for its writer.
    const stats = await stat(path);
    if (stats.isDirectory()) throw cannotRead(path, { code: "EISDIR" });
    if (!stats.isFile()) throw notPlain(path);
    const handle = await open(path);
    return { handle, size: stats.size, [Symbol.asyncDispose]: () => handle.close() };
  } catch (error) {
    throw error instanceof FormatError ? error : cannotRead(path, error);
  }
}

async function fill(handle: FileHandle, path: string, bytes: number): Promise<Buffer> {
  const buffer = Buffer.alloc(bytes);
  let length = 0;
  try {
    while (length < bytes) {
      const { bytesRead } = await handle.read(buffer, length, bytes - length, length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
  } catch (error) {
    throw cannotRead(path, error);
  }
  return buffer.subarray(0, length);
}

async function* chunks(handle: FileHandle, path: string): AsyncGenerator<Buffer> {
  try {
    yield* handle.createReadStream({ autoClose: false, start: 0 });
  } catch (error) {
    throw cannotRead(path, error);
  }
}

/** Bytes as text; refuses what is not UTF-8, and NUL, which Postgres text cannot hold. */
function decode(bytes: Buffer, at: { file: string; line?: number }): string {
  if (!isUtf8(bytes)) {
    throw new FormatError({
      ...at,
      code: "JB242",
      reason: "not UTF-8 text",
      hint: "convert the file to UTF-8, for example with iconv; unpack it if it is compressed",
    });
  }
  if (bytes.includes(0)) {
    throw new FormatError({
      ...at,
      code: "JB242",
      reason: "holds a NUL byte",
      hint: "this is a binary or a UTF-16 file, or it was damaged on its way",
    });
  }
  const marked = bytes.subarray(0, BOM.length).equals(BOM);
  return bytes.toString("utf8", marked ? BOM.length : 0);
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

function notPlain(file: string): FormatError {
  return new FormatError({
    code: "JB240",
    file,
    reason: "not a plain file",
    hint: "write the data to a file first",
  });
}
