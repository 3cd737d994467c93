import { expect, test } from "vitest";
import { deliver, eventsAfter, failure, head, openDelivery } from "../catalog-builder.ts";
import { testDatabase } from "../database.ts";

const { sql } = await testDatabase();

const good = { kind: "artist", id: "good", name: "Good" } as const;

/** What is wrong with a record, and the SQLSTATE with which its batch is refused. */
const REFUSED: [what: string, record: unknown, code: string][] = [
  ["no object", "artist", "JB201"],
  ["null", null, "JB201"],
  ["no kind", { id: "x", name: "X" }, "JB201"],
  ["an unknown kind", { kind: "planet", id: "x" }, "JB201"],
  ["a kind that is no text", { kind: ["artist"], id: "x" }, "JB201"],
  ["no id", { kind: "artist", name: "X" }, "JB201"],
  ["an empty id", { kind: "artist", id: "", name: "X" }, "JB201"],
  ["an id that is a number", { kind: "artist", id: 5, name: "X" }, "JB201"],
  ["an id that fits no index", { kind: "artist", id: "x".repeat(2001) }, "JB201"],
  ["an unknown scope", { kind: "artist", id: "x", scope: "some" }, "JB201"],
  ["a scope that is no text", { kind: "artist", id: "x", scope: 1 }, "JB201"],
  ["ids that are a list", { kind: "artist", id: "x", ids: ["Q1"] }, "JB201"],
  ["ids that are text", { kind: "artist", id: "x", ids: "Q1" }, "JB201"],
  [
    "a reference of an unknown kind",
    { kind: "release", id: "x", album: { kind: "planet", id: "1" } },
    "JB201",
  ],
  [
    "a reference without an id",
    { kind: "release", id: "x", album: { kind: "album", id: null } },
    "JB201",
  ],
  [
    "a reference with an empty id",
    { kind: "release", id: "x", album: { kind: "album", id: "" } },
    "JB201",
  ],
  [
    "a reference with a number",
    { kind: "release", id: "x", album: { kind: "album", id: 1 } },
    "JB201",
  ],
  [
    "a reference in a list of an unknown kind",
    { kind: "album", id: "x", credits: [{ contributor: { kind: "x", id: "1" }, role: "artist" }] },
    "JB201",
  ],
  ["an id of an unknown scheme", { kind: "artist", id: "x", ids: { nonsense: "1" } }, "JB202"],
  ["a duration in words", { kind: "track", id: "x", title: "X", duration_ms: "abc" }, "22P02"],
  [
    "a duration of half a millisecond",
    { kind: "track", id: "x", title: "X", duration_ms: 0.5 },
    "22P02",
  ],
  ["a duration below zero", { kind: "track", id: "x", title: "X", duration_ms: -1 }, "23514"],
  ["a duration beyond all", { kind: "track", id: "x", title: "X", duration_ms: 1e12 }, "22003"],
  [
    "a day that does not exist",
    { kind: "artist", id: "x", name: "X", begin_date: "2023-02-30" },
    "23514",
  ],
  [
    "a month that does not exist",
    { kind: "artist", id: "x", name: "X", begin_date: "2023-13" },
    "23514",
  ],
  ["a country in words", { kind: "artist", id: "x", name: "X", country: "France" }, "23514"],
  ["an unknown type", { kind: "artist", id: "x", name: "X", artist_type: "robot" }, "23514"],
  ["a flag in words", { kind: "track", id: "x", title: "X", explicit: "perhaps" }, "22P02"],
  [
    "a share of 200 percent",
    {
      kind: "work",
      id: "x",
      title: "X",
      credits: [{ contributor: { kind: "artist", id: "1" }, role: "writer", share: 200 }],
    },
    "23514",
  ],
  [
    "a credit without a role",
    { kind: "work", id: "x", title: "X", credits: [{ contributor: { kind: "artist", id: "1" } }] },
    "23502",
  ],
  ["credits that are no list", { kind: "work", id: "x", title: "X", credits: "all" }, "22023"],
  [
    "an alias without a name",
    { kind: "artist", id: "x", name: "X", aliases: [{ locale: "en" }] },
    "23502",
  ],
  [
    "an album that is an artist",
    { kind: "release", id: "x", title: "X", album: { kind: "artist", id: "good" } },
    "23503",
  ],
];

