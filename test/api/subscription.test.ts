import { once } from "node:events";
import { request } from "node:http";
import type { Socket } from "node:net";
import { type Client, createClient, type ExecutionResult } from "graphql-ws";
import pg from "pg";
import { expect, onTestFinished, test, vi } from "vitest";
import WebSocket from "ws";
import { limits } from "../../lib/api/limits.ts";
import { terminate, until } from "../worker/until.ts";
import { testFeed } from "./feed.ts";
import { editorKey } from "./server.ts";

const { sql, address, ask, make, churn, serve, head } = await testFeed();

const document = `subscription ($after: String, $kinds: [EntityKind!]) {
  updates(after: $after, kinds: $kinds) { nextCursor kind op version entity { displayName } }
}`;

type Row = { nextCursor: string; kind: string; op: string; entity?: { displayName: string } };
type Coded = { message: string; extensions: Record<string, string> };
type Answer = ExecutionResult<{ updates: Row[] }, unknown> & { errors?: readonly Coded[] };

/** The URL of the sockets of a server. */
const socketUrl = (at: string) => `${at.replace("http", "ws")}/graphql`;

/** A client of graphql-ws that does not try again, with headers if need be. */
function connect(
  at = address,
  options: { headers?: Record<string, string>; connectionParams?: Record<string, unknown> } = {},
): Client & { closed(): { code: number; reason: string } | undefined } {
  class Socket extends WebSocket {
    constructor(url: string, protocols: string) {
      super(url, protocols, { headers: options.headers });
    }
  }
  let closed: { code: number; reason: string } | undefined;
  const client = createClient({
    url: socketUrl(at),
    webSocketImpl: Socket,
    retryAttempts: 0,
    ...(options.connectionParams ? { connectionParams: options.connectionParams } : {}),
    on: {
      closed(event) {
        const { code, reason } = event as CloseEvent;
        closed = { code, reason };
      },
    },
  });
  onTestFinished(async () => {
    await client.dispose();
  });
  return Object.assign(client, { closed: () => closed });
}

/** Follows, and keeps all that comes. */
function follow(client: Client, query = document, variables: Record<string, unknown> = {}) {
  const answers: Answer[] = [];
  const end: { errors?: Coded[]; done?: boolean } = {};
  const stop = client.subscribe<{ updates: Row[] }>(
    { query, variables },
    {
      next: (answer) => {
        answers.push(answer as Answer);
      },
      error: (errors) => {
        end.errors = errors as Coded[];
      },
      complete: () => {
        end.done = true;
      },
    },
  );
  return { answers, end, stop, rows: () => answers.flatMap(({ data }) => data?.updates ?? []) };
}

/** What an operation is refused with: as a message of its own, or as its only answer. */
async function refusal(client: Client, query: string, variables: Record<string, unknown> = {}) {
  const { answers, end } = follow(client, query, variables);
  await until("it is refused", () => end.errors ?? end.done);
  const errors = end.errors ?? answers[0]?.errors;
  return errors?.[0];
}

/** Changes and waits until the subscription has them: it may begin later than it was asked for. */
async function begun(following: ReturnType<typeof follow>, kind: "artist" | "label" = "artist") {
  await until("it has begun", async () => {
    expect(following.end.errors).toBeUndefined();
    await make(1, kind);
    return following.rows().length > 0;
  });
}

