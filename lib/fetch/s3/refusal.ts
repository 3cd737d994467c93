import { type Answer, discard, refusal } from "../ask.ts";
import { FetchError } from "../error.ts";

/** What is read of an answer that tells why not. */
const TOLD_BYTES = 2048;

/** JB257, or JB259 for what only other settings can change. The detail is the beginning of what the storage says. */
export async function storageRefusal(url: string, answer: Answer): Promise<FetchError> {
  const { status = 0, reason, hint, retryable, retryAt } = refusal(url, answer);
  const detail = (await beginning(answer)) || undefined;
  const isOurs = [301, 307, 400, 401, 403].includes(status);
  return new FetchError({
    code: isOurs ? "JB259" : "JB257",
    url,
    reason,
    detail,
    hint: isOurs ? "check S3_ENDPOINT, S3_REGION and the keys, and what they may do" : hint,
    retryable,
    status,
    retryAt,
  });
}

async function beginning(answer: Answer): Promise<string> {
  const read: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of answer.body) {
      read.push(chunk);
      bytes += chunk.length;
      if (bytes >= TOLD_BYTES) break;
    }
  } catch {
    // What has come is told.
  }
  discard(answer);
  return Buffer.concat(read)
    .toString("utf8", 0, TOLD_BYTES)
    .replace(/[\s\p{C}]+/gu, " ")
    .trim()
    .slice(0, 500);
}
