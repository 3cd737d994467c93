import { setTimeout as sleep } from "node:timers/promises";
import { FetchError } from "./error.ts";
import type { FetchLimits } from "./limits.ts";

type Within = {
  /** As it may be shown. */
  url: string;
  limits: FetchLimits;
  /** Ends it early; its reason is thrown. */
  signal?: AbortSignal | undefined;
};

/**
 * Does something until it succeeds: again after a FetchError that is retryable, with pauses that double and are partly
 * random, and not before the moment that the server named. Throws the last error when there are no attempts left, or
 * no time for the pause; JB253 when the time is over; the reason of the signal when that is raised.
 */
export async function attempted<T>(
  { url, limits, signal }: Within,
  attempt: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const end = Date.now() + limits.totalMs;
  const deadline = AbortSignal.timeout(limits.totalMs);
  const ended = signal ? AbortSignal.any([signal, deadline]) : deadline;
  try {
    for (let count = 1; ; count++) {
      try {
        ended.throwIfAborted();
        return await attempt(ended);
      } catch (error) {
        ended.throwIfAborted();
        const wait = pauseAfter(error, count, limits);
        if (wait === undefined || Date.now() + wait >= end) throw error;
        await sleep(wait, undefined, { signal: ended });
      }
    }
  } catch (error) {
    // Whatever the client makes of being stopped: what stopped it is told.
    signal?.throwIfAborted();
    if (deadline.aborted) throw outOfTime(url, limits, error);
    throw error;
  }
}

/** Milliseconds; undefined when it is not to be tried again. */
function pauseAfter(error: unknown, count: number, limits: FetchLimits): number | undefined {
  if (!(error instanceof FetchError) || !error.retryable || count >= limits.attempts)
    return undefined;
  const backoff = Math.min(limits.backoffMs * 2 ** (count - 1), limits.longestPauseMs);
  const asked = (error.retryAt?.getTime() ?? 0) - Date.now();
  if (asked > limits.longestPauseMs) return undefined;
  return Math.max(asked, backoff * (1 - Math.random() / 2));
}

function outOfTime(url: string, { totalMs }: FetchLimits, cause: unknown): FetchError {
  return new FetchError({
    code: "JB253",
    url,
    reason: `not done in ${totalMs / 1000} s`,
    hint: "try again later, or allow more time",
    retryable: true,
    cause,
  });
}
