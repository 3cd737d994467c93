import { beforeAll, describe, expect, test } from "vitest";
import { insertEntity } from "../catalog-builder.ts";
import { testDatabase } from "../database.ts";

const { sql, connect } = await testDatabase({ guarded: false });

const WRITERS = 8;
const DURATION_MS = 2_500;

type Read = { id: number; juke_id: string; version: number };
/** What a way of reading has delivered, in its order. */
type Log = Read[];

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const between = (least: number, most: number) => least + Math.random() * (most - least);

/** The verdict on a log: what it lacks of the truth, has twice, and has in another order than the entity's versions. */
function verdict(log: Log, truth: Log) {
  const seen = new Set<number>();
  const last = new Map<string, number>();
  let twice = 0;
  let disordered = 0;
  for (const { id, juke_id, version } of log) {
    if (seen.has(id)) twice += 1;
    seen.add(id);
    if (version <= (last.get(juke_id) ?? 0)) disordered += 1;
    last.set(juke_id, Math.max(version, last.get(juke_id) ?? 0));
  }
  return { missing: truth.filter(({ id }) => !seen.has(id)).length, twice, disordered };
}

/** Ways of reading: each returns what is new since it was called last. */
function readers(start: { cursor: string; id: number; xid: string; snapshot: string }) {
  const client = connect({ max: 6 });
  const rows = (found: Iterable<object>) =>
    [...found].map((row) => {
      const { id, juke_id, version } = row as Read;
      return { id: Number(id), juke_id, version };
    });

  let cursor = start.cursor;
  const updates = (limit: number) => async () => {
    const found = await client`select * from feed.updates(${cursor}, ${limit})`;
    cursor = found.at(-1)?.next_cursor ?? cursor;
    return rows(found);
  };

  let small = start.cursor;
  const pages = async () => {
    const found = await client`select * from feed.updates(${small}, 7)`;
    small = found.at(-1)?.next_cursor ?? small;
    return rows(found);
  };

  let lastId = start.id;
  const naive = async () => {
    const found =
      await client`select id, juke_id, version from feed.event where id > ${lastId} order by id`;
    lastId = Number(found.at(-1)?.id ?? lastId);
    return rows(found);
  };

  let [xid, horizonId] = [start.xid, start.id];
  const horizon = async () => {
    const found = await client`
      select id, juke_id, version, xid::text as after_xid from feed.event
      where (xid, id) > (${xid}::text::xid8, ${horizonId}::bigint)
        and xid < pg_snapshot_xmin(pg_current_snapshot())
      order by xid, id`;
    xid = found.at(-1)?.after_xid ?? xid;
    horizonId = Number(found.at(-1)?.id ?? horizonId);
    return rows(found);
  };

  let snapshot = start.snapshot;
  const twoStatements = async () => {
    const found = await client`
      select id, juke_id, version from feed.event
      where not pg_visible_in_snapshot(xid, ${snapshot}::text::pg_snapshot) order by id`;
    await pause(2);
    const [now] = await client`select pg_current_snapshot()::text as snapshot`;
    snapshot = now?.snapshot;
    return rows(found);
  };

  return { updates: updates(1000), pages, naive, horizon, twoStatements };
}

describe("under eight writers, some of which roll back and one of which takes long", () => {
  let truth: Log = [];
  const logs: { [reader: string]: Log } = {};

  beforeAll(async () => {
    const shared = await Promise.all(
      Array.from({ length: 5 }, (_, n) => insertEntity(sql, "artist", `${n}`)),
    );
    const own = await Promise.all(
      Array.from({ length: WRITERS + 1 }, (_, n) => insertEntity(sql, "artist", `own ${n}`)),
    );
    const [start] = await sql<[{ cursor: string; id: number; xid: string; snapshot: string }]>`
      select feed.head() as cursor, max(id)::int as id, max(xid)::text as xid, pg_current_snapshot()::text as snapshot
      from feed.event`;

    let writing = true;
    let stamp = 0;
    const write = async (who: number) => {
      const client = connect({ max: 1 });
      while (writing) {
        const long = who === WRITERS;
        await client
          .begin(async (tx) => {
            const touch = (id = "") =>
              tx`update catalog.artist set sort_name = ${`${++stamp}`} where juke_id = ${id}`;
            await touch(own[who]); // a transaction id is taken long before the shared entity is locked
            await pause(long ? between(200, 600) : between(0, 6));
            await touch(shared[Math.floor(Math.random() * shared.length)]);
            await pause(long ? 0 : between(0, 3));
            if (Math.random() < 0.1) throw new Error("rolled back");
          })
          .catch((error) => {
            if (error.message !== "rolled back") throw error;
          });
      }
    };
    const ways = readers(start);
    const writers = Array.from({ length: WRITERS + 1 }, (_, who) => write(who));
    let finished = Promise.resolve<unknown>(undefined);
    const reading = Object.entries(ways).map(async ([name, way]) => {
      const log: Log = [];
      logs[name] = log;
      while (writing) {
        log.push(...(await way()));
        await pause(5);
      }
      await finished; // everybody has committed: what is left comes now
      for (let more = await way(); more.length > 0; more = await way()) log.push(...more);
    });
    await pause(DURATION_MS);
    finished = Promise.all(writers);
    writing = false;
    await Promise.all([finished, ...reading]);
    truth = [
      ...(await sql<Log>`
        select id::int, juke_id, version from feed.event where id > ${start.id} order by id`),
    ];
  });

  test("there was something to miss", () => {
    expect(truth.length).toBeGreaterThan(1_000);
  });

  test.each(["updates", "pages"])(
    "feed.updates misses nothing, repeats nothing, keeps each entity's order (%s)",
    (name) => {
      expect(verdict(logs[name] ?? [], truth)).toEqual({ missing: 0, twice: 0, disordered: 0 });
    },
  );

  test("the checker sees that reading by id alone misses events", () => {
    expect(verdict(logs.naive ?? [], truth).missing).toBeGreaterThan(0);
  });

  test("the checker sees that the order of transaction ids is not that of an entity's versions", () => {
    expect(verdict(logs.horizon ?? [], truth)).toMatchObject({ missing: 0, twice: 0 });
    expect(verdict(logs.horizon ?? [], truth).disordered).toBeGreaterThan(0);
  });

  test("the checker sees that a snapshot of a later statement misses events", () => {
    expect(verdict(logs.twoStatements ?? [], truth).missing).toBeGreaterThan(0);
  });

  test("each entity's versions are without a gap: nothing that was rolled back was counted", () => {
    const versions = new Map<string, number[]>();
    for (const { juke_id, version } of truth)
      versions.set(juke_id, [...(versions.get(juke_id) ?? []), version]);
    for (const list of versions.values()) {
      expect(list).toEqual(list.map((_, index) => index + 2));
    }
  });
});
