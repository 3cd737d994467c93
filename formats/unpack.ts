import { createRequire } from "node:module";
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { createGunzip, createZstdDecompress } from "node:zlib";
import { FormatError } from "./error.ts";
import { withHead } from "./head.ts";

// CommonJS whose exports Node cannot tell by name: an import of it would not link.
const { XzReadableStream } = createRequire(import.meta.url)(
  "xz-decompress",
) as typeof import("xz-decompress");

type Chunks = AsyncIterable<Buffer> | Iterable<Buffer>;
type Packing = {
  name: string;
  magic: Buffer;
  unpack(packed: AsyncIterator<Buffer>): AsyncIterable<Uint8Array>;
};

const PACKINGS: Packing[] = [
  {
    name: "gzip",
    magic: Buffer.from([0x1f, 0x8b]),
    unpack: (packed) => frames(packed, createGunzip),
  },
  {
    name: "zstd",
    magic: Buffer.from([0x28, 0xb5, 0x2f, 0xfd]),
    unpack: (packed) => frames(packed, createZstdDecompress),
  },
  { name: "xz", magic: Buffer.from("\xfd7zXZ\0", "latin1"), unpack: xz },
];

/** How many times larger than its packed form a delivery may be, once it is beyond `BOMB_BYTES`. Text packs 3 to 60 fold. */
const BOMB_RATIO = 250;
const BOMB_BYTES = 64 * 1024 * 1024;

/**
 * Chunks of bytes, unpacked when they begin like gzip, zstd or xz; any number of gzip members, zstd frames or xz streams
 * one after the other. Throws FormatError JB247 for what is damaged, ends early, carries something else at its end, or unpacks
 * to more than can be meant.
 */
export async function* unpacked(name: string, chunks: Chunks): AsyncGenerator<Buffer> {
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
  const packed = counted();
  let bytes = 0;
  try {
    for await (const piece of packing.unpack(packed)) {
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
    // What could not be read is why it ends early.
    if (failure) throw failure;
    if (error instanceof FormatError) throw error;
    throw notUnpacked(name, packing.name, error);
  } finally {
    await packed.return(undefined);
  }
  if (failure) throw failure;
}

/** The xz decoder tells why by a number; of some of them the deliverer can do something about. */
const XZ_FAULTS: { [code: string]: [reason: string, hint: string] } = {
  "4": [
    "the xz data needs a dictionary of more than 64 MiB",
    "pack it again with xz -9 or less, or deliver it unpacked",
  ],
  "6": [
    "the xz data uses a check or a filter that is not understood",
    "pack it again with xz --check=crc64 and no filter, or deliver it unpacked",
  ],
  "7": ["the xz data is damaged", "transfer the file again and compare its checksum"],
  "8": [
    "the xz data ends early, or something else follows it",
    "transfer the file again and compare its checksum",
  ],
};

function notUnpacked(file: string, packing: string, error: unknown): FormatError {
  const message = error instanceof Error ? error.message : String(error);
  const [, code = ""] = /error code (\d+)/.exec(message) ?? [];
  const [reason, hint] = XZ_FAULTS[code] ?? [
    `the ${packing} data is damaged or ends early (${message})`,
    "transfer the file again and compare its checksum",
  ];
  return new FormatError({ code: "JB247", file, reason, hint });
}

/** One decoder at a time in a process: the decoder makes the next one wait until this one is read to its end or left. */
function xz(packed: AsyncIterator<Buffer>): AsyncIterable<Uint8Array> {
  const bytes = Readable.from({ [Symbol.asyncIterator]: () => packed }, { objectMode: false });
  return new XzReadableStream(
    Readable.toWeb(bytes) as never,
  ) as unknown as ReadableStream<Uint8Array>;
}

/**
 * What a decoder of node:zlib makes of the frames of a file. A decoder stops at the end of what it takes for the last frame and
 * drops what follows; what it has not taken is given to a new one, so that no data is lost without a word.
 */
async function* frames(
  packed: AsyncIterator<Buffer>,
  decoder: () => ReturnType<typeof createGunzip> | ReturnType<typeof createZstdDecompress>,
): AsyncGenerator<Uint8Array> {
  let rest: Buffer = Buffer.alloc(0);
  for (;;) {
    if (rest.length === 0) {
      const next = await packed.next();
      if (next.done) return;
      rest = next.value;
    }
    /** What was given to this decoder and, as far as is known, not taken yet. */
    const given: { end: number; chunk: Buffer }[] = [];
    let fed = 0;
    let pending: Promise<unknown> = Promise.resolve();
    const engine = decoder();
    const feed = (chunk: Buffer) => {
      fed += chunk.length;
      while (given[0] && given[0].end <= engine.bytesWritten) given.shift();
      given.push({ end: fed, chunk });
      return { done: false as const, value: chunk };
    };
    const first = rest;
    const next = async (): Promise<IteratorResult<Buffer>> => {
      if (fed === 0) return feed(first);
      const more = await packed.next();
      return more.done ? more : feed(more.value);
    };
    // Without a return(): the source goes on when this decoder has ended.
    const source = Readable.from(
      {
        [Symbol.asyncIterator]: () => ({
          next: () => {
            const result = next();
            pending = result;
            return result;
          },
        }),
      },
      { objectMode: false },
    );
    try {
      yield* source.pipe(engine);
    } finally {
      source.unpipe(engine);
      engine.destroy();
      source.destroy();
    }
    await pending;
    const taken = engine.bytesWritten;
    rest = Buffer.concat(
      given
        .filter(({ end }) => end > taken)
        .map(({ end, chunk }) => chunk.subarray(Math.max(0, chunk.length - (end - taken)))),
    );
    // Archives are filled up with zeros.
    if (rest[0] === 0) {
      await onlyZeros(rest, packed);
      return;
    }
  }
}

async function onlyZeros(rest: Buffer, packed: AsyncIterator<Buffer>): Promise<void> {
  let chunk: IteratorResult<Buffer> = { done: false, value: rest };
  while (!chunk.done) {
    if (chunk.value.some((byte) => byte !== 0)) {
      throw new Error("something else follows its end");
    }
    chunk = await packed.next();
  }
}
