import type { ReservedSql, Sql } from "postgres";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { head, insertEntity } from "../catalog-builder.ts";
import { type TestDatabase, testDatabase } from "../database.ts";
import { until } from "../worker/until.ts";
import { type Delivery, type Event, flawless, judge, type Verdict } from "./checker.ts";
import {
  byEndOfSnapshot,
  byId,
  byTransaction,
  byTwoStatements,
  cacheIds,
  type Start,
  startOf,
  type Way,
} from "./flaws.ts";
import { eventsOf } from "./readers.ts";

/** A script: two artists, two sessions that write by turns, and what is read between. */
type Scene = {
  sql: Sql;
  first: string;
  second: string;
  a: ReservedSql;
  b: ReservedSql;
  start: Start;
};

let database: TestDatabase;
let scene: Scene;

beforeEach(async () => {
  database = await testDatabase({ guarded: false });
  const { sql, connect } = database;
  const [first, second] = [
    await insertEntity(sql, "artist", "1"),
    await insertEntity(sql, "artist", "2"),
  ];
  const [a, b] = [await connect({ max: 1 }).reserve(), await connect({ max: 1 }).reserve()];
  onTestFinished(() => {
    a.release();
    b.release();
  });
  scene = { sql, first, second, a, b, start: await startOf(sql) };
});

const touch = (session: Sql, id: string) =>
  session`update catalog.artist set sort_name = gen_random_uuid()::text where juke_id = ${id}`;

const right = async (sql: Sql): Promise<Way> => {
  let cursor = await head(sql);
  return async () => {
    const found = await sql`select * from feed.updates(${cursor}, 1000)`;
    cursor = found.at(-1)?.next_cursor ?? cursor;
    return eventsOf(found);
  };
};

/** Plays a script with a way of reading, and with the right one beside it; the verdicts on both. */
async function play(
  way: Way,
  script: (read: () => Promise<void>) => Promise<unknown>,
): Promise<{ verdict: Verdict; right: Verdict }> {
  const ways = [way, await right(scene.sql)];
  const logs: Delivery[][] = [[], []];
  const read = async () => {
    for (const [n, next] of ways.entries()) logs[n]?.push({ events: await next(), acked: true });
  };
  await script(read);
  await read();
  const truth: Event[] = eventsOf(
    await scene.sql`select * from feed.event where id > ${scene.start.id} order by id`,
  );
  expect(truth.length).toBeGreaterThan(1);
  const [verdict, other] = logs.map((log) => judge(log, truth));
  return { verdict: verdict as Verdict, right: other as Verdict };
}

