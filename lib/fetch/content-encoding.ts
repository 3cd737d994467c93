import { type Duplex, pipeline, Readable } from "node:stream";
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from "node:zlib";

/** What is understood of `Content-Encoding`, as `Accept-Encoding` says it. */
export const acceptEncoding = "gzip, br, zstd, deflate";

type Bytes = AsyncIterable<Buffer>;
/** Turns bytes into those they were made of. */
export type Unpacker = (source: Bytes) => Bytes;

/** Each layer multiplies what a few bytes can unpack to. */
const MOST_LAYERS = 2;

const unpackers = new Map<string, Unpacker>([
  ["gzip", (source) => through(source, createGunzip())],
  ["x-gzip", (source) => through(source, createGunzip())],
  ["br", (source) => through(source, createBrotliDecompress())],
  ["zstd", (source) => through(source, createZstdDecompress({ params: ZSTD }))],
  ["deflate", inflate],
]);

/** RFC 9659: who sends zstd over HTTP uses windows of at most 8 MiB; more would be held in memory. */
const ZSTD = { [constants.ZSTD_d_windowLogMax]: 23 };

/**
 * What undoes a `Content-Encoding` (RFC 9110), the outermost layer first; undefined when one is not understood or there
 * are more than two.
 */
export function unpackersOf(contentEncoding: string | undefined): Unpacker[] | undefined {
  const layers = (contentEncoding ?? "")
    .toLowerCase()
    .split(",")
    .map((layer) => layer.trim())
    .filter((layer) => layer !== "" && layer !== "identity");
  const found = layers.reverse().map((layer) => unpackers.get(layer));
  const known = found.filter((unpacker) => unpacker !== undefined);
  return known.length === layers.length && layers.length <= MOST_LAYERS ? known : undefined;
}

/** "deflate" is the zlib format, but some send what is inside of it alone; zlib's first byte tells. */
async function* inflate(source: Bytes): Bytes {
  const chunks = source[Symbol.asyncIterator]();
  const first = await chunks.next();
  if (first.done) return;
  const isZlib = ((first.value[0] ?? 0) & 0x0f) === 8;
  const all = (async function* () {
    yield first.value;
    yield* { [Symbol.asyncIterator]: () => chunks };
  })();
  yield* through(all, isZlib ? createInflate() : createInflateRaw());
}

/** Both ends fail together: what breaks the source is thrown by the iteration. */
async function* through(source: Bytes, unpacker: Duplex): Bytes {
  yield* pipeline(Readable.from(source, { objectMode: false }), unpacker, () => {});
}
