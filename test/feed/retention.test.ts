import { beforeEach, expect, test } from "vitest";
import { eventsAfter, failure, head, insertEntity } from "../catalog-builder.ts";
import { type TestDatabase, testDatabase } from "../database.ts";
import { until } from "../worker/until.ts";

let database: TestDatabase;

beforeEach(async () => {
  database = await testDatabase({ guarded: false });
});

const maintain = () =>
  database.sql<{ done: string; partition: string }[]>`select * from feed.maintain()`;

const done = async () => (await maintain()).map((row) => row.done);

const partitions = async () =>
  [...(await database.sql`select partition::text, since, until from feed.partitions()`)] as {
    partition: string;
    since: Date;
    until: Date;
  }[];

/** A partition of so many days ago, for a week, with an event of its first moment; returns its name. */
async function oldPartition(daysAgo: number): Promise<string> {
  const [row] = await database.sql`
    select feed.make_partition(t.since, t.since + interval '7 days') as name
    from (select date_trunc('day', now(), 'UTC') - ${daysAgo} * interval '1 day' as since) t`;
  await oldEvent(daysAgo);
  return row?.name;
}

/** An event of a transaction that began so many days ago. */
const oldEvent = (daysAgo: number, sql = database.sql) => sql`
  insert into feed.event (kind, juke_id, op, version, at)
  values ('artist', identity.uuidv7(), 'upsert', 1, date_trunc('day', now(), 'UTC') - ${daysAgo} * interval '1 day')`;

const partitionsOfEvents = async () =>
  (
    await database.sql`select distinct tableoid::regclass::text as name from feed.event order by 1`
  ).map(({ name }) => name);

test("there is always a partition for now and one ahead, and making them again does nothing", async () => {
  const made = await done();
  expect(made).toEqual(["made", "made"]);
  expect(await done()).toEqual([]);
  const [now, next] = await partitions();
  expect(now?.since.getTime()).toBeLessThanOrEqual(Date.now());
  expect(now?.until.getTime()).toBeGreaterThan(Date.now());
  expect(next?.since).toEqual(now?.until);
  await insertEntity(database.sql, "artist", "a");
  expect(await partitionsOfEvents()).toEqual([now?.partition]);
});

test("the width of a partition can be changed: the next ones have it", async () => {
  await maintain();
  await database.sql`update feed.retention set width = '30 days'`;
  await maintain();
  const all = await partitions();
  const widths = all.map(({ since, until }) => (until.getTime() - since.getTime()) / 86_400_000);
  expect(widths).toEqual([7, 7, 30]);
});

test("a feed that nobody maintained goes on, and its events get a partition when somebody does", async () => {
  const { sql } = database;
  const before = await head(sql);
  const ids: string[] = [];
  for (let n = 0; n < 3; n++) ids.push(await insertEntity(sql, "artist", `${n}`));
  expect(await partitionsOfEvents()).toEqual(["feed.event_default"]);
  const [first] = await eventsAfter(sql, before, 1);

  expect(await done()).toEqual(["filed", "made"]);
  const [filed] = await partitions();
  expect(await partitionsOfEvents()).toEqual([filed?.partition]);
  ids.push(await insertEntity(sql, "artist", "later"));
  const rest = await eventsAfter(sql, first?.next_cursor ?? "");
  const later = await eventsAfter(sql, rest.at(-1)?.next_cursor ?? "");
  expect([first, ...rest, ...later].map((event) => event?.juke_id)).toEqual(ids);
  expect(await done()).toEqual([]);
});

test("weeks without maintenance: the events after the last partition are filed as one", async () => {
  const { sql } = database;
  await oldPartition(40);
  await oldEvent(20);
  await oldEvent(2);
  await insertEntity(sql, "artist", "now");
  await sql`update feed.retention set keep = '100 days'`;
  expect((await done())[0]).toBe("filed");
  const all = await partitions();
  expect(all[1]?.since).toEqual(all[0]?.until);
  expect(await partitionsOfEvents()).toHaveLength(2);
  const [left] = await sql`select count(*)::int as events from feed.event_default`;
  expect(left?.events).toBe(0);
  expect(await eventsAfter(sql, null)).toHaveLength(4);
});

test("the event of a transaction that is older than the feed is kept stays in the default, and is in nobody's way", async () => {
  const { sql } = database;
  await maintain();
  await oldEvent(300);
  expect(await done()).toEqual([]);
  expect(await partitionsOfEvents()).toEqual(["feed.event_default"]);
  expect(await eventsAfter(sql, null)).toHaveLength(1);
  // Also when there is something to file at the same time.
  await sql`drop table ${sql((await partitions())[1]?.partition ?? "")}`;
  await oldEvent(-8);
  expect(await done()).toContain("filed");
  expect(await eventsAfter(sql, null)).toHaveLength(2);
});

