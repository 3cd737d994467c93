import { once } from "node:events";
import { connect } from "node:net";
import { pino } from "pino";
import { expect, test } from "vitest";
import { httpError } from "../../lib/api/http-error.ts";
import { until } from "../worker/until.ts";
import { testFeed } from "./feed.ts";

const { sql, name, address, make, serve, head, connect: connectTo } = await testFeed();

const logger = pino({ level: "silent" });

type Update = { id: number; kind: string; cursor: string; version: number };
type Answer = {
  updates: Update[];
  cursor: string;
  more: boolean;
  errors?: [{ message: string; extensions: Record<string, string> }];
};

async function ask(query: Record<string, string> | string = {}, headers = {}) {
  const text = typeof query === "string" ? query : new URLSearchParams(query).toString();
  const response = await fetch(`${address}/updates?${text}`, { headers });
  const body = response.status === 304 ? undefined : ((await response.json()) as Answer);
  return { status: response.status, headers: response.headers, body: body as Answer };
}

test("it answers what has changed after a cursor, and the cursor to go on from", async () => {
  const after = await head();
  await make(2);
  await make(1, "label");
  const { status, headers, body } = await ask({ after });
  expect([status, headers.get("content-type")]).toEqual([200, "application/json; charset=utf-8"]);
  expect([headers.get("cache-control"), headers.get("vary")]).toEqual(["no-cache", "accept"]);
  expect(body).toEqual({
    updates: ["artist", "artist", "label"].map((kind) => ({
      op: "upsert",
      kind,
      jukeId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      version: 1,
      changed: null,
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)$/),
      actor: null,
      deliveryId: expect.any(Number),
      id: expect.any(Number),
      cursor: expect.any(String),
    })),
    cursor: body.updates[2]?.cursor,
    more: false,
  });
  const next = await ask({ after: body.cursor });
  expect([next.body.updates, next.body.more]).toEqual([[], false]);
});

test("without a cursor it begins with the oldest, and pages lead to the end", async () => {
  await make(5);
  const all = (await ask({ limit: "10000" })).body.updates.map(({ id }) => id);
  const ids: number[] = [];
  let url = "/updates?limit=3";
  for (;;) {
    const response = await fetch(address + url);
    const { updates, more } = (await response.json()) as Answer;
    ids.push(...updates.map(({ id }) => id));
    const link = /^<(.*)>; rel="next"$/.exec(response.headers.get("link") ?? "");
    if (!more) break;
    url = link?.[1] ?? "";
  }
  expect(ids).toEqual(all);
});

test("kinds leaves out the others, and the cursor goes past them", async () => {
  const after = await head();
  await make(3);
  await make(2, "label");
  const { body } = await ask({ after, kinds: "label,genre" });
  expect(body.updates.map(({ kind }) => kind)).toEqual(["label", "label"]);
  const artists = await ask(`after=${encodeURIComponent(after)}&kinds=artist&kinds=genre`);
  expect(artists.body.updates).toHaveLength(3);
  await make(1);
  const none = await ask({ after: body.cursor, kinds: "label" });
  expect(none.body.updates).toEqual([]);
  expect(none.body.cursor).not.toBe(body.cursor);
});

