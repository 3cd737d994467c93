import { expect, test } from "vitest";
import { deliver } from "../catalog-builder.ts";
import { testDatabase } from "../database.ts";

const { sql } = await testDatabase();

const configure = (config: object) =>
  sql`select outcome, is_ranked_anew as anew from ingest.apply_source(${sql.json(config as never)})`;

test("the sources that come with the product keep what they are, unless somebody says otherwise", async () => {
  for (const source of ["manual", "musicbrainz", "discogs"]) {
    expect(await configure({ source, schedule: "0 6 * * *" })).toMatchObject([{ anew: false }]);
  }
  const rows = await sql`
    select source, priority, source_type as type, duplicate_free as free
    from ingest.source where source in ('manual', 'musicbrainz', 'discogs') order by priority`;
  expect(rows).toEqual([
    { source: "discogs", priority: 400, type: "community", free: true },
    { source: "musicbrainz", priority: 500, type: "community", free: false },
    { source: "manual", priority: 1000, type: "people", free: false },
  ]);
  await configure({ source: "musicbrainz", priority: 7, type: "other" });
  expect(
    await sql`select priority, source_type as type from ingest.source where source = 'musicbrainz'`,
  ).toEqual([{ priority: 7, type: "other" }]);
});

test.each([
  ["a priority that no comparison of ranks holds", { priority: 2_147_483_647 }],
  ["a priority below all", { priority: -2_147_483_648 }],
  ["no regular expression", { quality: { artist: [rule("name", "matches", "(")] } }],
  ["a weight that is no number", { quality: { artist: [{ field: "name", weight: "NaN" }] } }],
  ["an infinite weight", { quality: { artist: [{ field: "name", weight: "Infinity" }] } }],
  ["a schedule that is none", { schedule: "nonsense" }],
  ["six fields", { schedule: "0 0 6 * * *" }],
])("%s is refused, and nothing of the rest is changed", async (_, wrong) => {
  const whole = { source: "half", title: "Before", locations: ["https://half.example/1"] };
  await configure(whole);
  await expect(
    configure({ ...whole, title: "After", locations: ["https://half.example/2"], ...wrong }),
  ).rejects.toMatchObject({ code: "JB214" });
  const [row] = await sql<[{ config: object }]>`select ingest.source_config('half') as config`;
  expect(row.config).toMatchObject({
    title: "Before",
    locations: ["https://half.example/1"],
  });
});

function rule(field: string, test: string, argument: string) {
  return { field, test, argument };
}

test("the greatest priority wins over the least", async () => {
  await configure({ source: "most", priority: 1_000_000 });
  await configure({ source: "least", priority: -1_000_000 });
  const ids = { mbid: "11111111-1111-4111-8111-111111111111" };
  await deliver(sql, "most", [{ kind: "artist", id: "a", name: "Most", ids }]);
  await deliver(sql, "least", [{ kind: "artist", id: "a", name: "Least", ids }]);
  expect(await sql`select name from catalog.artist`).toEqual([{ name: "Most" }]);
});

test("a format that is left out again is that of the locations no more", async () => {
  const locations = ["https://format.example/1"];
  const formats = () => sql`select format from ingest.location where source = 'formatted'`;
  await configure({ source: "formatted", format: "table", locations });
  expect(await formats()).toEqual([{ format: "table" }]);
  await configure({ source: "formatted", locations });
  expect(await formats()).toEqual([{ format: null }]);
});

test("what is null has its default, as what is left out", async () => {
  const config = { source: "nulls", title: "Nulls", schedule: "1 2 * * 3", mapping: { a: 1 } };
  await configure({ ...config, locations: ["https://nulls.example/"] });
  expect(
    await configure({
      source: "nulls",
      title: null,
      schedule: null,
      mapping: null,
      locations: null,
      quality: null,
      priority: null,
      duplicate_free: null,
    }),
  ).toMatchObject([{ outcome: "changed" }]);
  expect(await configure({ source: "nulls" })).toMatchObject([{ outcome: "unchanged" }]);
});

test("a reranking locks records in the order in which deliveries lock them", async () => {
  // Stored in one order, named in the other.
  await deliver(sql, "ranked", [{ kind: "artist", id: "z", name: "Z" }]);
  await deliver(sql, "ranked", [{ kind: "artist", id: "a", name: "A" }]);
  await configure({
    source: "ranked",
    quality: { artist: [{ field: "name" }] },
  });
  const { a, z } = (
    await sql`
    select max(record_id) filter (where source_record_id = 'a') as a, max(record_id) filter (where source_record_id = 'z') as z
    from ingest.record where source = 'ranked'`
  )[0] as { a: string; z: string };
  expect(Number(z)).toBeLessThan(Number(a));
  let ranked: Promise<unknown> | undefined;
  await sql.begin(async (tx) => {
    await tx`select from ingest.record where record_id = ${a} for no key update`;
    ranked = sql`select ingest.rerank('ranked')`;
    ranked.catch(() => {});
    await expect
      .poll(
        async () =>
          sql`select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
        { timeout: 10_000 },
      )
      .toHaveLength(1);
    await tx`select from ingest.record where record_id = ${z} for no key update nowait`;
  });
  await ranked;
  expect(await sql`select quality from ingest.record where source = 'ranked'`).toEqual([
    { quality: 1 },
    { quality: 1 },
  ]);
});