test("what is older than it is kept is dropped, with its partition; younger ones stay", async () => {
  const names = [await oldPartition(50), await oldPartition(40), await oldPartition(30)];
  const rows = await maintain();
  expect(rows.filter((row) => row.done === "dropped").map(({ partition }) => partition)).toEqual(
    names.slice(0, 2),
  );
  expect((await partitions()).map(({ partition }) => partition)).toContain(names[2]);
  expect(await eventsAfter(database.sql, null)).toHaveLength(1);
});

test("whoever has not read what was dropped is told, and whoever has goes on", async () => {
  const { sql } = database;
  await sql`select from feed.add_consumer('slow')`;
  await sql`select from feed.add_consumer('fast')`;
  const start = await head(sql);
  await oldPartition(50);
  const middle = await head(sql);
  await oldPartition(43);
  const fast = await head(sql);
  await sql`select feed.ack('fast', ${fast})`;
  const kept = await insertEntity(sql, "artist", "kept");
  expect(await done()).toContain("dropped");

  for (const cursor of [start, middle]) {
    const error = await eventsAfter(sql, cursor).catch((e) => e);
    expect(error).toMatchObject({
      code: "JB305",
      detail: expect.stringMatching(/dropped at .* kept for 28 days/),
      hint: expect.stringContaining("feed.bootstrap"),
    });
  }
  expect(await failure(sql`select * from feed.poll('slow')`)).toBe("JB305");
  expect(await failure(sql`select feed.ack('slow', ${start})`)).toBe("JB305");
  const lags = await sql`select consumer, events, problem from feed.lag() order by consumer`;
  expect([...lags]).toEqual([
    { consumer: "fast", events: "1", problem: null },
    { consumer: "slow", events: null, problem: "JB305: the cursor has expired" },
  ]);
  expect((await eventsAfter(sql, fast)).map(({ juke_id }) => juke_id)).toEqual([kept]);
  expect((await sql`select * from feed.poll('fast')`).map(({ juke_id }) => juke_id)).toEqual([
    kept,
  ]);
  // From the beginning is from what is kept, and so is a reset.
  expect((await eventsAfter(sql, null)).map(({ juke_id }) => juke_id)).toEqual([kept]);
  await sql`select feed.reset('slow')`;
  expect((await sql`select * from feed.poll('slow')`).map(({ juke_id }) => juke_id)).toEqual([
    kept,
  ]);
});

test("within a batch it depends on how far it was read", async () => {
  const { sql } = database;
  const start = await head(sql);
  await oldPartition(50);
  await oldEvent(49);
  const kept = [await insertEntity(sql, "artist", "1"), await insertEntity(sql, "artist", "2")];
  const cursors = (await eventsAfter(sql, start)).map(({ next_cursor }) => next_cursor);
  expect(await done()).toContain("dropped");
  expect(await failure(eventsAfter(sql, cursors[0] ?? ""))).toBe("JB305");
  for (const [index, cursor] of cursors.slice(1).entries()) {
    const rest = await eventsAfter(sql, cursor);
    expect(rest.map(({ juke_id }) => juke_id)).toEqual(kept.slice(index));
  }
});

test("a window of time that begins before what is kept is refused", async () => {
  const { sql } = database;
  await oldPartition(50);
  await oldEvent(2);
  await maintain();
  const early = sql`select * from feed.updates_between(now() - interval '49 days')`;
  expect(await failure(early)).toBe("JB305");
  expect(await sql`select * from feed.updates_between(now() - interval '40 days')`).toHaveLength(1);
});

test("as long as a transaction runs that is as old as what would be dropped, it stays", async () => {
  const { sql, connect } = database;
  const other = connect({ max: 1 });
  await other.begin(async (tx) => {
    await tx`select pg_current_xact_id()`;
    await oldPartition(50);
    expect(await done()).toContain("postponed");
    expect(await eventsAfter(sql, null)).toHaveLength(1);
  });
  expect(await done()).toContain("dropped");
  expect(await eventsAfter(sql, null)).toEqual([]);
});

test("maintenance waits for nobody, and nobody for it", async () => {
  const { sql, connect } = database;
  await oldPartition(50);
  await maintain();
  await oldPartition(60);
  const other = connect({ max: 1 });
  await other.begin(async (tx) => {
    await tx`select count(*) from feed.event`; // a reader that stays: it keeps the partition from being dropped
    expect(await done()).toEqual(["postponed"]);
    await insertEntity(sql, "artist", "meanwhile");
  });
  expect(await done()).toEqual(["dropped"]);
});

