import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Readable } from "node:stream";
import type { NetworkOptions } from "../agent.ts";
import { discard } from "../ask.ts";
import { attempted } from "../attempts.ts";
import { tooLarge } from "../body.ts";
import { FetchError } from "../error.ts";
import { defaultLimits, type FetchLimits } from "../limits.ts";
import { written } from "../trouble.ts";
import { shownUrl } from "../url.ts";
import { askObject, sha256Field, storageAgent } from "./ask.ts";
import { readS3Url, type S3Object, s3Url } from "./object.ts";
import { storageRefusal } from "./refusal.ts";
import type { S3Settings } from "./settings.ts";

/** S3's own limit of an object that is sent in one request, in bytes. */
export const MOST_STORED_BYTES = 5 * 1024 ** 3;

export type PutOptions = NetworkOptions & {
  /** The checksum of the file, if it is known; the file is read once more for it without. */
  sha256?: Buffer | undefined;
  contentType?: string | undefined;
  limits?: Partial<FetchLimits> | undefined;
  /** Stops it; its reason is thrown. */
  signal?: AbortSignal | undefined;
};

/**
 * Stores a file under a key of the bucket of the settings, with its checksum; returns its `s3://` URL, by which
 * `fetchDelivery` reads it back and compares the checksum. Throws JB259 without S3_BUCKET, and what `putObject` throws.
 */
export async function storeObject(
  path: string,
  key: string,
  settings: S3Settings,
  options: PutOptions = {},
): Promise<string> {
  if (settings.bucket !== undefined)
    return putObject(path, { bucket: settings.bucket, key }, settings, options);
  throw new FetchError({
    code: "JB259",
    url: shownUrl(settings.endpoint),
    reason: "no bucket is set for deliveries to be stored in",
    hint: "set S3_BUCKET",
    retryable: false,
  });
}

/**
 * Sends a file to an object, in one request and without holding it in memory; what is there under the key is replaced.
 * The storage compares the bytes with the signed checksum, so what arrives is what was read. Returns the `s3://` URL.
 * Throws JB250, JB252, JB253, JB255 for more than 5 GiB, JB257 to JB259, and the reason of the signal.
 */
export async function putObject(
  path: string,
  target: S3Object,
  settings: S3Settings,
  options: PutOptions = {},
): Promise<string> {
  const url = s3Url(target);
  const object = readS3Url(url);
  const shown = shownUrl(url);
  const limits = { ...defaultLimits, ...options.limits };
  const { size } = await written(shown, stat(path));
  if (size > MOST_STORED_BYTES)
    throw tooLarge(shown, `the file has ${size} bytes, more than ${MOST_STORED_BYTES}`);
  const sha256 = (options.sha256 ?? (await written(shown, checksum(path)))).toString("hex");
  const headers = {
    "x-amz-content-sha256": sha256,
    [sha256Field]: sha256,
    ...(options.contentType !== undefined && { "content-type": options.contentType }),
  };
  const unsigned = { "content-length": String(size) };
  const agent = storageAgent(options, limits);
  try {
    return await attempted({ url: shown, limits, signal: options.signal }, async (ended) => {
      const upload = watchedUpload(shown, path, limits, ended);
      try {
        const answer = await askObject(settings, {
          agent,
          method: "PUT",
          object,
          headers,
          unsigned,
          body: upload.body,
          // An upload takes its time; that it goes on is watched.
          headersTimeout: 0,
          signal: upload.signal,
        });
        if (answer.statusCode !== 200) throw await storageRefusal(shown, answer);
        discard(answer);
        return url;
      } finally {
        upload.stop();
      }
    });
  } finally {
    await agent.destroy();
  }
}

async function checksum(path: string): Promise<Buffer> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest();
}

type Upload = { body: Readable; signal: AbortSignal; stop: () => void };

/** The chunks of a file, and a signal that is raised when none is taken for `idleMs`, or no answer follows the last. */
function watchedUpload(url: string, path: string, limits: FetchLimits, ended: AbortSignal): Upload {
  const stalled = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const within = (milliseconds: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => stalled.abort(tooSlow(url)), milliseconds);
  };
  const chunks = async function* (): AsyncIterable<Buffer> {
    const file = createReadStream(path);
    const read = file[Symbol.asyncIterator]();
    try {
      for (;;) {
        const chunk = await written(url, read.next());
        if (chunk.done) break;
        within(limits.idleMs);
        yield chunk.value;
      }
    } finally {
      file.destroy();
    }
    within(limits.headersMs);
  };
  const body = Readable.from(chunks(), { objectMode: false });
  return {
    body,
    signal: AbortSignal.any([ended, stalled.signal]),
    stop: () => clearTimeout(timer),
  };
}

function tooSlow(url: string): FetchError {
  return new FetchError({
    code: "JB253",
    url,
    reason: "the storage takes nothing more of the file, or does not answer",
    hint: "try again later; see how the storage does",
    retryable: true,
  });
}
