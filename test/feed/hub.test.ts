import pg from "pg";
import { pino } from "pino";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { settingsOf } from "../../lib/api/settings.ts";
import { createHub, type FeedStream, type HubOptions } from "../../lib/feed/hub.ts";
import type { FeedRow, FeedSource } from "../../lib/feed/page.ts";
import { feedSource } from "../../lib/feed/source.ts";
import { deliver } from "../catalog-builder.ts";
import { testDatabase } from "../database.ts";
import { terminate, until } from "../worker/until.ts";

const { sql, url } = await testDatabase();
const pool = new pg.Pool({ connectionString: url, max: 5, application_name: "jukebase hub" });
pool.on("error", () => {});
pool.on("connect", (client) => client.on("error", () => {}));
afterAll(() => pool.end());
const source = feedSource(pool, settingsOf(undefined));

let made = 0;
async function make(count: number, kind: "artist" | "label" = "artist"): Promise<string[]> {
  const records = Array.from({ length: count }, () => ({
    kind,
    id: `${kind}-${++made}`,
    name: `${kind} ${made}`,
  }));
  await deliver(sql, "local", records);
  return records.map(({ id }) => id);
}

/** A hub whose reads are counted, and may be made to fail. */
function hubOf(options: Partial<HubOptions> = {}) {
  const calls = { head: 0, read: 0 };
  const failing: { error?: Error } = {};
  const counted: FeedSource = {
    head() {
      calls.head += 1;
      return failing.error ? Promise.reject(failing.error) : source.head();
    },
    read(query) {
      calls.read += 1;
      return failing.error ? Promise.reject(failing.error) : source.read(query);
    },
  };
  const hub = createHub({
    source: counted,
    logger: pino({ level: "silent" }),
    limit: 100,
    maxStreams: 1_000,
    tooMany: () => new Error("too many"),
    intervalMs: 60_000,
    gapMs: 0,
    maxReads: 4,
    ...options,
  });
  onTestFinished(() => hub.close(new Error("over")));
  return { hub, calls, failing };
}

/** Pulls all that comes from a stream. */
function collect(stream: FeedStream): { rows: FeedRow[]; error?: Error } {
  const seen: { rows: FeedRow[]; error?: Error } = { rows: [] };
  (async () => {
    for (let page = await stream.next(); page; page = await stream.next()) {
      seen.rows.push(...page.updates);
    }
  })().catch((error: Error) => {
    seen.error = error;
  });
  return seen;
}

test("a change is one look and one read, however many streams wait for it", async () => {
  const { hub, calls } = hubOf();
  const all: ReturnType<typeof collect>[] = [];
  for (let n = 0; n < 200; n++) {
    all.push(collect(await hub.open({ kinds: n % 2 === 0 ? null : ["label", "artist"] })));
  }
  calls.head = 0;
  calls.read = 0;
  await make(3);
  hub.wake();
  await until("all have it", () => all.every(({ rows }) => rows.length === 3));
  expect(calls).toEqual({ head: 1, read: 2 });
  await make(1);
  for (let n = 0; n < 50; n++) hub.wake();
  await until("all have that too", () => all.every(({ rows }) => rows.length === 4));
  // One that was under way, and one for all that woke meanwhile.
  expect(calls.head).toBeLessThanOrEqual(3);
  expect(calls.read).toBeLessThanOrEqual(2 + 2 * 2);
});

test("nothing is read before somebody asks, and then a page at a time", async () => {
  const { hub, calls } = hubOf({ limit: 10 });
  const stream = await hub.open({ kinds: null });
  await make(35);
  calls.read = 0;
  for (let n = 0; n < 20; n++) hub.wake();
  await until("it has looked", () => calls.head > 1);
  await sql`select pg_sleep(0.2)`;
  expect(calls.read).toBe(0);
  const sizes = [];
  for (let n = 0; n < 4; n++) sizes.push((await stream.next())?.updates.length);
  expect(sizes).toEqual([10, 10, 10, 5]);
  expect(calls.read).toBe(4);
});

