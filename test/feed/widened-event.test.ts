import type { TransactionSql } from "postgres";
import { expect, test } from "vitest";
import { insertEntity } from "../catalog-builder.ts";
import { testDatabase } from "../database.ts";

const { sql } = await testDatabase({ guarded: false });

type Event = { op: string; raised: number; changed: string[] | null };

/** The events that a transaction writes about an entity, in their order, and by how much each raised its version. */
async function eventsOf(
  jukeId: string,
  work: (tx: TransactionSql) => Promise<unknown>,
): Promise<Event[]> {
  const [entity] = await sql`select version from catalog.entity where juke_id = ${jukeId}`;
  const before = entity?.version ?? 0;
  await sql.begin(work);
  return [...(await eventsSince(before, jukeId))];
}

function eventsSince(version: number, jukeId: string): Promise<Event[]> {
  return sql<Event[]>`
    select op, version - ${version}::int as raised, changed from feed.event
    where juke_id = ${jukeId} and version > ${version} order by id`;
}

test("an update names the columns it changed, and no others", async () => {
  const artist = await insertEntity(sql, "artist", "before");
  const events = await eventsOf(
    artist,
    (tx) => tx`
      update catalog.artist set name = 'after', country = 'GB', gender = gender, ended = null
      where juke_id = ${artist}`,
  );
  expect(events).toEqual([{ op: "upsert", raised: 1, changed: ["country", "name"] }]);
});

test("a column that becomes unknown, or known, is a change of it", async () => {
  const artist = await insertEntity(sql, "artist", "a");
  const set = (area: string | null) => (tx: TransactionSql) =>
    tx`update catalog.artist set area = ${area} where juke_id = ${artist}`;
  expect(await eventsOf(artist, set("Leeds"))).toEqual([
    { op: "upsert", raised: 1, changed: ["area"] },
  ]);
  expect(await eventsOf(artist, set(null))).toEqual([
    { op: "upsert", raised: 1, changed: ["area"] },
  ]);
  expect(await eventsOf(artist, set(null))).toEqual([]);
});

test("changes of one transaction are one event that names them all", async () => {
  const track = await insertEntity(sql, "track", "t");
  const events = await eventsOf(track, async (tx) => {
    await tx`update catalog.track set duration_ms = 1 where juke_id = ${track}`;
    await tx`update catalog.track set explicit = true where juke_id = ${track}`;
    await tx`insert into catalog.alias (juke_id, name) values (${track}, 'x'), (${track}, 'y')`;
    await tx`update catalog.track set duration_ms = 2 where juke_id = ${track}`;
  });
  expect(events).toEqual([
    { op: "upsert", raised: 1, changed: ["aliases", "duration_ms", "explicit"] },
  ]);
});

test("a statement that meets entities changed before and entities fresh gives each one event", async () => {
  const [first, second] = [
    await insertEntity(sql, "track", "1"),
    await insertEntity(sql, "track", "2"),
  ];
  const work = async (tx: TransactionSql) => {
    await tx`update catalog.track set explicit = true where juke_id = ${first}`;
    await tx`update catalog.track set duration_ms = 5 where juke_id in (${first}, ${second})`;
  };
  expect(await eventsOf(first, work)).toEqual([
    { op: "upsert", raised: 1, changed: ["duration_ms", "explicit"] },
  ]);
  expect([...(await eventsSince(1, second))]).toEqual([
    { op: "upsert", raised: 1, changed: ["duration_ms"] },
  ]);
});

test("what a call of feed.capture repeats is counted once, and what is no entity not at all", async () => {
  const track = await insertEntity(sql, "track", "t");
  const events = await eventsOf(
    track,
    (tx) => tx`
      select feed.capture(array[
        row (${track}, '{b,a}'), row (${track}, '{c}'), row (gen_random_uuid(), '{a}')
      ]::feed.change[])`,
  );
  expect(events).toEqual([{ op: "upsert", raised: 1, changed: ["a", "b", "c"] }]);
});

test("what is born and changed in one transaction stays a birth", async () => {
  const [row] = await sql`select identity.uuidv7() as juke_id`;
  const track = row?.juke_id;
  const events = await eventsOf(track, async (tx) => {
    await tx`insert into catalog.entity (juke_id, kind, display_name) values (${track}, 'track', 't')`;
    await tx`insert into catalog.track (juke_id, title) values (${track}, 't')`;
    await tx`update catalog.track set title = 'u' where juke_id = ${track}`;
    await tx`insert into catalog.alias (juke_id, name) values (${track}, 'x')`;
  });
  expect(events).toEqual([{ op: "upsert", raised: 1, changed: null }]);
});
