import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bind, insertEntity } from "../catalog-builder.ts";
import { testDatabase } from "../database.ts";

const { sql } = await testDatabase();

const MBID = "a74b1b7f-71a5-4011-9441-d0b5e4122711";

/** Confidence from which a reading is clear, and `identity.parse` takes it when it is the only one. */
const CLEAR = 0.9;

async function identify(ref: string) {
  return sql<{ scheme: string; value: string; kinds: string; confidence: number; why: string }[]>`
    select scheme, value, array_to_string(kinds, ',') as kinds, confidence, why
    from identity.identify(${ref})`;
}

/** What a person would paste → the schemes it may be of, the likeliest first; those that are clear end in "!". */
const READINGS: { [ref: string]: string[] } = {
  GBAYE6800011: ["isrc!"],
  "gb-aye-68-00011": ["isrc!"],
  "GB–AYE–68–00011": ["isrc!"],
  "T-034.524.680-1": ["iswc!"],
  T0345246801: ["iswc!"],
  "I-000000229-7": ["ipi_base!"],
  "0000 0001 2281 955X": ["isni!"],
  "0000-0001-2281-955x": ["isni!"],
  "A1-2425G-ABC1234002-M": ["grid!"],
  PADPIDA2007050901U: ["dpid!"],
  "9781857982183": ["isbn!", "gtin"],
  "978-1-85798-218-3": ["isbn!", "gtin"],
  "1-85798-218-5": ["isbn!"],
  "1857982185": ["isbn!", "asin", "apple_music", "discogs", "deezer", "tidal"],
  "9790060115615": ["ismn!", "gtin"],
  "M-060-11561-5": ["ismn!"],
  "9770317847001": ["issn", "gtin"],
  "0317-8471": ["issn!"],
  "03178471": ["issn"],
  "4006381333931": ["gtin!"],
  "4 006381 333931": ["gtin!"],
  "0 36000 29145 2": ["gtin!"],
  "96385074": ["gtin", "apple_music", "discogs", "deezer", "tidal", "viaf"],
  // Eleven digits: an IPI is whole, a UPC lacks its zero.
  "00014107338": ["ipi!"],
  "36000291452": ["gtin", "apple_music", "deezer", "tidal"],
  "00000012287": ["ipi!", "gtin"],
  "4Z8W4fKeB5YxbusRsdQVPb": ["spotify!"],
  "9Z8W4fKeB5YxbusRsdQVPb": [],
  UCq19_AE1dA2vTxYkr7k7qCg: ["youtube!"],
  dQw4w9WgXcQ: ["youtube"],
  dQw4w9WgXcR: [],
  Q1299: ["wikidata!"],
  q1299: ["wikidata"],
  OL26320A: ["openlibrary!"],
  B000002UYT: ["asin!"],
  "[m21491]": ["discogs!"],
  m83: ["discogs"],
  "3840": ["discogs", "deezer", "tidal"],
  [MBID]: ["mbid", "podcast_guid", "acoustid", "juke_id"],
  "017f22e2-79b0-7cc3-98c4-dc0c0c07398f": ["juke_id!", "mbid", "podcast_guid", "acoustid"],
  "9b024349-ccf0-5f69-a609-6b82873eab3c": ["podcast_guid", "juke_id", "mbid", "acoustid"],
  [`mbid:${MBID}`]: ["mbid!"],
  "spotify:track:4Z8W4fKeB5YxbusRsdQVPb": ["spotify!"],
  "https://open.spotify.com/track/4Z8W4fKeB5YxbusRsdQVPb": ["spotify!"],
  "https://open.spotify.com/playlist/37i9dQZF1DXcBWIGoYBM5M": [],
  "https://podnews.net/rss": ["feed_url!"],
  "https://example.com/podcast.xml?id=1": ["feed_url!"],
  "https://example.com/": ["feed_url"],
  "feed://example.com/": ["feed_url!"],
  "ISRC GB-AYE-68-00011": ["isrc!"],
  "ISBN-13: 978-1-85798-218-3": ["isbn!"],
  "artist:radiohead": ["handle!"],
  "genre:Trip Hop": ["genre!"],
  Radiohead: [],
  "OK Computer": [],
  "XX-AYE-68-00011": [],
  "T-034.524.680-2": [],
  "978-1-85798-218-4": [],
  "": [],
};

test.each(Object.entries(READINGS))("%j", async (ref, expected) => {
  const readings = await identify(ref);
  const order = readings.map((r) => r.scheme + (r.confidence >= CLEAR ? "!" : ""));
  expect(order).toEqual(expected);
  expect(readings.map((r) => r.confidence)).toEqual(
    readings.map((r) => r.confidence).toSorted((a, b) => b - a),
  );
  for (const { why, kinds } of readings) {
    expect(why).not.toBe("");
    expect(kinds).not.toBe("");
  }
});

