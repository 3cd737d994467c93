import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { FormatError } from "./error.ts";
import { memberOfTar } from "./tar.ts";
import { unpacked } from "./unpack.ts";

/**
 * Bytes to read, any number of times: a file, or what arrived in a request. Packed ones are unpacked on the way, and of
 * a tar archive they are those of the dump it holds.
 */
export type Input = {
  /** What messages call it: a path, or the name the deliverer gave. */
  name: string;
  /** The bytes from the beginning, unpacked (gzip, xz, zstd, tar). Throws FormatError. */
  open(): AsyncIterable<Buffer>;
};

/** A plain file. `onRead` hears of each piece that was read: its size in bytes, before it is unpacked. */
export function fileInput(path: string, name = path, onRead?: (bytes: number) => void): Input {
  return { name, open: () => memberOfTar(name, unpacked(name, fileChunks(path, name, onRead))) };
}

/** Bytes that are in memory already. */
export function bufferInput(bytes: Uint8Array, name: string): Input {
  return { name, open: () => memberOfTar(name, unpacked(name, [Buffer.from(bytes)])) };
}

/** The first `bytes` bytes of an input, fewer when it is shorter. */
export async function readHead(input: Input, bytes: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const chunk of input.open()) {
    pieces.push(chunk);
    length += chunk.length;
    if (length >= bytes) break;
  }
  return Buffer.concat(pieces).subarray(0, bytes);
}

/** Turns the error of a system call into one that says what is wrong with the file. */
export function cannotRead(name: string, error: unknown): FormatError {
  const code = (error as NodeJS.ErrnoException).code ?? String(error);
  const [reason, hint] = REASONS[code] ?? [`cannot be read (${code})`, "check the file"];
  return new FormatError({ code: "JB240", file: name, reason, hint });
}

const REASONS: { [code: string]: [reason: string, hint: string] } = {
  ENOENT: ["no such file", "check the path"],
  EACCES: ["permission denied", "let this user read the file"],
  EPERM: ["permission denied", "let this user read the file"],
  EISDIR: ["a directory, not a file", "name the files in it, for example with directory/*.json"],
  ENOTFILE: ["not a plain file", "write the data to a file first"],
};

async function* fileChunks(
  path: string,
  name: string,
  onRead?: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  try {
    // Looked at before it is opened: opening a pipe would wait for its writer.
    const stats = await stat(path);
    if (stats.isDirectory()) throw { code: "EISDIR" };
    if (!stats.isFile()) throw { code: "ENOTFILE" };
    // Under /proc and /sys there are files without a size whose reading never ends, and cannot be ended.
    if (stats.size === 0) return;
    await using handle = await open(path);
    const stream = createReadStream("", {
      fd: handle,
      autoClose: false,
      highWaterMark: 256 * 1024,
    });
    for await (const chunk of stream) {
      onRead?.(chunk.length);
      yield chunk;
    }
  } catch (error) {
    throw cannotRead(name, error);
  }
}
