import type { FastifyReply, FastifyRequest } from "fastify";
import type { FeedStream } from "../../feed/hub.ts";
import { publicUpdate } from "../../feed/json.ts";
import type { FeedPage } from "../../feed/page.ts";
import type { ApiFeed } from "../feed.ts";
import { httpError } from "../http-error.ts";
import { tooSlow } from "../refusals.ts";
import { writerOf } from "./writer.ts";

/** How long a client waits before it connects again, in milliseconds: what `retry:` tells it. */
const RETRY_MS = 2_000;

/** What was made of a page: streams that share a page share its text. */
const texts = new WeakMap<FeedPage, string>();

/**
 * Sends a stream of the feed as server-sent events (WHATWG HTML, 9.2). Each update is a message `update` whose id is the cursor
 * after it. A page is read when the one before has left, so what waits here is a page at most. A client that takes nothing for
 * `drainMs` is cut off; the last message, `end`, says why the stream ends and where to go on.
 */
export function sendEvents(
  request: FastifyRequest,
  reply: FastifyReply,
  stream: FeedStream,
  { logger, heartbeatMs, drainMs, signal }: ApiFeed,
): void {
  reply.hijack();
  const response = reply.raw;
  if (response.destroyed || request.raw.destroyed) {
    // The client has gone while the stream was opened: nobody would close it.
    stream.close();
    response.destroy();
    return;
  }
  response.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache, no-transform",
    // nginx would collect it.
    "x-accel-buffering": "no",
    "x-request-id": request.id,
    vary: "accept",
  });
  const { write, end } = writerOf(response, { drainMs, signal });
  /** The last cursor that the client has been told. */
  let told = "";
  /** Since when the client takes nothing, in milliseconds of the monotonic clock. */
  let stuckSince: number | undefined;

  /** Says where the stream is, in a message without data: browsers take its id and raise no event. */
  const position = () => {
    told = stream.cursor;
    return `id: ${told}\n\n`;
  };
  const pulse = setInterval(() => {
    if (response.writableLength === 0) {
      stuckSince = undefined;
      response.write(stream.cursor === told ? ":\n\n" : position());
      return;
    }
    stuckSince ??= performance.now();
    if (performance.now() - stuckSince >= drainMs) finish(tooSlow(drainMs));
  }, heartbeatMs);
  response.on("close", () => {
    clearInterval(pulse);
    stream.close();
  });

  let isFinished = false;
  function finish(error: unknown): void {
    if (isFinished) return;
    isFinished = true;
    clearInterval(pulse);
    stream.close();
    const [{ message, extensions }] = httpError(error, logger).body.errors;
    const data = { message, ...extensions, after: isLost(extensions.code) ? null : told };
    end(`event: end\ndata: ${JSON.stringify(data)}\n\n`);
  }

  const run = async () => {
    await write(`retry: ${RETRY_MS}\n${position()}`);
    for (let page = await stream.next(); page; page = await stream.next()) {
      // What follows reaches the client after the page, or not at all.
      told = page.updates.at(-1)?.next_cursor ?? told;
      await write(textOf(page));
    }
  };
  run().catch(finish);
}

/** Whether a cursor is of no use any more. */
const isLost = (code: unknown) => code === "JB302" || code === "JB305";

function textOf(page: FeedPage): string {
  const known = texts.get(page);
  if (known !== undefined) return known;
  const text = page.updates
    .map((row) => {
      const data = JSON.stringify(publicUpdate(row));
      return `id: ${row.next_cursor}\nevent: update\ndata: ${data}\n\n`;
    })
    .join("");
  texts.set(page, text);
  return text;
}