describe("the checker sees what is wrong with", () => {
  test("reading by id: the event of a transaction that commits later is missing", async () => {
    const { sql, a, b, first, second, start } = scene;
    const found = await play(byId(sql, start), async (read) => {
      await a`begin`;
      await touch(a, first);
      await touch(b, second);
      await read();
      await a`commit`;
    });
    expect(found).toEqual({ verdict: { ...flawless, missing: 1 }, right: flawless });
  });

  test("reading by transaction: one that began earlier has changed the entity later", async () => {
    const { sql, a, b, first, start } = scene;
    const found = await play(byTransaction(sql, start), async () => {
      await a`begin`;
      await a`select pg_current_xact_id()`;
      await touch(b, first);
      await touch(a, first);
      await a`commit`;
      await until("no older transaction of the server runs", async () => {
        const [row] = await sql`
          select max(xid) < pg_snapshot_xmin(pg_current_snapshot()) as "isOver" from feed.event`;
        return row?.isOver;
      });
    });
    expect(found).toEqual({ verdict: { ...flawless, disordered: 1 }, right: flawless });
  });

  test("reading by two statements: what is committed between them is missing", async () => {
    const { sql, a, b, first, second, start } = scene;
    let isFirst = true;
    const way = byTwoStatements(sql, start, async () => {
      if (isFirst) await touch(a, first);
      isFirst = false;
    });
    const found = await play(way, async (read) => {
      await touch(b, second);
      await read();
    });
    expect(found).toEqual({ verdict: { ...flawless, missing: 1 }, right: flawless });
  });

  test("reading from the end of a snapshot: what ran beyond it is missing", async () => {
    const { sql, a, b, first, second, start } = scene;
    const found = await play(byEndOfSnapshot(sql, start), async (read) => {
      // Until no transaction of the whole server that is younger than a's has ended.
      for (let isBeyond = false; !isBeyond; ) {
        await b`begin`;
        await b`select pg_current_xact_id()`;
        await a`begin`;
        await touch(a, first);
        await touch(b, second); // draws a higher id than a, as an older transaction
        await b`commit`;
        await read();
        const [row] = await a`
          select pg_current_xact_id() >= pg_snapshot_xmax(pg_current_snapshot()) as "isBeyond"`;
        isBeyond = row?.isBeyond;
        await a`commit`;
      }
    });
    expect(found.right).toEqual(flawless);
    expect(found.verdict).toMatchObject({ ...flawless, missing: expect.toSatisfy((n) => n >= 1) });
  });

  describe("ids that each session draws 32 at a time:", () => {
    beforeEach(async () => {
      await cacheIds(scene.sql);
      scene.start = { ...scene.start, id: 0 };
    });

    test("an entity's changes come in another order", async () => {
      const { sql, a, b, first, second } = scene;
      const cursor = await head(sql);
      await touch(a, second); // a has drawn lower ids than b
      await touch(b, first);
      await touch(a, first);
      const events = eventsOf(await sql`select * from feed.updates(${cursor}, 1000)`);
      const truth = eventsOf(await sql`select * from feed.event where version > 1`);
      expect(judge([{ events, acked: true }], truth)).toEqual({ ...flawless, disordered: 1 });
    });

    test("events have lower ids than the last that a cursor knows, and are missing", async () => {
      const { sql, a, b, first, second } = scene;
      await touch(a, second);
      await touch(b, first);
      const cursor = await head(sql);
      // Far beyond the transactions that the cursor looks for by themselves.
      for (let n = 0; n < 200; n++) await sql`select pg_current_xact_id()`;
      const before = eventsOf(await sql`select * from feed.event`);
      await touch(a, second);
      const events = eventsOf(await sql`select * from feed.updates(${cursor}, 1000)`);
      const known = new Set(before.map(({ id }) => id));
      const truth = eventsOf(await sql`select * from feed.event`).filter(
        ({ id }) => !known.has(id),
      );
      expect(judge([{ events, acked: true }], truth)).toEqual({ ...flawless, missing: 1 });
    });
  });
});

describe("of what is read it tells", () => {
  const event = (id: number, version: number, juke_id = "e"): Event => ({
    id,
    kind: "artist",
    juke_id,
    version,
  });
  const truth = [event(1, 1), event(2, 2), event(3, 1, "f")];
  const acked = (...events: Event[]): Delivery => ({ events, acked: true });
  const lost = (...events: Event[]): Delivery => ({ events, acked: false });

  test.each<[string, Delivery[], Partial<Verdict>]>([
    ["all of it", [acked(...truth)], {}],
    ["all of it, in parts", truth.map((each) => acked(each)), {}],
    [
      "again what was not acked",
      [acked(event(1, 1)), lost(event(2, 2)), acked(event(2, 2), event(3, 1, "f"))],
      {},
    ],
    [
      "what was never acked",
      [acked(event(1, 1), event(2, 2)), lost(event(3, 1, "f"))],
      { missing: 1 },
    ],
    [
      "again what was acked",
      [acked(...truth), acked(event(3, 1, "f"))],
      { twice: 1, disordered: 1 },
    ],
    [
      "twice in a delivery",
      [acked(event(1, 1), event(2, 2), event(3, 1, "f"), event(3, 1, "f"))],
      { twice: 1, disordered: 1 },
    ],
    ["in another order", [acked(event(2, 2), event(1, 1), event(3, 1, "f"))], { disordered: 1 }],
    [
      "in another order, what was not acked",
      [lost(event(2, 2), event(1, 1)), acked(...truth)],
      { disordered: 1 },
    ],
    ["another entity's", [acked(event(1, 1), event(2, 2), event(3, 1, "g"))], { untrue: 1 }],
    ["what was rolled back", [acked(...truth, event(4, 3))], { untrue: 1 }],
  ])("%s", (_, log, expected) => {
    expect(judge(log, truth)).toEqual({ ...flawless, ...expected });
  });
});
