import type { IncomingMessage } from "node:http";
import { request } from "node:http";
import { onTestFinished } from "vitest";
import { until } from "../worker/until.ts";

export type Message = { id?: string; event?: string; data?: string; retry?: string };

export type Events = {
  status: number;
  headers: Record<string, unknown>;
  /** All messages so far. */
  messages: Message[];
  /** The comment lines so far. */
  comments: string[];
  /** The data of all updates so far. */
  updates(): Record<string, unknown>[];
  /** The id that a browser would send when it connects again. */
  lastId(): string | undefined;
  /** Whether the connection has ended. */
  ended(): boolean;
  response: IncomingMessage;
  close(): void;
};

/** Reads a stream of GET /updates; the socket is read as fast as it comes unless `paused`. */
export async function openEvents(
  url: string,
  headers: Record<string, string> = {},
  { paused = false } = {},
): Promise<Events> {
  const asked = request(url, { headers: { accept: "text/event-stream", ...headers } });
  asked.on("error", () => {});
  asked.end();
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    asked.on("response", resolve);
    asked.on("error", reject);
  });
  const messages: Message[] = [];
  const comments: string[] = [];
  let ended = false;
  let rest = "";
  let message: Message = {};
  response.setEncoding("utf8");
  response.on("error", () => {});
  response.on("close", () => {
    ended = true;
  });
  if (paused) response.pause();
  else response.on("data", read);
  function read(chunk: string) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line.startsWith(":")) comments.push(line);
      else if (line === "") {
        if (Object.keys(message).length > 0) messages.push(message);
        message = {};
      } else {
        const at = line.indexOf(": ");
        message[line.slice(0, at) as keyof Message] = line.slice(at + 2);
      }
    }
  }
  const close = () => {
    asked.destroy();
  };
  onTestFinished(close);
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    messages,
    comments,
    updates: () =>
      messages.filter(({ event }) => event === "update").map(({ data = "" }) => JSON.parse(data)),
    lastId: () => messages.findLast(({ id }) => id !== undefined)?.id,
    ended: () => ended,
    response,
    close,
  };
}

/** Waits until so many updates have come. */
export const seen = (events: Events, count: number) =>
  until(`${count} updates`, () => events.updates().length >= count);