async function everything() {
  const [row] = await sql`
    select (select count(*)::int from ingest.record) as records,
      (select count(*)::int from ingest.record_version) as versions,
      (select count(*)::int from identity.membership) as members,
      (select count(*)::int from identity.external_id) as ids,
      (select count(*)::int from catalog.entity) as entities,
      (select count(*)::int from descriptor.dirty) as marks,
      (select count(*)::int from feed.event) as events`;
  return row;
}

test.each(REFUSED)("a batch with %s leaves nothing", async (_what, record, code) => {
  const deliveryId = await openDelivery(sql, "refused");
  const before = await everything();
  const cursor = await head(sql);
  const batch = [good, record, { ...good, id: "other" }];
  expect(
    await failure(sql`select * from ingest.apply(${deliveryId}, ${sql.json(batch as never)})`),
  ).toBe(code);
  expect(await everything()).toEqual(before);
  expect(await eventsAfter(sql, cursor)).toEqual([]);
});

test("the same batch without what is wrong is taken afterwards", async () => {
  expect(await deliver(sql, "taken", [good])).toMatchObject({ new: 1, entities_minted: 1 });
});

test.each(["{}", '"text"', "5", "null"])(
  "a batch that is no list but %s is refused with JB201",
  async (batch) => {
    const deliveryId = await openDelivery(sql, "refused");
    expect(
      await failure(sql`select * from ingest.apply(${deliveryId}, ${batch}::text::jsonb)`),
    ).toBe("JB201");
    expect(await failure(sql`select * from ingest.apply(${deliveryId}, null)`)).toBe("JB201");
  },
);

test("an empty batch is taken and counts nothing", async () => {
  expect(await deliver(sql, "refused", [])).toEqual({
    records: 0,
    new: 0,
    changed: 0,
    unchanged: 0,
    entities_minted: 0,
    entities_changed: 0,
    placeholders: 0,
  });
});

test("an unknown delivery is refused with JB204", async () => {
  expect(await failure(sql`select * from ingest.apply(0, '[]')`)).toBe("JB204");
  expect(await failure(sql`select * from ingest.apply(null, '[]')`)).toBe("JB204");
});

test("JB201 says which record it is and quotes its beginning", async () => {
  const deliveryId = await openDelivery(sql, "refused");
  const batch = [good, { kind: "artist", name: "x".repeat(1000) }];
  const error = await sql`select * from ingest.apply(${deliveryId}, ${sql.json(batch)})`.catch(
    (e) => e,
  );
  expect(error.message).toContain("record 2 of the batch");
  expect(error.detail.length).toBeLessThanOrEqual(200);
});

test("ids that are null, or that are not valid in their scheme, do no harm", async () => {
  const long = `https://example.com/${"x".repeat(3000)}`;
  expect(
    await deliver(sql, "odd", [
      { kind: "artist", id: "1", name: "1", ids: null },
      { kind: "artist", id: "2", name: "2", ids: {} },
      {
        kind: "artist",
        id: "3",
        name: "3",
        ids: { mbid: null, discogs: [], isni: [null, "nonsense"], deezer: 7 },
      },
      { kind: "podcast", id: "4", title: "4", ids: { feed_url: long } },
      { kind: "artist", id: "5", name: "5", ids: { isrc: "GBAYE6800011" } },
      {
        kind: "artist",
        id: "6",
        name: "6",
        ids: { mbid: "https://musicbrainz.org/artist/------------------------------------" },
      },
    ]),
  ).toMatchObject({ new: 6, entities_minted: 6 });
  const rows = await sql`
    select x.source, x.external_id from identity.external_id x join ingest.record r using (record_id)
    where r.source = 'odd'`;
  expect([...rows]).toEqual([{ source: "deezer", external_id: "7" }]);
});

test("text in a record is text: it is never read as SQL", async () => {
  const name = `Robert'); drop table catalog.artist; -- $$ %I \\ "`;
  await deliver(sql, "text", [
    { kind: "artist", id: name, name, aliases: [{ name, locale: name }], ids: { discogs: name } },
  ]);
  const [row] = await sql`
    select a.name, l.name as alias from catalog.artist a join catalog.alias l using (juke_id)
    where a.name = ${name}`;
  expect(row).toEqual({ name, alias: name });
});