test("an event that is committed while its partition is made puts it off", async () => {
  const { sql, connect } = database;
  await insertEntity(sql, "artist", "a");
  await sql`delete from feed.event`;
  // A maintenance that waits longer, so that the writer ends meanwhile.
  const patient = connect({ max: 1, connection: { application_name: "patient" } });
  const writer = await connect({ max: 1 }).reserve();
  await writer`begin`;
  await insertEntity(writer, "artist", "b");
  const maintained = patient`select done from feed.maintain('20 s')`.execute();
  await until("it waits", async () => {
    const [row] = await sql`
      select from pg_stat_activity where application_name = 'patient' and wait_event_type = 'Lock'`;
    return row !== undefined;
  });
  await writer`commit`;
  writer.release();
  expect([...(await maintained)]).toEqual([{ done: "postponed" }]);
  expect(await done()).toEqual(["filed", "made"]);
});

test("any number may maintain at once", async () => {
  const { sql, connect } = database;
  await oldPartition(50);
  await insertEntity(sql, "artist", "a");
  const client = connect({ max: 6 });
  const runs = await Promise.all(
    Array.from({ length: 6 }, () => client`select done from feed.maintain()`),
  );
  expect(runs.flatMap((rows) => rows.map((row) => row.done)).sort()).toEqual([
    "dropped",
    "filed",
    "made",
  ]);
});

test("a feed that comes from another cluster is not read, and begins anew when it is maintained", async () => {
  const { sql } = database;
  await insertEntity(sql, "artist", "a");
  await sql`update feed.retention set cluster = 42`; // as a dump brings it along
  const error = await eventsAfter(sql, null).catch((e) => e);
  expect(error).toMatchObject({ code: "JB302", hint: expect.stringContaining("feed.maintain()") });
  expect(await failure(sql`select feed.add_consumer('x')`)).toBe("JB302");
  expect(await done()).toContain("emptied");
  expect(await eventsAfter(sql, null)).toEqual([]);
  const id = await insertEntity(sql, "artist", "b");
  expect((await eventsAfter(sql, null)).map(({ juke_id }) => juke_id)).toEqual([id]);
});

test("a reader with an older snapshot is told that something was dropped, and given no gap", async () => {
  const { sql, connect } = database;
  const start = await head(sql);
  await oldPartition(50);
  await insertEntity(sql, "artist", "kept");
  const reader = connect({ max: 1 });
  await reader.begin("isolation level repeatable read", async (tx) => {
    await tx`select 1 from catalog.entity limit 1`; // takes the snapshot
    expect(await done()).toContain("dropped");
    await tx
      .savepoint(async (inner) => {
        expect(await failure(inner`select * from feed.updates(${start})`)).toBe("40001");
      })
      .catch(() => {});
  });
  expect(await failure(eventsAfter(sql, start))).toBe("JB305");
});

test("what was polled may be dropped before it is acknowledged", async () => {
  const { sql } = database;
  await sql`select from feed.add_consumer('worker', ${await head(sql)})`;
  await oldPartition(50);
  const [polled] = await sql`select * from feed.poll('worker')`;
  expect(await done()).toContain("dropped");
  await sql`select feed.ack('worker', ${polled?.next_cursor})`;
  expect(await sql`select * from feed.poll('worker')`).toEqual([]);
});

test("whoever begins at the oldest gets all that is kept, also when what was dropped was written last", async () => {
  const { sql } = database;
  const kept = [await insertEntity(sql, "artist", "1"), await insertEntity(sql, "artist", "2")];
  await oldPartition(50); // of a transaction that began long ago, and wrote just now
  kept.push(await insertEntity(sql, "artist", "3"));
  expect(await done()).toContain("dropped");
  const walked: string[] = [];
  let cursor: string | null = null;
  for (;;) {
    const [event] = await eventsAfter(sql, cursor, 1);
    if (!event) break;
    walked.push(event.juke_id);
    cursor = event.next_cursor;
  }
  expect(walked).toEqual(kept);
});

test("what was restored from another cluster gives no cursor, window or full read either", async () => {
  const { sql } = database;
  await sql`update feed.retention set cluster = 42`;
  for (const call of [
    sql`select feed.head()`,
    sql`select * from feed.updates_between(now() - interval '1 hour')`,
    sql`select * from feed.bootstrap()`,
    sql`select * from feed.lag()`,
  ]) {
    expect(await failure(call)).toBe("JB302");
  }
});

test("a partition without events that is dropped makes no cursor expire", async () => {
  const { sql } = database;
  await oldPartition(50);
  expect(await done()).toContain("dropped");
  await insertEntity(sql, "artist", "kept");
  await sql`select from feed.add_consumer('new')`;
  await sql`
    select feed.make_partition(t.since, t.since + interval '7 days')
    from (select date_trunc('day', now(), 'UTC') - interval '90 days' as since) t`;
  expect(await done()).toContain("dropped");
  expect(await sql`select * from feed.poll('new')`).toHaveLength(1);
});