test("a reading says the kinds that the value says, or else those of its scheme", async () => {
  expect(await identify("[r249504]")).toMatchObject([{ kinds: "release" }]);
  expect(await identify("https://www.discogs.com/artist/3840")).toMatchObject([
    { kinds: "artist" },
  ]);
  expect(await identify("GBAYE6800011")).toMatchObject([{ kinds: "track,video" }]);
});

describe("what parse makes of it", () => {
  test("one clear reading is the reference, none or several are not", async () => {
    const rows = await sql`
      select i.ref, p.scheme, p.value, c.clear
      from unnest(${Object.keys(READINGS)}::text[]) i (ref)
      cross join lateral identity.parse(i.ref) p
      cross join lateral (
        select array_agg(r.scheme || ':' || r.value) as clear
        from identity.identify(i.ref) r where r.confidence >= ${CLEAR}
      ) c
      where p.scheme is distinct from 'uuid'`;
    for (const { ref, scheme, value, clear } of rows) {
      const read = scheme === null ? null : [`${scheme}:${value}`];
      expect([ref, read]).toEqual([ref, clear?.length === 1 ? clear : null]);
    }
  });

  test("a bare code resolves like the qualified one", async () => {
    const track = await insertEntity(sql, "track", "t");
    await bind(sql, "track", track, "isrc", "GBAYE6800011");
    const work = await insertEntity(sql, "work", "w");
    await bind(sql, "work", work, "iswc", "T0345246801");
    const book = await insertEntity(sql, "book", "b");
    await bind(sql, "book", book, "isbn", "9781857982183");
    const artist = await insertEntity(sql, "artist", "Radiohead");
    await bind(sql, "artist", artist, "handle", "radiohead");
    const rows = await sql`
      select status, juke_id, rule
      from identity.resolve_many('{GBAYE6800011,T-034.524.680-1,1-85798-218-5,artist:Radiohead}')`;
    expect([...rows]).toEqual([
      { status: "found", juke_id: track, rule: "isrc" },
      { status: "found", juke_id: work, rule: "iswc" },
      { status: "found", juke_id: book, rule: "isbn" },
      { status: "found", juke_id: artist, rule: "handle" },
    ]);
  });

  test("JB103 lists what an unclear code may be", async () => {
    const error = await sql`select * from identity.resolve('36000291452')`.catch((e) => e);
    expect(error).toMatchObject({
      code: "JB103",
      detail: expect.stringContaining("It may be gtin:00036000291452 or apple_music:36000291452"),
    });
    const none = await sql`select * from identity.resolve('Radiohead')`.catch((e) => e);
    expect(none.detail).toMatch(/^It is neither a uuid/);
  });
});

test("a new scheme is a row, and a row of shapes makes its bare ids known", async () => {
  await sql`
    insert into identity.scheme (rank, scheme, title, exclusivity, kinds, pattern)
    values (1000, 'shelfmark', 'Shelf of our library', 'exclusive', '{book}', '^S[0-9]{4}$')`;
  await sql`
    insert into identity.shape (scheme, shortest, longest, confidence, pattern, why)
    values ('shelfmark', 5, 5, 0.95, '^S[0-9]{4}$', 'S and four digits')`;
  const [row] = await sql`
    select identity.canonical('shelfmark', ' S0001 ') as valid, identity.canonical('shelfmark', 'S1') as invalid,
      (identity.parse('shelfmark:S0001')).value as stated, (identity.parse('S0001')).scheme as bare`;
  expect(row).toEqual({ valid: "S0001", invalid: null, stated: "S0001", bare: "shelfmark" });
});

test("whatever the text, identify answers, and each reading is canonical in its scheme", async () => {
  const texts = fc.sample(
    fc.oneof(
      fc.string({ unit: "binary", maxLength: 40 }),
      fc.string({ unit: "grapheme", maxLength: 40 }),
      fc.stringMatching(/^[0-9 .-]{1,20}$/),
      fc.stringMatching(/^[0-9A-Za-z_-]{1,26}$/),
      fc.stringMatching(/^[A-Za-z]{1,8}[: ][0-9A-Z:/.-]{1,20}$/),
      fc.webUrl({ withQueryParameters: true, withFragments: true }),
    ),
    2000,
  );
  const sendable = texts.map((text) => text.replaceAll("\u0000", "").toWellFormed());
  const rows = await sql`
    select i.ref, r.scheme, r.value
    from unnest(${sendable}::text[]) i (ref)
    cross join lateral identity.identify(i.ref) r
    where r.value is distinct from identity.canonical(r.scheme, r.value)`;
  expect([...rows]).toEqual([]);
});
