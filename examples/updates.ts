/**
 * Follows what changes in the catalog over HTTP, as server-sent events, and never loses its place: when the connection or the server
 * goes, it connects again and goes on after the last cursor.
 *
 *     npx node examples/updates.ts http://127.0.0.1:5678 artist,track
 *
 * prints each update as a line of JSON. Keep the cursor of the last one that you have dealt with, and begin after it next time:
 *
 *     AFTER=… npx node examples/updates.ts http://127.0.0.1:5678 artist,track
 */
import { setTimeout as sleep } from "node:timers/promises";

export type Update = {
  op: "upsert" | "delete" | "merge" | "split";
  kind: string;
  jukeId: string;
  version: number;
  changed: string[] | null;
  at: string;
  cursor: string;
};

export type FollowOptions = {
  /** The cursor to go on after; without it, what comes from now on. */
  after?: string | undefined;
  kinds?: string[];
  signal?: AbortSignal;
  /** Hears of the cursor whenever it moves, also past updates of other kinds. */
  onCursor?: (cursor: string) => void;
};

/** The server says nothing for so long only when the connection is dead, in milliseconds: it sends a sign every 15 s. */
const SILENCE_MS = 45_000;

/**
 * The updates, for ever. Raises when the cursor can be used no more (status 409 or 410: read everything again, GET /bootstrap), and
 * when the request is wrong.
 */
export async function* follow(
  server: string,
  { after, kinds, signal, onCursor }: FollowOptions = {},
): AsyncGenerator<Update> {
  let cursor = after;
  let waitMs = 1_000;
  while (!signal?.aborted) {
    const silence = new AbortController();
    const timer = setTimeout(() => silence.abort(), SILENCE_MS);
    try {
      const url = new URL("/updates", server);
      if (kinds) url.searchParams.set("kinds", kinds.join(","));
      const response = await fetch(url, {
        headers: {
          accept: "text/event-stream",
          ...(cursor === undefined ? {} : { "last-event-id": cursor }),
        },
        signal: AbortSignal.any([silence.signal, ...(signal ? [signal] : [])]),
      });
      if (response.status !== 200 || !response.body) {
        if (response.status < 500) throw new Refused(response.status, await response.text());
        await response.body?.cancel();
        throw new Error(`status ${response.status}`);
      }
      for await (const message of messagesOf(response.body, () => timer.refresh())) {
        if (message.retry !== undefined) waitMs = message.retry;
        if (message.id !== undefined) {
          cursor = message.id;
          onCursor?.(cursor);
        }
        if (message.event === "update") yield JSON.parse(message.data) as Update;
      }
    } catch (error) {
      if (error instanceof Refused) throw error;
      // The connection was lost, or the server cannot answer now: go on from where we are.
    } finally {
      clearTimeout(timer);
      silence.abort();
    }
    await sleep(waitMs, undefined, signal && { signal }).catch(() => {});
  }
}

/** The server has understood, and says no. */
export class Refused extends Error {
  readonly status: number;
  constructor(status: number, body: string) {
    super(`status ${status}: ${body}`);
    this.status = status;
  }
}

type Message = { id?: string; event: string; data: string; retry?: number };

/** The messages of an event stream, as WHATWG HTML, 9.2.6 reads it; one without data only moves the id. */
async function* messagesOf(
  body: ReadableStream<Uint8Array>,
  onSign: () => void,
): AsyncGenerator<Message> {
  let rest = "";
  let message: Message = { event: "", data: "" };
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    onSign();
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line === "") {
        yield message;
        message = { event: "", data: "" };
        continue;
      }
      const [, field, value = ""] = /^([^:]*)(?:: ?(.*))?$/.exec(line) ?? [];
      if (field === "id") message.id = value;
      else if (field === "event") message.event = value;
      else if (field === "data") message.data += value;
      else if (field === "retry") message.retry = Number(value);
    }
  }
}

if (import.meta.main) {
  const [server = "http://127.0.0.1:5678", kinds] = process.argv.slice(2);
  const options = {
    after: process.env.AFTER || undefined,
    ...(kinds ? { kinds: kinds.split(",") } : {}),
  };
  for await (const update of follow(server, options)) console.log(JSON.stringify(update));
}
