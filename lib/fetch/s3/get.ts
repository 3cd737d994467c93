import { unlink } from "node:fs/promises";
import type { NetworkOptions } from "../agent.ts";
import { discard, field } from "../ask.ts";
import { attempted } from "../attempts.ts";
import { acceptEncoding } from "../content-encoding.ts";
import { FetchError } from "../error.ts";
import type { Fetched } from "../fetched.ts";
import { defaultLimits, type FetchLimits } from "../limits.ts";
import { deliveryName } from "../name.ts";
import { conditions, isBody, isUnchanged, type Known, receive, told } from "../receive.ts";
import { shownUrl } from "../url.ts";
import { askObject, sha256Field, storageAgent } from "./ask.ts";
import { readS3Url, s3Url } from "./object.ts";
import { storageRefusal } from "./refusal.ts";
import type { S3Settings } from "./settings.ts";

export type GetOptions = Known &
  NetworkOptions & {
    directory: string;
    limits?: Partial<FetchLimits> | undefined;
    signal?: AbortSignal | undefined;
  };

/**
 * Fetches `s3://bucket/key` to a new file of the directory, as `fetchDelivery` does; redirects are not followed. When
 * the object has a checksum with it (`putObject`), the file is compared with it. Throws JB250, JB252, JB253 and JB255 to
 * JB259, and the reason of the signal.
 */
export async function getObject(
  url: string,
  settings: S3Settings,
  options: GetOptions,
): Promise<Fetched> {
  const object = readS3Url(url);
  const shown = shownUrl(s3Url(object));
  const limits = { ...defaultLimits, ...options.limits };
  const agent = storageAgent(options, limits);
  try {
    return await attempted({ url: shown, limits, signal: options.signal }, async (signal) => {
      const headers = conditions(options);
      const unsigned = { "accept-encoding": acceptEncoding };
      const answer = await askObject(settings, { agent, object, headers, unsigned, signal });
      if (isUnchanged(answer, options)) {
        discard(answer);
        return { status: "unchanged" };
      }
      if (!isBody(answer)) throw await storageRefusal(shown, answer);
      const { directory } = options;
      const saved = await receive(shown, answer, { directory, limits });
      const stored = field(answer, sha256Field);
      // Whoever packs objects may mean the checksum of what is packed.
      const isPacked = field(answer, "content-encoding") !== undefined;
      if (
        !isPacked &&
        isChecksum(stored) &&
        stored.toLowerCase() !== saved.sha256.toString("hex")
      ) {
        await unlink(saved.path);
        throw damaged(shown, stored, saved.sha256);
      }
      const name = deliveryName(object.key, object.bucket);
      return { status: "fetched", ...saved, ...told(answer), finalUrl: s3Url(object), name };
    });
  } finally {
    await agent.destroy();
  }
}

function isChecksum(value: string | undefined): value is string {
  return value !== undefined && /^[0-9a-f]{64}$/i.test(value);
}

function damaged(url: string, stored: string, sha256: Buffer): FetchError {
  return new FetchError({
    code: "JB259",
    url,
    reason: "the object is not what was stored",
    detail: `sha256 ${sha256.toString("hex")}, stored with ${stored}`,
    hint: "look who writes to the bucket; deliver it again",
    retryable: false,
  });
}
