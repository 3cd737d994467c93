import type { Readable } from "node:stream";
import { type Agent, type Dispatcher, request } from "undici";
import { FetchError } from "./error.ts";
import { retryAfter } from "./retry-after.ts";
import { troubleOf } from "./trouble.ts";
import { shownUrl } from "./url.ts";

export type Answer = Dispatcher.ResponseData;

export type Question = {
  agent: Agent;
  url: URL;
  method?: "GET" | "PUT";
  headers: Record<string, string>;
  body?: Readable;
  /** That of the agent without it; 0 is none. */
  headersTimeout?: number;
  signal: AbortSignal;
};

/** Sends one request and waits for the head of the answer, whatever its status. Throws JB251, JB252 and JB253. */
export async function ask({ agent, url, signal, ...question }: Question): Promise<Answer> {
  try {
    return await request(url, { dispatcher: agent, signal, ...question });
  } catch (error) {
    // The reason of a signal may be an error of ours, say of an upload that stands still.
    throw troubleOf(signal.aborted ? signal.reason : error, shownUrl(url), "asking");
  }
}

/** A field of the head; undefined when it is not there, or several times and so of no certain meaning. */
export function field({ headers }: Answer, name: string): string | undefined {
  const value = headers[name];
  return typeof value === "string" ? value : undefined;
}

/** Lets go of a body that nobody reads; its connection is closed. */
export function discard({ body }: Answer): void {
  body.on("error", () => {});
  body.destroy();
}

/** Statuses that tell of now, not of the resource: RFC 9110, and 425 and 429 of RFC 8470 and 6585. */
function passes(status: number): boolean {
  return [408, 425, 429].includes(status) || status >= 500;
}

/**
 * JB257: an answer that is neither the delivery nor a redirect. Retryable for 408, 425, 429 and from 500 on. `url` as it
 * may be shown.
 */
export function refusal(url: string, answer: Answer, detail?: string): FetchError {
  const { statusCode: status, statusText } = answer;
  const retryable = passes(status);
  return new FetchError({
    code: "JB257",
    url,
    reason: `the server answers ${status} ${statusText}`.trimEnd(),
    detail,
    hint: retryable ? "try again later" : (hints[status] ?? "check the URL"),
    retryable,
    status,
    retryAt: retryable ? retryAfter(field(answer, "retry-after")) : undefined,
  });
}

const hints: Record<number, string> = {
  304: "the server takes a question without a condition for one with: ask whoever runs it",
  401: "the server wants a login: fetch by a URL that needs none",
  403: "check who may read it",
  404: "check the URL for a typing error",
  410: "it is gone for good: fetch it no more",
};
