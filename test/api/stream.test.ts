import { once } from "node:events";
import { request, type ServerResponse } from "node:http";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { terminate, until } from "../worker/until.ts";
import { openEvents, seen } from "./events.ts";
import { testFeed } from "./feed.ts";
import { editorKey } from "./server.ts";

const { sql, address, make, churn, serve, head } = await testFeed({
  streams: { heartbeatMs: 100, intervalMs: 500 },
});

test("a stream begins now, and has each change with the cursor after it", async () => {
  const events = await openEvents(`${address}/updates`);
  expect([events.status, events.headers["content-type"]]).toEqual([
    200,
    "text/event-stream; charset=utf-8",
  ]);
  expect(events.headers["x-request-id"]).toMatch(/^[0-9a-f]{8}-/);
  await until("it has begun", () => events.messages.length > 0);
  expect(events.messages[0]).toEqual({ retry: "2000", id: expect.stringMatching(/^\d+\.\d+\//) });
  await make(3);
  await seen(events, 3);
  const updates = events.updates();
  expect(updates).toHaveLength(3);
  expect(updates[0]).toEqual({
    op: "upsert",
    kind: "artist",
    jukeId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    version: 1,
    changed: null,
    at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    actor: null,
    deliveryId: expect.any(Number),
    id: expect.any(Number),
    cursor: events.messages.find(({ event }) => event === "update")?.id,
  });
});

test("it goes on after Last-Event-ID, which counts for more than after", async () => {
  const start = await head();
  await make(5);
  const first = await openEvents(`${address}/updates?after=${encodeURIComponent(start)}`);
  await seen(first, 5);
  const ids = first.updates().map(({ id }) => id);
  const third = String(first.updates()[2]?.cursor);
  const second = await openEvents(`${address}/updates?after=${encodeURIComponent(start)}`, {
    "last-event-id": third,
  });
  await make(1);
  await seen(second, 3);
  await seen(first, 6);
  expect(second.updates().map(({ id }) => id)).toEqual([
    ...ids.slice(3),
    first.updates().at(-1)?.id,
  ]);
});

test("only what is of the kinds comes; the rest moves the id without an event", async () => {
  const events = await openEvents(`${address}/updates?kinds=label`);
  await until("it has begun", () => events.messages.length > 0);
  const begun = events.lastId();
  await make(4, "artist");
  const after = await head();
  await until("the id has moved", () => events.lastId() !== begun);
  expect(events.messages.at(-1)).toEqual({ id: expect.any(String) });
  await until("it is past them", async () => {
    const [row] = await sql`
      select cardinality(updates) = 0 as past from feed.read(${events.lastId() ?? ""}, 100, null, ${after})`;
    return row?.past;
  });
  await make(1, "label");
  await seen(events, 1);
  expect(events.updates().map(({ kind }) => kind)).toEqual(["label"]);
});

test("an idle stream says now and then that it is alive", async () => {
  const events = await openEvents(`${address}/updates`);
  await until("it has said so", () => events.comments.length + events.messages.length >= 3);
  expect(events.updates()).toEqual([]);
});

test("pages follow each other until all has come", async () => {
  const start = await head();
  for (let n = 0; n < 3; n++) await make(150);
  const events = await openEvents(`${address}/updates?after=${encodeURIComponent(start)}`);
  await seen(events, 450);
  const ids = events.updates().map(({ id }) => Number(id));
  expect(new Set(ids).size).toBe(450);
});

test("what cannot be used is refused before the stream begins", async () => {
  const refused = async (query: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${address}/updates?${query}`, {
      headers: { accept: "text/event-stream", ...headers },
    });
    const { errors } = (await response.json()) as { errors: [{ extensions: { code: string } }] };
    return [response.status, errors[0].extensions.code];
  };
  expect(await refused("after=nonsense")).toEqual([400, "JB301"]);
  expect(await refused("", { "last-event-id": "nonsense" })).toEqual([400, "JB301"]);
  expect(await refused("kinds=singer")).toEqual([400, "JB504"]);
  expect(await refused("limit=10")).toEqual([400, "JB504"]);
  expect(await refused("", { authorization: "Bearer another-key" })).toEqual([401, "JB508"]);
  const asEditor = await openEvents(`${address}/updates`, { authorization: `Bearer ${editorKey}` });
  expect(asEditor.status).toBe(200);
});

test("a listener that loses its connection loses nothing", async () => {
  const events = await openEvents(`${address}/updates`);
  await until("it has begun", () => events.messages.length > 0);
  for (let round = 1; round <= 3; round++) {
    await terminate(sql, "jukebase listener");
    await terminate(sql, "jukebase api");
    await make(2);
    await seen(events, 2 * round);
  }
  expect(new Set(events.updates().map(({ id }) => id)).size).toBe(6);
  expect(events.updates()).toHaveLength(6);
});

test("more streams than the server has room for are refused, until one goes", async () => {
  const { address: small } = await serve({ streams: { maxStreams: 2 } });
  const first = await openEvents(`${small}/updates`);
  await openEvents(`${small}/updates`);
  const response = await fetch(`${small}/updates`, { headers: { accept: "text/event-stream" } });
  expect([response.status, response.headers.get("retry-after")]).toEqual([503, "5"]);
  expect(await response.json()).toMatchObject({
    errors: [
      {
        message: "too many streams are open",
        extensions: { code: "JB514", detail: expect.any(String), hint: expect.any(String) },
      },
    ],
  });
  expect((await fetch(`${small}/updates`)).status).toBe(200);
  first.close();
  await until("there is room", async () => {
    const events = await openEvents(`${small}/updates`);
    events.close();
    return events.status === 200;
  });
});

let filling: Promise<void> | undefined;
/** So many changes that the operating system cannot hold them for a client that does not read. */
async function changeMuch(): Promise<void> {
  filling ??= make(2_000);
  await filling;
  await churn(14);
}

/** A client that opens a stream of everything and reads nothing of it; returns what it has of the answer in the end. */
async function sleepyClient(at: string, path: string) {
  const { hostname, port } = new URL(at);
  const socket = connect({ host: hostname, port: Number(port) });
  await once(socket, "connect");
  socket.on("error", () => {});
  socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\naccept: text/event-stream\r\n\r\n`);
  socket.pause();
  return {
    socket,
    async rest() {
      let text = "";
      socket.on("data", (chunk) => {
        text += chunk;
      });
      socket.resume();
      await until("the connection is closed", () => socket.closed || socket.readableEnded);
      return text;
    },
  };
}

test("a client that does not read is cut off, and what is kept for it meanwhile is bounded", {
  timeout: 60_000,
}, async () => {
  const { address: own, server } = await serve({ streams: { drainMs: 1_500, heartbeatMs: 200 } });
  const accepted: import("node:net").Socket[] = [];
  server.app.server.on("connection", (socket) => accepted.push(socket));
  const start = await head();
  await changeMuch();
  const { socket } = await sleepyClient(own, `/updates?after=${encodeURIComponent(start)}`);
  let most = 0;
  await until("it is cut off", () => {
    most = Math.max(most, accepted[0]?.writableLength ?? 0);
    return accepted[0]?.destroyed;
  });
  // 100 updates are about 40 kB.
  expect(most).toBeLessThan(200_000);
  socket.destroy();
  await until("the stream is closed", async () => {
    const response = await fetch(`${own}/readyz`);
    return response.status === 200;
  });
});

test("a client that is cut off and reads in the end finds out why, and where to go on", {
  timeout: 60_000,
}, async () => {
  const { address: own, server } = await serve({ streams: { drainMs: 300, heartbeatMs: 100 } });
  const responses: ServerResponse[] = [];
  server.app.server.on("request", (_request, response) => responses.push(response));
  const start = await head();
  await changeMuch();
  const { rest } = await sleepyClient(own, `/updates?after=${encodeURIComponent(start)}`);
  await until("it has been given up", () => responses[0]?.writableEnded);
  const text = await rest();
  const [, ended = ""] = /\nevent: end\ndata: (.*)\n/.exec(text) ?? [];
  expect(JSON.parse(ended)).toEqual({
    code: "JB516",
    message: "the stream is not read",
    detail: expect.any(String),
    hint: expect.any(String),
    after: [...text.matchAll(/^id: (.*)$/gm)].at(-1)?.[1],
  });
});

test("a server that closes ends its streams at once, and says where to go on", async () => {
  const { address: own, close } = await serve();
  const events = await openEvents(`${own}/updates`);
  await until("it has begun", () => events.messages.length > 0);
  const idle = await openEvents(`${own}/updates?kinds=label`);
  const sleepy = await sleepyClient(own, "/updates");
  await close();
  await until("both have ended", () => events.ended() && idle.ended());
  const last = events.messages.at(-1);
  expect(last?.event).toBe("end");
  expect(JSON.parse(last?.data ?? "")).toMatchObject({
    code: "JB517",
    message: "the server closes",
    detail: expect.any(String),
    hint: expect.any(String),
    after: events.lastId(),
  });
  sleepy.socket.destroy();
});

test("a cursor that expires while it is followed ends the stream, and a full read is due", async () => {
  const { address: own } = await serve({ streams: { intervalMs: 100 } });
  const events = await openEvents(`${own}/updates`);
  await until("it has begun", () => events.messages.length > 0);
  await sql`update feed.retention set dropped_xid = pg_current_xact_id(), dropped_id = 1000000, dropped_at = now()`;
  await make(1);
  await until("it has ended", () => events.ended());
  await sql`update feed.retention set dropped_xid = null, dropped_id = null, dropped_at = null`;
  const last = events.messages.at(-1);
  expect([last?.event, JSON.parse(last?.data ?? "")]).toMatchObject([
    "end",
    { code: "JB305", detail: expect.any(String), hint: expect.any(String), after: null },
  ]);
});

test("a client that goes is forgotten", async () => {
  const { address: own } = await serve({ streams: { maxStreams: 1 } });
  for (let n = 0; n < 5; n++) {
    await until("there is room", async () => {
      const events = await openEvents(`${own}/updates`);
      events.close();
      return events.status === 200;
    });
  }
});

test("a stream that a request is closed for while it is opened leaves nothing", async () => {
  const { address: own } = await serve({ streams: { maxStreams: 3 } });
  for (let n = 0; n < 20; n++) {
    const asked = request(`${own}/updates`, { headers: { accept: "text/event-stream" } });
    asked.on("error", () => {});
    asked.end();
    await new Promise((resolve) => setTimeout(resolve, n % 5));
    asked.destroy();
  }
  await until("there is room for all", async () => {
    const all = await Promise.all([1, 2, 3].map(() => openEvents(`${own}/updates`)));
    for (const each of all) each.close();
    return all.every(({ status }) => status === 200);
  });
});
