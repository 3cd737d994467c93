import { createHash, randomUUID } from "node:crypto";
import { type FileHandle, open, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import type { Unpacker } from "./content-encoding.ts";
import { FetchError } from "./error.ts";
import type { FetchLimits } from "./limits.ts";
import { written } from "./trouble.ts";

export type SavedBody = { path: string; bytes: number; sha256: Buffer };

type SaveOptions = {
  /** As it may be shown. */
  url: string;
  body: Readable;
  unpackers: Unpacker[];
  directory: string;
  limits: FetchLimits;
};

/**
 * Writes a body to a new file of the directory, unpacked, chunk by chunk. The checksum is that of the file. Throws
 * JB255 as soon as there are more bytes than allowed, as they come or unpacked, JB253 when they come too slowly, JB258
 * when the file cannot be written, and what the body and its unpackers throw; of a file that was begun nothing is left.
 */
export async function saveBody(options: SaveOptions): Promise<SavedBody> {
  const { url, body, directory } = options;
  const path = join(directory, `${randomUUID()}.delivery`);
  // What breaks it is thrown where it is read; nobody reads it any more when it breaks later.
  body.on("error", () => {});
  try {
    const file = await written(url, open(path, "wx", 0o600));
    try {
      return { path, ...(await copy(options, file)) };
    } catch (error) {
      await unlink(path).catch(() => {});
      throw error;
    } finally {
      await file.close();
    }
  } finally {
    body.destroy();
  }
}

async function copy(
  { url, body, unpackers, limits }: SaveOptions,
  file: FileHandle,
): Promise<{ bytes: number; sha256: Buffer }> {
  let source = atMost(limits.bytes, url, "the body has", paced(url, body, limits));
  for (const unpack of unpackers)
    source = atMost(limits.bytes, url, "the body unpacks to", unpack(source));
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of source) {
    hash.update(chunk);
    await written(url, file.writeFile(chunk));
    bytes += chunk.length;
  }
  return { bytes, sha256: hash.digest() };
}

async function* atMost(
  limit: number,
  url: string,
  what: string,
  source: AsyncIterable<Buffer>,
): AsyncIterable<Buffer> {
  let bytes = 0;
  for await (const chunk of source) {
    bytes += chunk.length;
    if (bytes > limit) throw tooLarge(url, `${what} more than ${limit} bytes`);
    yield chunk;
  }
}

/** JB255: another attempt would end the same way. */
export function tooLarge(url: string, reason: string): FetchError {
  const hint = "deliver it in parts, or allow more bytes";
  return new FetchError({ code: "JB255", url, reason, hint, retryable: false });
}

/**
 * The chunks of a body; breaks off when it drips: when less than `idleBytes` have come in an `idleMs` of waiting for it.
 * The time that we take ourselves, to unpack and to write, is not held against it; its silence is ended by the client.
 */
async function* paced(
  url: string,
  body: AsyncIterable<Buffer>,
  limits: FetchLimits,
): AsyncIterable<Buffer> {
  let seen = 0;
  let waited = 0;
  let since = performance.now();
  for await (const chunk of body) {
    seen += chunk.length;
    waited += performance.now() - since;
    if (waited >= limits.idleMs) {
      if (seen < limits.idleBytes) throw tooSlow(url, seen, limits);
      seen = 0;
      waited = 0;
    }
    yield chunk;
    since = performance.now();
  }
}

function tooSlow(url: string, seen: number, { idleMs, idleBytes }: FetchLimits): FetchError {
  return new FetchError({
    code: "JB253",
    url,
    reason: `of the body ${seen} bytes came in ${idleMs / 1000} s, at least ${idleBytes} are asked for`,
    hint: "try again later; ask whoever runs the server if it stays slow",
    retryable: true,
  });
}
