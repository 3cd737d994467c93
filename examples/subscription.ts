/**
 * Follows what changes in the catalog by a GraphQL subscription, and never loses its place: on any error, and whenever the socket or the
 * server goes, it subscribes again after the last cursor.
 *
 *     npx node examples/subscription.ts ws://127.0.0.1:5678/graphql artist,track
 *
 * prints each update as a line of JSON. Keep the cursor of the last one that you have dealt with, and begin after it next time:
 *
 *     AFTER=… npx node examples/subscription.ts ws://127.0.0.1:5678/graphql
 */
import { setTimeout as sleep } from "node:timers/promises";
import { createClient } from "graphql-ws";
import WebSocket from "ws";

const query = `
  subscription ($after: String, $kinds: [EntityKind!]) {
    updates(after: $after, kinds: $kinds) {
      nextCursor
      op
      kind
      jukeId
      version
      changed
      entity { displayName }
    }
  }`;

export type Update = {
  nextCursor: string;
  op: string;
  kind: string;
  /** Which entity, whatever has become of it. */
  jukeId: string;
  version: number;
  changed: string[] | null;
  /** As it is now; null once it was merged or deleted. */
  entity: { displayName: string } | null;
};

export type FollowOptions = {
  /** The cursor to go on after. Ask the query `feedHead` for one: without it, what happens while the first socket opens may be missed. */
  after?: string | undefined;
  kinds?: string[];
  signal?: AbortSignal;
};

/** How long to wait before it subscribes again, in milliseconds. */
const WAIT_MS = 1_000;
/** How often to ask whether the server is there, in milliseconds: a connection that is dead says nothing. */
const PING_MS = 15_000;

/** Codes that say that the cursor can be used no more: read everything again (GET /bootstrap). */
const lost = ["JB301", "JB302", "JB305"];

/** The updates, for ever. Raises when the cursor can be used no more, and when the request is wrong. */
export async function* follow(
  url: string,
  { after, kinds, signal }: FollowOptions = {},
): AsyncGenerator<Update> {
  let cursor = after;
  while (!signal?.aborted) {
    // A socket of its own each time: graphql-ws would connect again by itself, but with the cursor of the beginning.
    const client = createClient({
      url,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      keepAlive: PING_MS,
    });
    const stop = () => void client.dispose();
    signal?.addEventListener("abort", stop);
    try {
      const pages = client.iterate<{ updates: Update[] }>({
        query,
        variables: { after: cursor, kinds },
      });
      for await (const { data, errors } of pages) {
        if (errors) throw errors;
        for (const update of data?.updates ?? []) {
          yield update;
          cursor = update.nextCursor;
        }
      }
    } catch (error) {
      const codes = codesOf(error);
      if (codes.some((code) => lost.includes(code))) throw new Error(JSON.stringify(error));
      // No code: the document is wrong. Others: the server is full, or closes; the socket was lost.
      if (Array.isArray(error) && codes.length === 0) throw new Error(JSON.stringify(error));
    } finally {
      signal?.removeEventListener("abort", stop);
      await client.dispose();
    }
    await sleep(WAIT_MS, undefined, signal && { signal }).catch(() => {});
  }
}

/** The codes of the errors that an operation ended with; none when it was the socket that ended. */
function codesOf(error: unknown): string[] {
  if (!Array.isArray(error)) return [];
  return error.flatMap(({ extensions }) => extensions?.code ?? []);
}

if (import.meta.main) {
  const [url = "ws://127.0.0.1:5678/graphql", kinds] = process.argv.slice(2);
  const options = {
    after: process.env.AFTER || undefined,
    // A variable of GraphQL: the names there are in capitals.
    ...(kinds ? { kinds: kinds.toUpperCase().split(",") } : {}),
  };
  for await (const update of follow(url, options)) console.log(JSON.stringify(update));
}
