import { type Answer, discard, field } from "./ask.ts";
import { type SavedBody, saveBody, tooLarge } from "./body.ts";
import { unpackersOf } from "./content-encoding.ts";
import { FetchError } from "./error.ts";
import type { FetchLimits } from "./limits.ts";
import { troubleOf } from "./trouble.ts";

/** What is known of a delivery from the last time: what the server said of it then. */
export type Known = { etag?: string | undefined; lastModified?: string | undefined };

/** The fields of a request that asks for what is newer than is known. */
export function conditions({ etag, lastModified }: Known): Record<string, string> {
  return {
    ...(carried(etag) && { "if-none-match": etag }),
    ...(carried(lastModified) && { "if-modified-since": lastModified }),
  };
}

/** A server may say what no header can carry back. */
function carried(value: string | undefined): value is string {
  return value !== undefined && /^[\x20-\x7e]+$/.test(value);
}

/** Whether the answer says that nothing has changed: 304, or the ETag that is known (compared weakly, RFC 9110). */
export function isUnchanged(answer: Answer, known: Known): boolean {
  if (answer.statusCode === 304) return Object.keys(conditions(known)).length > 0;
  const etag = field(answer, "etag");
  return isBody(answer) && !!etag && !!known.etag && opaque(etag) === opaque(known.etag);
}

function opaque(etag: string): string {
  return etag.replace(/^W\//, "");
}

/** Whether the answer is the delivery. */
export function isBody({ statusCode }: Answer): boolean {
  return statusCode === 200 || statusCode === 203;
}

/**
 * Writes the body of an answer to a file. Throws JB255 before a byte is read when more are declared than allowed,
 * JB256 when it cannot be unpacked or ends before it is complete, and what `saveBody` throws. `url` as it may be shown.
 */
export async function receive(
  url: string,
  answer: Answer,
  { directory, limits }: { directory: string; limits: FetchLimits },
): Promise<SavedBody> {
  const declared = Number(field(answer, "content-length") ?? 0);
  if (declared > limits.bytes) {
    discard(answer);
    const reason = `the body has ${declared} bytes, more than ${limits.bytes}`;
    throw tooLarge(url, reason);
  }
  const encoding = field(answer, "content-encoding");
  const unpackers = unpackersOf(encoding);
  if (!unpackers) {
    discard(answer);
    throw new FetchError({
      code: "JB256",
      url,
      reason: `the body is packed as "${encoding}"`,
      hint: "ask whoever runs the server for gzip, br, zstd or deflate",
      retryable: false,
    });
  }
  try {
    return await saveBody({ url, body: answer.body, unpackers, directory, limits });
  } catch (error) {
    throw troubleOf(error, url, "reading");
  }
}

/** What the head of an answer says of its body, as it is kept for the next time. */
export function told(answer: Answer): {
  etag?: string;
  lastModified?: string;
  contentType?: string;
} {
  const etag = field(answer, "etag");
  const lastModified = field(answer, "last-modified");
  const contentType = field(answer, "content-type");
  return {
    ...(etag !== undefined && { etag }),
    ...(lastModified !== undefined && { lastModified }),
    ...(contentType !== undefined && { contentType }),
  };
}
