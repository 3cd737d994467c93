import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { bind, eventsAfter, failure, head, insertEntity } from "../catalog-builder.ts";
import { testDatabase } from "../database.ts";

const { sql } = await testDatabase({ guarded: false });

test("every kind has an adapter: a view of the one table of external ids that takes rows of its kind", async () => {
  const kinds = await sql`select unnest(enum_range(null::catalog.entity_kind))::text as kind`;
  for (const { kind } of kinds) {
    const id = await insertEntity(sql, kind, "x");
    await bind(sql, kind, id, "wikidata", "Q1");
    const [row] = await sql`
      select kind, since = now() as fresh from ${sql(`catalog.${kind}_external_id`)} where juke_id = ${id}`;
    expect(row?.kind).toBe(kind);
  }
  const [count] =
    await sql`select count(*)::int as n from identity.external_id where external_id = 'Q1'`;
  expect(count?.n).toBe(kinds.length);
});

test("an adapter neither shows nor takes rows of another kind", async () => {
  const artist = await insertEntity(sql, "artist", "a");
  const label = await insertEntity(sql, "label", "l");
  await bind(sql, "label", label, "discogs", "10");
  expect(await sql`select * from catalog.artist_external_id where external_id = '10'`).toHaveLength(
    0,
  );
  expect(
    await failure(sql`
      insert into catalog.artist_external_id (juke_id, source, external_id, kind)
      values (${artist}, 'discogs', '12', 'label')`),
  ).toBe("44000");
  await bind(sql, "artist", artist, "discogs", "11");
  expect(
    await failure(
      sql`update catalog.artist_external_id set kind = 'label' where external_id = '11'`,
    ),
  ).toBe("44000");
  await sql`delete from catalog.artist_external_id where external_id = '10'`;
  expect(await sql`select * from catalog.label_external_id where external_id = '10'`).toHaveLength(
    1,
  );
});

test("an id cannot be given to an entity of another kind", async () => {
  const label = await insertEntity(sql, "label", "l");
  expect(await failure(bind(sql, "artist", label, "discogs", "20"))).toBe("JB101");
  const artist = await insertEntity(sql, "artist", "a");
  await bind(sql, "artist", artist, "discogs", "21");
  expect(
    await failure(
      sql`update catalog.artist_external_id set juke_id = ${label} where external_id = '21'`,
    ),
  ).toBe("JB101");
});

test("an unknown scheme is refused with JB105, one that does not name the kind with JB106", async () => {
  const artist = await insertEntity(sql, "artist", "a");
  expect(await failure(bind(sql, "artist", artist, "nonsense", "x"))).toBe("JB105");
  expect(await failure(bind(sql, "artist", artist, "isrc", "GBAYE6800011"))).toBe("JB106");
  const error = await bind(sql, "artist", artist, "nonsense", "x").catch((e) => e);
  expect(error.detail).toContain("mbid, podcast_guid, isni");
});

test("an id written by hand must be in its canonical form: the hint says it", async () => {
  const artist = await insertEntity(sql, "artist", "a");
  const mbid = randomUUID();
  const error = await bind(sql, "artist", artist, "mbid", mbid.toUpperCase()).catch((e) => e);
  expect(error).toMatchObject({ code: "JB108", hint: expect.stringContaining(mbid) });
  expect(await failure(bind(sql, "artist", artist, "mbid", "garbage"))).toBe("JB108");
  expect(await failure(bind(sql, "artist", artist, "isni", "0000000218250098"))).toBe("JB108");
  await bind(sql, "artist", artist, "mbid", mbid);
  expect(
    await failure(
      sql`update catalog.artist_external_id set external_id = 'x' where juke_id = ${artist}`,
    ),
  ).toBe("JB108");
});

test("an id names one entity of a kind: the second claim fails and steals nothing", async () => {
  const [first, second] = [
    await insertEntity(sql, "artist", "1"),
    await insertEntity(sql, "artist", "2"),
  ];
  await bind(sql, "artist", first, "deezer", "5");
  expect(await failure(bind(sql, "artist", second, "deezer", "5"))).toBe("23505");
  await bind(sql, "album", await insertEntity(sql, "album", "3"), "deezer", "5");
  const [row] = await sql`select juke_id from catalog.artist_external_id where external_id = '5'`;
  expect(row?.juke_id).toBe(first);
});

test("an id needs its entity, and goes with it", async () => {
  expect(await failure(bind(sql, "artist", randomUUID(), "deezer", "6"))).toBe("23503");
  const artist = await insertEntity(sql, "artist", "a");
  await bind(sql, "artist", artist, "deezer", "7");
  await sql`delete from catalog.entity where juke_id = ${artist}`;
  expect(await sql`select * from identity.external_id where juke_id = ${artist}`).toHaveLength(0);
});

test("insert, update and delete through an adapter change the entity and reach the feed", async () => {
  const artist = await insertEntity(sql, "artist", "a");
  for (const statement of [
    () => bind(sql, "artist", artist, "deezer", "8"),
    () => sql`update catalog.artist_external_id set external_id = '9' where juke_id = ${artist}`,
    () => sql`delete from catalog.artist_external_id where juke_id = ${artist}`,
  ]) {
    const before = await head(sql);
    await statement();
    expect(await eventsAfter(sql, before)).toMatchObject([
      { juke_id: artist, op: "upsert", changed: ["external_ids"] },
    ]);
  }
});

test.each([
  ["empty", ""],
  ["longer than an index key", `https://example.com/${"x".repeat(2000)}`],
])("a value that is %s is refused", async (_what, value) => {
  const podcast = await insertEntity(sql, "podcast", "p");
  expect(await failure(bind(sql, "podcast", podcast, "feed_url", value))).toMatch(/23514|JB108/);
});