test("an answer that would say the same is 304, also when the cursor has moved", async () => {
  const after = await head();
  const empty = await ask({ after, kinds: "label" });
  const tag = empty.headers.get("etag") ?? "";
  expect(tag).toMatch(/^W\/"/);
  await make(2, "artist");
  const same = await ask({ after, kinds: "label" }, { "if-none-match": tag });
  expect([same.status, same.headers.get("etag")]).toEqual([304, tag]);
  // The place that the link goes on from is behind what came of other kinds.
  const next = /after=([^&>]*)/.exec(same.headers.get("link") ?? "")?.[1] ?? "";
  expect((await ask({ after: decodeURIComponent(next) })).body.updates).toEqual([]);
  expect((await ask({ after })).body.updates).toHaveLength(2);
  expect((await ask({ after, kinds: "label" }, { "if-none-match": `"x", ${tag}` })).status).toBe(
    304,
  );
  await make(1, "label");
  const changed = await ask({ after, kinds: "label" }, { "if-none-match": tag });
  expect([changed.status, changed.body.updates.length]).toEqual([200, 1]);
  const again = await ask(
    { after, kinds: "label" },
    { "if-none-match": changed.headers.get("etag") ?? "" },
  );
  expect(again.status).toBe(304);
  expect((await ask({ after, kinds: "label" }, { "if-none-match": "*" })).status).toBe(304);
});

test("what cannot be used is refused with code, detail and hint", async () => {
  const cases: [Record<string, string> | string, number, string][] = [
    [{ after: "nonsense" }, 400, "JB301"],
    [{ after: "" }, 400, "JB301"],
    [{ after: "x".repeat(5_000) }, 400, "JB301"],
    [{ limit: "0" }, 400, "JB304"],
    [{ limit: "10001" }, 400, "JB304"],
    [{ limit: "99999999999999999999" }, 400, "JB304"],
    [{ limit: "ten" }, 400, "JB504"],
    [{ limit: "-1" }, 400, "JB504"],
    [{ limit: "1.5" }, 400, "JB504"],
    [{ limit: "" }, 400, "JB504"],
    [{ kinds: "singer" }, 400, "JB504"],
    [{ kinds: "" }, 400, "JB504"],
    [{ kinds: "artist,,track" }, 400, "JB504"],
    [{ kinds: "ARTIST" }, 400, "JB504"],
    [{ kind: "artist" }, 400, "JB504"],
    ["after=a&after=b", 400, "JB504"],
    ["limit=1&limit=2", 400, "JB504"],
    [{ after: "\u0000" }, 400, "JB504"],
  ];
  for (const [query, status, code] of cases) {
    const { status: given, body, headers } = await ask(query);
    const [error] = body.errors ?? [];
    expect([query, given, error?.extensions.code]).toEqual([query, status, code]);
    expect(error).toMatchObject({
      message: expect.stringMatching(/^[^A-Z].*[^.]$/s),
      extensions: { detail: expect.any(String), hint: expect.any(String) },
    });
    expect(headers.get("cache-control")).toBe("no-store");
  }
});

/** A cursor of another cluster, sealed as that would. */
async function foreignCursor(): Promise<string> {
  const text = (await head()).replace(/^\d+/, "1234567890123456789").replace(/\/[^/]*$/, "");
  const [row] = await sql`select feed.seal(${text}) as cursor`;
  return row?.cursor;
}

test("a cursor of another cluster is 409, one that has expired 410", async () => {
  expect(await ask({ after: await foreignCursor() })).toMatchObject({
    status: 409,
    body: { errors: [{ extensions: { code: "JB302" } }] },
  });
  const after = await head();
  await make(1);
  await sql`update feed.retention set dropped_xid = pg_current_xact_id(), dropped_id = 1, dropped_at = now()`;
  const { status, body } = await ask({ after });
  await sql`update feed.retention set dropped_xid = null, dropped_id = null, dropped_at = null`;
  expect([status, body.errors?.[0].extensions.code]).toEqual([410, "JB305"]);
});

test("what the database says is told with its status", () => {
  const of = (code: string | undefined, message = "what it says") => {
    const { status, headers, body } = httpError(
      Object.assign(new Error(message), { code }),
      logger,
    );
    return [status, body.errors[0].extensions.code, headers["retry-after"]];
  };
  expect(of("JB303")).toEqual([503, "JB303", "5"]);
  expect(of("22P02")).toEqual([400, "JB504", undefined]);
  expect(of("57014")).toEqual([503, "JB505", "5"]);
  expect(of("57P01")).toEqual([503, "JB003", "5"]);
  expect(of("ECONNREFUSED")).toEqual([503, "JB003", "5"]);
  expect(of(undefined, "Connection terminated")).toEqual([503, "JB003", "5"]);
  expect(of("42883")).toEqual([500, "JB500", undefined]);
  expect(httpError(Object.assign(new Error("secret"), { code: "42883" }), logger).body).toEqual({
    errors: [
      {
        message: "something went wrong on the server",
        extensions: { code: "JB500", errorId: expect.any(String) },
      },
    ],
  });
});

test("while the database does not answer it is 503, and then it answers again", async () => {
  const admin = connectTo({ database: "postgres" });
  await admin`alter database ${admin(name)} allow_connections false`;
  await admin`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = ${name} and application_name like 'jukebase%'`;
  await until("it says so", async () => (await ask()).status === 503);
  const { body } = await ask();
  expect(body.errors?.[0]).toMatchObject({
    message: "the database does not answer",
    extensions: { code: "JB003", hint: expect.any(String) },
  });
  const stream = await ask({}, { accept: "text/event-stream" });
  expect(stream.status).toBe(503);
  await admin`alter database ${admin(name)} allow_connections true`;
  await until("it answers", async () => (await ask()).status === 200);
});

/** The lines of GET /bootstrap, read from a JSON text each. */
async function bootstrap(query = "", headers = {}) {
  const response = await fetch(`${address}/bootstrap${query}`, { headers });
  const text = await response.text();
  const lines = text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  return { status: response.status, headers: response.headers, lines };
}

test("a full read has every entity, and the cursor that continues from it", async () => {
  await make(450);
  const { status, headers, lines } = await bootstrap();
  expect([status, headers.get("content-type")]).toEqual([
    200,
    "application/x-ndjson; charset=utf-8",
  ]);
  const [{ cursor }] = lines;
  const entities = lines.slice(1, -1);
  expect(lines.at(-1)).toEqual({ end: true, entities: entities.length });
  const kept = await sql`select juke_id, version from catalog.entity where status <> 'deleted'`;
  const pairs = (rows: { id: string; version: number }[]) =>
    rows.map(({ id, version }) => `${id} ${version}`).sort();
  expect(pairs(entities.map(({ jukeId, version }) => ({ id: jukeId, version })))).toEqual(
    pairs(kept.map(({ juke_id, version }) => ({ id: juke_id, version }))),
  );
  expect(entities[0]).toMatchObject({ kind: expect.any(String), state: expect.any(Object) });
  expect((await ask({ after: cursor })).body.updates).toEqual([]);
  await make(2);
  expect((await ask({ after: cursor })).body.updates).toHaveLength(2);
});

test("a full read of some kinds has only those, and one of nothing the cursor alone", async () => {
  const labels = await bootstrap("?kinds=label");
  expect(new Set(labels.lines.slice(1, -1).map(({ kind }) => kind))).toEqual(new Set(["label"]));
  const none = await bootstrap("?kinds=book");
  expect(none.lines).toEqual([{ cursor: expect.any(String) }, { end: true, entities: 0 }]);
  expect((await bootstrap("?kinds=singer")).lines[0].errors[0].extensions.code).toBe("JB504");
  expect((await bootstrap("?after=x")).status).toBe(400);
  const wrong = await bootstrap("", { authorization: "Bearer another-key" });
  expect(wrong.status).toBe(401);
});

test("two full reads at a time, and what a client does not take stays in the database", {
  timeout: 60_000,
}, async () => {
  await make(1_000);
  await sql.begin(async (tx) => {
    await tx`select catalog.writing(true)`;
    await tx`update catalog.artist set area = repeat('x', 10000)`;
  });
  const { address: own, close } = await serve({ streams: { drainMs: 60_000 } });
  const { hostname, port } = new URL(own);
  const readers = await Promise.all(
    [1, 2].map(async () => {
      const socket = connect({ host: hostname, port: Number(port) });
      await once(socket, "connect");
      socket.on("error", () => {});
      socket.write("GET /bootstrap HTTP/1.1\r\nhost: x\r\n\r\n");
      socket.pause();
      return socket;
    }),
  );
  const reading = async () => {
    const rows = await sql`
      select from pg_stat_activity
      where datname = current_database() and state = 'idle in transaction' and query like '%feed:bootstrap%'`;
    return rows.length;
  };
  await until("both wait for their clients", async () => (await reading()) === 2);
  const third = await fetch(`${own}/bootstrap`);
  expect([third.status, third.headers.get("retry-after")]).toEqual([503, "5"]);
  expect(await third.json()).toMatchObject({ errors: [{ extensions: { code: "JB515" } }] });
  readers[0]?.destroy();
  await until("there is room", async () => {
    const { status } = await fetch(`${own}/bootstrap?kinds=label`);
    return status === 200;
  });
  await until("the other still waits", async () => (await reading()) === 1);
  await close();
  expect(await reading()).toBe(0);
});
