import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { entityOf, type LooseRecord } from "../catalog-builder.ts";
import { testDatabase } from "../database.ts";

const { sql } = await testDatabase();

/** Takes records in by a run of their own; returns the pairs that are in review since, by the ids of their records. */
async function run(source: string, records: LooseRecord[]): Promise<string[]> {
  const [row] = await sql<[{ run: string }]>`
    select ingest.start_run(ingest.open_delivery(${source}, 'test', 'ndjson', ${randomBytes(32)}, 0)) as run`;
  await sql`select ingest.begin_run(${row.run})`;
  await sql`
    select ingest.apply_run(
      ${row.run}, 1, ${records.length + 1}, ${sql.json(records as never)},
      ${records.map((_, n) => n + 1)}::bigint[], ${records.map(({ id }) => id)}::text[]
    )`;
  const [before] = await sql<[{ id: string }]>`
    select coalesce(max(review_id), 0) as id from identity.review`;
  await sql`select ingest.finish_run(${row.run})`;
  const pairs = await sql<{ pair: string }[]>`
    select string_agg(distinct r.source_record_id, ' ' order by r.source_record_id) as pair
    from identity.review v
    join identity.membership m on m.juke_id in (v.a_juke_id, v.b_juke_id)
    join ingest.record r using (record_id)
    where v.topic = 'near_match' and v.review_id > ${before.id}
    group by v.review_id`;
  return pairs.map(({ pair }) => pair).sort();
}

const by = (id: string) => [{ contributor: { kind: "artist", id }, role: "artist" }];
const track = (id: string, title: string, artist: string, rest: object = {}): LooseRecord => ({
  kind: "track",
  id,
  title,
  credits: by(artist),
  ...rest,
});

test("what a run has made is put to review with what has its title and artist, and about its length", async () => {
  expect(
    await run("one", [
      track("a", "Intro", "x", { duration_ms: 60_000 }),
      track("b", "INTRO", "x", { duration_ms: 63_000 }),
      track("c", "Intro", "y"),
      track("d", "Outro", "x"),
    ]),
  ).toEqual(["a b"]);
  expect(
    await run("one", [
      track("e", "intro", "x", { duration_ms: 66_000 }), // too long for a
      track("f", "Intro", "y"),
      track("g", "Intro", "z"),
    ]),
  ).toEqual(["b e", "c f"]);
  // The others are not asked about again.
  expect(await run("one", [track("h", "Outro", "x")])).toEqual(["d h"]);
  expect(await run("one", [track("h", "Outro", "x", { explicit: true })])).toEqual([]);
});

test("what carries different MBIDs, is no more, or is of a source that knows its own apart is not asked about", async () => {
  const mbid = (d: string) => ({ ids: { mbid: `${d.repeat(8)}-1111-4111-8111-111111111111` } });
  await sql`
    insert into ingest.source (source, title, duplicate_free) values ('apart', 'Apart', true)`;
  expect(
    await run("two", [track("m1", "Song", "x", mbid("1")), track("m2", "Song", "x", mbid("2"))]),
  ).toEqual([]);
  expect(await run("apart", [track("p1", "Same", "x"), track("p2", "Same", "x")])).toEqual([]);

  expect(await run("two", [track("r1", "Gone", "x")])).toEqual([]);
  await sql`select identity.delete(${(await entityOf(sql, "two", "track", "r1")) ?? ""}, 'gone')`;
  expect(await run("two", [track("r2", "Gone", "x")])).toEqual([]);
});
