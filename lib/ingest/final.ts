import { FormatError } from "../../formats/index.ts";
import { FetchError } from "../fetch/error.ts";
import { Refused } from "./refused.ts";

/** An error with what a run notes of it. */
export type Final = Error & { code: string; hint?: string | undefined };

/**
 * Whether a run that fails like this fails the next time too: the delivery is to blame, or how it was ordered. What the database
 * refuses of a delivery (JB2xx) is among it; what may pass, such as a lost connection, is not.
 */
export function isFinal(error: unknown): error is Final {
  if (error instanceof FetchError) return !error.retryable;
  if (error instanceof FormatError || error instanceof Refused) return true;
  return error instanceof Error && /^JB2/.test((error as { code?: string }).code ?? "");
}