test("it has each change with its entity, from now on, whatever is left out", async () => {
  for (const [query, variables] of [
    ["subscription { updates { nextCursor kind op entity { displayName } } }", {}],
    [document, {}],
    [document, { after: null, kinds: null }],
    ["subscription { updates(kinds: [ARTIST]) { nextCursor kind op entity { displayName } } }", {}],
    [document, { kinds: ["ARTIST", "LABEL"] }],
  ] as const) {
    const client = connect();
    const following = follow(client, query, variables);
    await begun(following);
    expect(following.answers[0]?.errors).toBeUndefined();
    expect(following.rows()[0]).toMatchObject({
      nextCursor: expect.stringMatching(/^\d+\.\d+\//),
      kind: "ARTIST",
      op: "UPSERT",
      entity: { displayName: expect.stringMatching(/^artist/) },
    });
    following.stop();
  }
});

test("it goes on after a cursor, in pages, with nothing missed and nothing twice", async () => {
  const after = await head();
  await make(130);
  await make(120);
  const following = follow(connect(), document, { after });
  await until("it has all", () => following.rows().length >= 250);
  await make(5);
  await until("it has those too", () => following.rows().length >= 255);
  const { data } = await ask(
    "query ($after: String) { updates(cursor: $after, limit: 1000) { entity { displayName } } }",
    { after },
  );
  const names = (rows: { entity?: { displayName: string } }[]) =>
    rows.map(({ entity }) => entity?.displayName);
  expect(names(following.rows())).toEqual(names(data.updates));
  expect(Math.max(...following.answers.map((each) => each.data?.updates.length ?? 0))).toBe(100);

  const cursor = following.rows()[199]?.nextCursor;
  const resumed = follow(connect(), document, { after: cursor });
  await until("it has the rest", () => resumed.rows().length >= 55);
  expect(names(resumed.rows())).toEqual(names(data.updates.slice(200)));
});

test("it has only what is of the kinds", async () => {
  const after = await head();
  await make(3, "artist");
  await make(2, "label");
  const following = follow(connect(), document, { after, kinds: ["LABEL"] });
  await until("it has the labels", () => following.rows().length === 2);
  await make(3, "artist");
  await make(1, "label");
  await until("it has the other", () => following.rows().length === 3);
  expect(new Set(following.rows().map(({ kind }) => kind))).toEqual(new Set(["LABEL"]));
});

test("what is refused is told with its code", async () => {
  const client = connect();
  const deep = `{ albums { nodes { `.repeat(5);
  const cases: [string, Record<string, unknown>, string][] = [
    [document, { after: "nonsense" }, "JB301"],
    [document, { kinds: ["SINGER"] }, "JB504"],
    [document, { after: 5 }, "JB504"],
    ["subscription { updates(kinds: [SINGER]) { op } }", {}, "JB504"],
    [
      "subscription { updates { entity { ... on Artist { albums(first: 100) { nodes { credits { role } } } } } } }",
      {},
      "JB502",
    ],
    [`subscription { updates { ${"op ".repeat(2_100)} } }`, {}, "JB503"],
    ['mutation { undo(input: { operation: "1" }) { operation { operationId } } }', {}, "JB507"],
  ];
  for (const [query, variables, code] of cases) {
    const error = await refusal(client, query, variables);
    expect([query.slice(0, 40), error?.extensions?.code]).toEqual([query.slice(0, 40), code]);
    expect(error).toMatchObject({
      message: expect.any(String),
      extensions: { detail: expect.any(String), hint: expect.any(String) },
    });
  }
  expect((await refusal(client, "subscription { nothing }"))?.message).toMatch(/Cannot query/);
  expect((await refusal(client, "subscription { updates { op }"))?.message).toMatch(/Syntax/);
  expect(
    (await refusal(client, `{ resolve(ref: "x") { ... on Artist ${deep}`))?.message,
  ).toBeTruthy();
});

test("a subscription over HTTP is refused", async () => {
  const { errors } = await ask("subscription { updates { op } }");
  expect(errors?.[0]?.extensions).toEqual({
    code: "JB506",
    detail: expect.any(String),
    hint: expect.any(String),
  });
});

test("queries are answered over the socket too", async () => {
  const { answers, end } = follow(
    connect(),
    '{ resolve(ref: "nothing:here") { jukeId } feedHead }',
  );
  await until("it is answered", () => end.done || end.errors);
  expect(answers[0]?.data ?? answers[0]?.errors).toBeTruthy();
});

test("a cursor that expires while it is followed ends the subscription", async () => {
  const { address: own } = await serve({ streams: { intervalMs: 100 } });
  const following = follow(connect(own));
  await begun(following);
  await sql`update feed.retention set dropped_xid = pg_current_xact_id(), dropped_id = 1000000, dropped_at = now()`;
  await sql`select pg_current_xact_id()`;
  // The retention names a later transaction than the cursor that it reads on from.
  await make(1);
  await until("it ends", () => following.end.errors);
  await sql`update feed.retention set dropped_xid = null, dropped_id = null, dropped_at = null`;
  expect(following.end.errors?.[0]).toMatchObject({ extensions: { code: "JB305" } });
});

test("a subscription lasts longer than a query may take", async () => {
  const { executionMs } = limits;
  Object.assign(limits, { executionMs: 300 });
  onTestFinished(() => void Object.assign(limits, { executionMs }));
  const { address: own } = await serve();
  const following = follow(connect(own));
  await begun(following);
  await new Promise((resolve) => setTimeout(resolve, 500));
  const before = following.rows().length;
  await make(2);
  await until("it goes on", () => following.rows().length >= before + 2);
  expect(following.answers.flatMap(({ errors }) => errors ?? [])).toEqual([]);
});

test("connections to the database that are lost cost no change", async () => {
  const after = await head();
  const following = follow(connect(), document, { after });
  for (let round = 1; round <= 3; round++) {
    await terminate(sql, "jukebase listener");
    await make(2);
    await until("it has them", () => following.rows().length >= 2 * round);
  }
  expect(following.rows()).toHaveLength(6);
  expect(new Set(following.rows().map(({ nextCursor }) => nextCursor)).size).toBe(6);
  expect(following.end).toEqual({});
});

/** A socket that is spoken to by hand. */
async function rawSocket(at: string, headers: Record<string, string> = {}) {
  const socket = new WebSocket(socketUrl(at), "graphql-transport-ws", { headers });
  socket.on("error", () => {});
  onTestFinished(() => socket.terminate());
  await once(socket, "open");
  const messages: Record<string, unknown>[] = [];
  socket.on("message", (data) => messages.push(JSON.parse(String(data))));
  socket.send(JSON.stringify({ type: "connection_init" }));
  await until("it is acknowledged", () => messages.length === 1);
  return { socket, messages, send: (message: object) => socket.send(JSON.stringify(message)) };
}

test("a client that does not read holds back its subscription, and is cut off", {
  timeout: 60_000,
}, async () => {
  const { address: own, server } = await serve({ streams: { heartbeatMs: 3_000, drainMs: 3_000 } });
  const accepted: Socket[] = [];
  server.app.server.on("connection", (socket: Socket) => accepted.push(socket));
  const after = await head();
  await make(2_000);
  await churn(4);
  // Each update some 1.5 kB, so that the operating system cannot hold them all.
  const aliases = Array.from({ length: 30 }, (_, n) => `c${n}: nextCursor`).join(" ");
  const wide = `subscription ($after: String) { updates(after: $after) { ${aliases} } }`;
  const { socket, send } = await rawSocket(own);
  const query = vi.spyOn(pg.Client.prototype, "query");
  onTestFinished(() => query.mockRestore());
  /** How many pages were made into answers. */
  const pages = () =>
    query.mock.calls.filter(([text]) => JSON.stringify(text).includes("updates_of")).length;
  socket.pause();
  send({ type: "subscribe", id: "1", payload: { query: wide, variables: { after } } });
  let most = 0;
  let [before, same] = [0, 0];
  await until("it reads no more", () => {
    most = Math.max(most, accepted[0]?.writableLength ?? 0);
    same = pages() === before && before > 0 ? same + 1 : 0;
    before = pages();
    return same > 20;
  });
  await churn(2);
  // All there is would be more than 100 pages.
  expect([pages(), before < 90]).toEqual([before, true]);
  await until("it is cut off", () => {
    most = Math.max(most, accepted[0]?.writableLength ?? 0);
    return accepted[0]?.destroyed;
  });
  // A page is some 200 kB; all of it would be 20 MB.
  expect(most).toBeLessThan(1_000_000);
});

test("a subscription that is completed, or whose socket goes, leaves nothing", async () => {
  const { address: own } = await serve({ streams: { maxStreams: 1 } });
  for (let n = 0; n < 4; n++) {
    const client = connect(own);
    const following = follow(client);
    await until("it has begun", async () => {
      await make(1);
      if (!following.end.errors) return following.rows().length > 0;
      // The one before is being closed.
      Object.assign(following, follow(client));
      return false;
    });
    if (n % 2 === 0) following.stop();
    await client.dispose();
  }
});

test("a page that cannot be answered is the last: nothing after it is shown", async () => {
  const { address: own } = await serve();
  const following = follow(connect(own));
  await begun(following);
  const seen = following.answers.length;
  await sql`revoke execute on function feed.updates_of(jsonb) from jukebase_api`;
  await make(1);
  await until("it has ended", () => following.end.done);
  await sql`grant execute on function feed.updates_of(jsonb) to jukebase_api`;
  expect(following.answers.slice(seen)).toMatchObject([
    { data: null, errors: [{ extensions: { code: "JB500" } }] },
  ]);
});

test("a server that closes tells its subscribers, and waits for none of them", async () => {
  const { address: own, close } = await serve();
  const client = connect(own);
  const following = follow(client);
  await begun(following);
  const sleepy = await rawSocket(own);
  sleepy.socket.pause();
  sleepy.send({ type: "subscribe", id: "1", payload: { query: document } });
  await close();
  await until("it has ended", () => following.end.errors && client.closed());
  expect(following.end.errors?.[0]).toMatchObject({
    message: "the server closes",
    extensions: { code: "JB517", detail: expect.any(String), hint: expect.any(String) },
  });
  expect(client.closed()).toMatchObject({ code: 1001, reason: expect.stringMatching("JB517") });
});

/** Asks to change, as whoever the socket is. */
const change = `mutation { claim(input: { entity: "00000000-0000-7000-8000-000000000000",
  source: "mbid", externalId: "x" }) { operation { operationId } } }`;

test("editors are known by a header or by the payload of connection_init", async () => {
  const authorization = `Bearer ${editorKey}`;
  for (const options of [
    { headers: { authorization } },
    { connectionParams: { Authorization: authorization, "X-Actor": "Ada Ž" } },
  ]) {
    const error = await refusal(connect(address, options), change);
    // It gets as far as the function itself.
    expect(error?.extensions.code).toBe("JB151");
  }
  expect((await refusal(connect(), change))?.extensions.code).toBe("JB507");
});

test("a wrong key and a wrong name are refused", async () => {
  const wrong = connect(address, { connectionParams: { authorization: "Bearer another-key" } });
  const { end } = follow(wrong);
  await until("it is refused", () => end.errors && wrong.closed());
  expect(wrong.closed()).toEqual({ code: 4401, reason: "the key is not the editor's (JB508)" });

  const named = connect(address, {
    connectionParams: { authorization: `Bearer ${editorKey}`, "x-actor": "record" },
  });
  const other = follow(named);
  await until("it is refused", () => other.end.errors && named.closed());
  expect(named.closed()).toEqual({ code: 4400, reason: "X-Actor is not a name (JB509)" });
  expect(await upgrade({ authorization: "Bearer another-key" })).toEqual([401, "JB508"]);
});

/** Asks for a socket; returns the status and the code that the answer has. */
async function upgrade(
  headers: Record<string, string> = {},
  path = "/graphql",
  at = address,
): Promise<[number, string | undefined]> {
  const asked = request(at + path, {
    headers: {
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
      "sec-websocket-protocol": "graphql-transport-ws",
      ...headers,
    },
  });
  asked.end();
  return new Promise((resolve, reject) => {
    asked.on("error", reject);
    asked.on("upgrade", (response, socket) => {
      socket.destroy();
      resolve([response.statusCode ?? 0, undefined]);
    });
    asked.on("response", (response) => {
      let text = "";
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => {
        const [, code] = /"code":"(JB\d+)"/.exec(text) ?? [];
        resolve([response.statusCode ?? 0, code]);
      });
    });
  });
}

