import { type Client, createClient, type ExecutionResult } from "graphql-ws";
import { pino } from "pino";
import { afterAll, expect, onTestFinished, test } from "vitest";
import WebSocket from "ws";
import { startNotifier } from "../../lib/worker/notifier.ts";
import { deliver } from "../catalog-builder.ts";
import { until } from "../worker/until.ts";
import { testApi } from "./server.ts";

const logger = pino({ level: "silent" });
const { sql, url, address } = await testApi(async ({ sql }) => {
  await deliver(sql, "local", [{ kind: "artist", id: "first", name: "First" }]);
});
afterAll(startNotifier(url, logger));

let made = 0;
/** Makes new entities in one transaction. */
async function make(count: number, kind: "artist" | "label" = "artist") {
  const records = Array.from({ length: count }, () => {
    made += 1;
    return { kind, id: `${kind}-${made}`, name: `${kind} ${made}` };
  });
  await deliver(sql, "local", records);
}

type Row = { nextCursor: string; kind: string; op: string; entity?: { displayName: string } };
type Following = {
  answers: ExecutionResult<{ updates: Row[] }, Record<string, unknown>>[];
  rows(): Row[];
  error(): unknown;
  done(): boolean;
  stop(): void;
};

function connect(
  options: Record<string, unknown> = {},
  socket: Record<string, unknown> = {},
): Client {
  class Socket extends WebSocket {
    constructor(at: string, protocols: string) {
      super(at, protocols, socket);
    }
  }
  const client = createClient({
    url: `${address.replace("http", "ws")}/graphql`,
    webSocketImpl: Socket,
    retryAttempts: 0,
    lazy: false,
    onNonLazyError: () => {},
    ...options,
  });
  onTestFinished(() => void client.dispose());
  return client;
}

const query = `subscription ($after: String, $kinds: [EntityKind!]) {
  updates(after: $after, kinds: $kinds) { nextCursor kind op entity { displayName } }
}`;

function follow(
  client: Client,
  document = query,
  variables: Record<string, unknown> = {},
): Following {
  const answers: Following["answers"] = [];
  let failure: unknown;
  let done = false;
  const stop = client.subscribe<{ updates: Row[] }>(
    { query: document, variables },
    {
      next: (answer) => void answers.push(answer as never),
      error: (error) => {
        failure = error;
      },
      complete: () => {
        done = true;
      },
    },
  );
  return {
    answers,
    rows: () => answers.flatMap(({ data }) => data?.updates ?? []),
    error: () => failure,
    done: () => done,
    stop,
  };
}

test("a subscription has each change, with its entity, in pages", async () => {
  const following = follow(connect(), query, { after: null });
  await until("it follows", async () => {
    await make(1);
    return following.rows().length > 0 || following.error();
  });
  expect(following.error()).toBeUndefined();
  expect(following.answers[0]?.errors).toBeUndefined();
  expect(following.rows()[0]).toMatchObject({
    kind: "ARTIST",
    op: "UPSERT",
    entity: { displayName: expect.stringMatching("artist") },
  });
});
