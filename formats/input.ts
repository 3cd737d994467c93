import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { createGunzip, createZstdDecompress } from "node:zlib";
import xz from "xz-decompress"; // CommonJS: its names are on the default export
import { FormatError } from "./error.ts";

/** Bytes to read, any number of times: a file, or what arrived in a request. Packed ones are unpacked on the way. */
export type Input = {
  /** What messages call it: a path, or the name the deliverer gave. */
  name: string;
  /** The bytes from the beginning, unpacked (gzip, xz, zstd). Throws FormatError. */
  open(): AsyncIterable<Buffer>;
};

/** A plain file. `onRead` hears of each piece that was read: its size in bytes, before it is unpacked. */
export function fileInput(path: string, name = path, onRead?: (bytes: number) => void): Input {
  return { name, open: () => unpacked(name, fileChunks(path, name, onRead)) };
}

/** Bytes that are in memory already. */
export function bufferInput(bytes: Uint8Array, name: string): Input {
  return { name, open: () => unpacked(name, [Buffer.from(bytes)]) };
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

type Packing = { name: string; magic: Buffer; unpack(bytes: Readable): AsyncIterable<Uint8Array> };

const PACKINGS: Packing[] = [
  { name: "gzip", magic: Buffer.from([0x1f, 0x8b]), unpack: (bytes) => bytes.pipe(createGunzip()) },
  {
    name: "zstd",
    magic: Buffer.from([0x28, 0xb5, 0x2f, 0xfd]),
    unpack: (bytes) => bytes.pipe(createZstdDecompress()),
  },
  {
    name: "xz",
    magic: Buffer.from("\xfd7zXZ\0", "latin1"),
    unpack: (bytes) => new xz.XzReadableStream(Readable.toWeb(bytes) as never) as never,
  },
];

/** How many times larger than its packed form a delivery may be, once it is beyond `BOMB_BYTES`. Text packs 3 to 60 fold. */
const BOMB_RATIO = 250;
const BOMB_BYTES = 64 * 1024 * 1024;

async function* unpacked(
  name: string,
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
): AsyncGenerator<Buffer> {
  const [head, rest] = await withHead(chunks, 6);
  const packing = PACKINGS.find(({ magic }) => head.subarray(0, magic.length).equals(magic));
  if (!packing) {
    yield* rest;
    return;
  }
  let packedBytes = 0;
  let failure: unknown;
  const counted = async function* () {
    try {
      for await (const chunk of rest) {
        packedBytes += chunk.length;
        yield chunk;
      }
    } catch (error) {
      failure = error; // a stream would report it as its own
    }
  };
  let bytes = 0;
  try {
    for await (const piece of packing.unpack(Readable.from(counted(), { objectMode: false }))) {
      bytes += piece.length;
      if (bytes > BOMB_BYTES && bytes > packedBytes * BOMB_RATIO) {
        throw new FormatError({
          code: "JB247",
          file: name,
          reason: `unpacks to more than ${BOMB_RATIO} times its size`,
          hint: "no catalog packs like that: this file was made to do harm; deliver it unpacked if it is meant",
        });
      }
      yield Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    }
  } catch (error) {
    if (error instanceof FormatError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new FormatError({
      code: "JB247",
      file: name,
      reason: `the ${packing.name} data is damaged or ends early (${reason})`,
      hint: "transfer the file again and compare its checksum",
    });
  }
  if (failure) throw failure;
}

/** The first chunks joined until there are `length` bytes, and all chunks. */
async function withHead(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  length: number,
): Promise<[head: Buffer, all: AsyncIterable<Buffer>]> {
  const iterator =
    Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : chunks[Symbol.iterator]();
  let head: Buffer = Buffer.alloc(0);
  let done = false;
  while (head.length < length && !done) {
    const next = await iterator.next();
    if (next.done) done = true;
    else head = head.length === 0 ? next.value : Buffer.concat([head, next.value]);
  }
  const all = async function* () {
    try {
      if (head.length > 0) yield head;
      while (!done) {
        const next = await iterator.next();
        if (next.done) done = true;
        else yield next.value;
      }
    } finally {
      await iterator.return?.(undefined);
    }
  };
  return [head, all()];
}