test("a page of another origin gets no socket, one of this does", async () => {
  expect(await upgrade({ origin: "https://elsewhere.example" })).toEqual([403, "JB519"]);
  expect(await upgrade({ origin: "null" })).toEqual([403, "JB519"]);
  expect(await upgrade({ origin: address })).toEqual([101, undefined]);
  expect(await upgrade()).toEqual([101, undefined]);
});

test("an upgrade to anything else is passed over", async () => {
  expect((await upgrade({}, "/livez"))[0]).toBe(200);
  expect((await upgrade({ upgrade: "h2c" }, "/readyz"))[0]).toBe(200);
});

test("sockets, streams and operations are limited", async () => {
  const { address: own } = await serve({ streams: { maxStreams: 2 } });
  const { socket } = await rawSocket(own);
  const { send, messages } = await rawSocket(own);
  expect(await upgrade({}, "/graphql", own)).toEqual([503, "JB514"]);
  for (const id of ["a", "b", "c"]) send({ type: "subscribe", id, payload: { query: document } });
  await until("one is refused", () => messages.some(({ type }) => type === "error"));
  expect(messages.find(({ type }) => type === "error")).toMatchObject({
    payload: [{ extensions: { code: "JB514" } }],
  });
  for (let n = 0; n < 30; n++) {
    send({ type: "subscribe", id: `q${n}`, payload: { query: "{ feedHead }" } });
  }
  await until("some are refused", () =>
    messages.some(({ payload }) => JSON.stringify(payload ?? "").includes("JB518")),
  );
  socket.close();
  await until("there is room", async () => (await upgrade({}, "/graphql", own))[0] === 101);
});

test("what is no message closes the socket", async () => {
  const first = await rawSocket(address);
  first.socket.send("nonsense");
  expect((await once(first.socket, "close"))[0]).toBe(4400);
  const second = await rawSocket(address);
  second.socket.send("x".repeat(limits.maxBody + 1));
  expect((await once(second.socket, "close"))[0]).toBe(1009);
  const other = new WebSocket(socketUrl(address), "graphql-ws");
  other.on("error", () => {});
  await new Promise((resolve) => other.on("close", resolve));
});