test("what is of other kinds moves the cursor, and is not answered", async () => {
  const { hub } = hubOf();
  const stream = await hub.open({ kinds: ["label"] });
  const before = stream.cursor;
  const seen = collect(stream);
  await make(2, "artist");
  hub.wake();
  await until("the cursor moves", () => stream.cursor !== before);
  expect(seen.rows).toEqual([]);
  const { updates } = await source.read({ cursor: stream.cursor, kinds: null, limit: 10 });
  expect(updates).toEqual([]);
  await make(1, "label");
  hub.wake();
  await until("it has the label", () => seen.rows.length === 1);
});

test("a stream that begins at the head has nothing from before, and all from after", async () => {
  const { hub } = hubOf();
  await make(2);
  const seen = collect(await hub.open({ kinds: null }));
  await make(2);
  hub.wake();
  await until("it has both", () => seen.rows.length === 2);
  const kept = await source.read({ cursor: null, kinds: null, limit: 10_000 });
  expect(seen.rows.map(({ id }) => id)).toEqual(kept.updates.slice(-2).map(({ id }) => id));
});

test("what came while there was no stream is there for the next", async () => {
  const { hub } = hubOf();
  const first = await hub.open({ kinds: null });
  const after = first.cursor;
  first.close();
  await make(2);
  hub.wake();
  const seen = collect(await hub.open({ after, kinds: null }));
  await until("it has both", () => seen.rows.length === 2);
});

test("without any wake-up it looks by itself", async () => {
  const { hub } = hubOf({ intervalMs: 50 });
  const seen = collect(await hub.open({ kinds: null }));
  await make(1);
  await until("it has it", () => seen.rows.length === 1);
});

test("a cursor that cannot be used is refused when the stream is opened", async () => {
  const { hub } = hubOf();
  await expect(hub.open({ after: "nonsense", kinds: null })).rejects.toMatchObject({
    code: "JB301",
  });
  expect(hub.openStreams).toBe(0);
});

test("there are so many streams and no more, and one that closes makes room", async () => {
  const { hub } = hubOf({ maxStreams: 2 });
  const [first] = await Promise.all([hub.open({ kinds: null }), hub.open({ kinds: null })]);
  await expect(hub.open({ kinds: null })).rejects.toThrow("too many");
  first.close();
  expect(await first.next()).toBeUndefined();
  await expect(hub.open({ after: "nonsense", kinds: null })).rejects.toMatchObject({
    code: "JB301",
  });
  (await hub.open({ kinds: null })).close();
});

test("a read that fails because of the connection is tried again, one that is refused ends the stream", async () => {
  const { hub, calls, failing } = hubOf();
  const seen = collect(await hub.open({ kinds: null }));
  failing.error = Object.assign(new Error("the database system is shutting down"), {
    code: "57P03",
  });
  await make(1);
  calls.head = 0;
  hub.wake();
  await until("it tries again", () => calls.head > 2);
  delete failing.error;
  await until("it has it", () => seen.rows.length === 1);

  const idle = collect(await hub.open({ kinds: ["label"] }));
  failing.error = Object.assign(new Error("expired"), { code: "JB305" });
  hub.wake();
  await until("both have ended", () => seen.error && idle.error);
  expect([seen.error, idle.error]).toEqual([failing.error, failing.error]);
  expect(hub.openStreams).toBe(0);
});

test("connections that are terminated all the time cost nothing but time", async () => {
  const { hub } = hubOf({ intervalMs: 50, limit: 7 });
  const seen = collect(await hub.open({ kinds: null }));
  const total = 60;
  for (let n = 0; n < total; n += 10) {
    await make(10);
    hub.wake();
    await terminate(sql, "jukebase hub");
  }
  await until("it has all", () => seen.rows.length >= total);
  expect(seen.error).toBeUndefined();
  expect(seen.rows).toHaveLength(total);
  expect(new Set(seen.rows.map(({ id }) => id)).size).toBe(total);
});

test("closing ends every stream with the reason, also one that waits for the database", async () => {
  const { hub, failing } = hubOf();
  const waiting = collect(await hub.open({ kinds: null }));
  const reading = await hub.open({ kinds: null });
  await make(1);
  await hub.open({ kinds: null });
  failing.error = new Error("Connection terminated unexpectedly");
  const asked = reading.next();
  const reason = new Error("closing");
  hub.close(reason);
  await expect(asked).rejects.toBe(reason);
  await until("the other has ended", () => waiting.error);
  expect(waiting.error).toBe(reason);
  await expect(hub.open({ kinds: null })).rejects.toBe(reason);
});
