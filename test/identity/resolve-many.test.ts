import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { bind, failure, insertEntity } from "../catalog-builder.ts";
import { testDatabase } from "../database.ts";

const { sql } = await testDatabase({ guarded: false });

/** References to a small catalog in which every status occurs. */
const known: string[] = [];

beforeAll(async () => {
  const mbid = randomUUID();
  const artist = await insertEntity(sql, "artist", "artist");
  await bind(sql, "artist", artist, "mbid", mbid);
  await bind(sql, "artist", artist, "discogs", "1");
  const label = await insertEntity(sql, "label", "label");
  await bind(sql, "label", label, "discogs", "1");
  const merged = await insertEntity(sql, "track", "merged");
  const survivor = await insertEntity(sql, "track", "survivor");
  await bind(sql, "track", merged, "isrc", "GBAYE6800011");
  await bind(sql, "track", survivor, "isrc", "GBAYE6800012");
  await sql`update catalog.entity set status = 'merged', merged_into = ${survivor} where juke_id = ${merged}`;
  const deleted = await insertEntity(sql, "book", "deleted");
  await bind(sql, "book", deleted, "isbn", "9780306406157");
  await sql`update catalog.entity set status = 'deleted' where juke_id = ${deleted}`;
  known.push(
    ...[artist, label, merged, survivor, deleted, mbid, `mbid:${mbid}`, `juke_id:${mbid}`],
    ...["discogs:1", "discogs:label:1", "https://www.discogs.com/artist/1-x"],
    ...["isrc:GBAYE6800011", "isrc:GB-AYE-68-00012", "isbn:0-306-40615-2", randomUUID()],
    ...["isrc:GBAYE6899999", "isrc:wrong", "nonsense", "", " ", `juke_id:${merged}`],
  );
});

test("one row for each reference in the order given, repetitions and nulls included", async () => {
  const refs = [...known, null, ...known.toReversed(), null, "isrc:GBAYE6800011"];
  const rows = await sql`select * from identity.resolve_many(${refs as string[]}::text[])`;
  expect(rows.map(({ ref }) => ref)).toEqual(refs);
  expect(rows[known.length]).toMatchObject({ status: "invalid", juke_id: null, scheme: null });
  for (const [index] of known.entries()) {
    expect(rows[refs.length - 3 - index]).toEqual(rows[index]);
  }
});

test("every status occurs and is told apart", async () => {
  const rows = await sql`select status from identity.resolve_many(${known}::text[])`;
  expect([...new Set(rows.map(({ status }) => status))].sort()).toEqual([
    "ambiguous",
    "deleted",
    "found",
    "invalid",
    "not_found",
    "redirected",
  ]);
});

test("an ambiguous reference names nothing", async () => {
  const [row] = await sql`select * from identity.resolve_many('{discogs:1}')`;
  expect(row).toMatchObject({ status: "ambiguous", juke_id: null, kind: null, rule: "discogs" });
});

test("it answers as resolve does for each alone", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(), { maxLength: 30 }), async (picks) => {
      const refs = picks.map((pick) => known[pick % known.length] ?? "");
      const many = await sql`select * from identity.resolve_many(${refs}::text[])`;
      for (const [index, ref] of refs.entries()) {
        const alone = await sql`select * from identity.resolve(${ref})`.catch((error) => error);
        const answer = many[index];
        if (alone instanceof Error) {
          expect([(alone as { code?: string }).code, answer?.status]).toEqual(["JB103", "invalid"]);
        } else if (alone.length === 0) expect(answer?.status).toBe("not_found");
        else if (alone.length > 1) expect(answer?.status).toBe("ambiguous");
        else expect(answer).toEqual(alone[0]);
      }
    }),
    { numRuns: 25 },
  );
});

test("no references give no rows, and neither does null", async () => {
  expect(await sql`select * from identity.resolve_many('{}')`).toHaveLength(0);
  expect(await sql`select * from identity.resolve_many(null)`).toHaveLength(0);
});

test("10,000 references are answered, one more is refused with JB104", async () => {
  const refs = Array.from({ length: 10_000 }, (_, index) => known[index % known.length] ?? "");
  expect(await sql`select * from identity.resolve_many(${refs}::text[])`).toHaveLength(10_000);
  expect(await failure(sql`select * from identity.resolve_many(${[...refs, "x"]}::text[])`)).toBe(
    "JB104",
  );
  expect(
    await failure(sql`select * from identity.resolve_many(array_fill('x'::text, array[200, 200]))`),
  ).toBe("JB104");
});

test("the typed batch keeps the order of its input and shows what it misses", async () => {
  const rows = await sql`
    select ordinal::int, external_id, kind, juke_id is not null as hit
    from identity.resolve_external_many('discogs', '{9,1,9}') order by ordinal, kind`;
  expect([...rows]).toEqual([
    { ordinal: 1, external_id: "9", kind: null, hit: false },
    { ordinal: 2, external_id: "1", kind: "artist", hit: true },
    { ordinal: 2, external_id: "1", kind: "label", hit: true },
    { ordinal: 3, external_id: "9", kind: null, hit: false },
  ]);
});
