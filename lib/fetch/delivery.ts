import { type Allowance, readAllowance } from "./address.ts";
import { guardedAgent, type NetworkOptions } from "./agent.ts";
import { attempted } from "./attempts.ts";
import { FetchError } from "./error.ts";
import type { Fetched } from "./fetched.ts";
import { fetchHttp } from "./http.ts";
import { defaultLimits, type FetchLimits } from "./limits.ts";
import { getObject } from "./s3/get.ts";
import type { S3Settings } from "./s3/settings.ts";
import { readUrl, shownUrl } from "./url.ts";

export type { Fetched } from "./fetched.ts";

export type FetchOptions = NetworkOptions & {
  /** Where the file is written; it has to exist. */
  directory: string;
  /** What the server said the last time. */
  etag?: string | undefined;
  lastModified?: string | undefined;
  /** What they leave out is that of `defaultLimits`. */
  limits?: Partial<FetchLimits> | undefined;
  /** Hosts, addresses and ranges (CIDR) to fetch from although they are not public; `true` for all. */
  allowPrivate?: boolean | readonly string[] | undefined;
  allowHttp?: boolean | undefined;
  /** What `s3://` URLs are fetched with. */
  s3?: S3Settings | undefined;
  /** Stops it; its reason is thrown. */
  signal?: AbortSignal | undefined;
};

/**
 * Fetches a delivery to a new file of the directory: https://, http:// where it is allowed, s3://bucket/key with
 * settings for it. Nothing is held in memory, and a fetch that fails leaves no file. What is not on the public internet
 * is refused unless it is allowed; docs/reference/fetch.md tells the rules. Throws FetchError (JB250 to JB259), JB001
 * for an entry of `allowPrivate` that is none, and the reason of the signal.
 */
export async function fetchDelivery(url: string, options: FetchOptions): Promise<Fetched> {
  if (/^s3:/i.test(url)) return getObject(url, withS3(url, options.s3), options);

  const start = readUrl(url, options);
  const { directory, allowHttp = false, signal, ca, resolver } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const allowance: Allowance = readAllowance(options.allowPrivate);
  const agent = guardedAgent({ allowance, limits, ca, resolver });
  try {
    return await attempted({ url: shownUrl(start), limits, signal }, (ended) =>
      fetchHttp(start, { agent, directory, known: options, limits, allowHttp, signal: ended }),
    );
  } finally {
    await agent.destroy();
  }
}

function withS3(url: string, s3: S3Settings | undefined): S3Settings {
  if (s3) return s3;
  throw new FetchError({
    code: "JB259",
    url: shownUrl(url),
    reason: "there are no settings of an object storage",
    hint: "set S3_ENDPOINT and what belongs to it",
    retryable: false,
  });
}
