import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { bind, failure, insertEntity } from "../catalog-builder.ts";
import { testDatabase } from "../database.ts";

const { sql } = await testDatabase();

const MBID = "a74b1b7f-71a5-4011-9441-d0b5e4122711";

beforeAll(async () => {
  const artist = await insertEntity(sql, "artist", "Radiohead");
  await bind(sql, "artist", artist, "mbid", MBID);
  await bind(sql, "artist", artist, "wikidata", "Q44190");
});

/** Text that looks like a reference, cut and glued together at random. */
const fragment = fc.constantFrom(
  "urn:",
  "mbid:",
  "isrc:",
  "gtin:",
  "isbn:",
  "isni:",
  "iswc:",
  "ipi:",
  "genre:",
  "bandcamp:",
  "feed_url:",
  "juke_id:",
  "spotify:track:",
  "spotify:artist:",
  "discogs:master:",
  "https://",
  "HTTP://",
  "//",
  "open.spotify.com/",
  "musicbrainz.org/artist/",
  "www.discogs.com/",
  "music.apple.com/us/album/x/1?i=",
  "youtu.be/",
  "x.bandcamp.com/album/",
  "user:password@",
  ":443",
  "?v=",
  "&",
  "#",
  "%00",
  "%",
  "\\",
  "'",
  '"',
  "$$",
  "(((((a*)*)*)*)*)",
  "[[:alnum:]",
  MBID,
  "4Z8W4fKeB5YxbusRsdQVPb",
  "GBAYE6800011",
  "9780306406157",
  "00000000000000",
  "-",
  " ",
  "\t",
  "\n",
  "\u202e\u0645\u0631\u062d\u0628\u0627",
  "\u0130\u212a\u017f\u00df\ufb01",
  "👩‍👩‍👧‍👦",
  "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d",
  "\ufeff",
  "\u{10ffff}",
);
const hostile = fc.oneof(
  fc.array(fragment, { maxLength: 8 }).map((parts) => parts.join("")),
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.string({ unit: "grapheme-composite", maxLength: 60 }),
  fc
    .tuple(fragment, fc.string({ unit: "binary", maxLength: 20 }), fragment)
    .map((parts) => parts.join("")),
);
/** What a client can send: text without NUL, which Postgres has no way to receive, and without half a character. */
const sendable = hostile.map((text) => text.replaceAll("\u0000", "").toWellFormed());

test("whatever the text, resolve_many answers each in its place and never raises", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(sendable, { minLength: 100, maxLength: 100 }), async (refs) => {
      const rows = await sql`select ref, status from identity.resolve_many(${refs}::text[])`;
      expect(rows.map(({ ref }) => ref)).toEqual(refs);
    }),
    { numRuns: 20 },
  );
});

test("whatever the text, resolve answers or raises JB103, as resolve_many says", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(sendable, { minLength: 100, maxLength: 100 }), async (refs) => {
      const rows = await sql.begin(async (tx) => {
        await tx`
          create or replace function pg_temp.try(p_ref text) returns text language plpgsql as $$
          begin
            return coalesce((select string_agg(r.status::text, ',') from identity.resolve(p_ref) r), 'not_found');
          exception when others then
            return sqlstate;
          end $$`;
        return tx`
          select m.ref, m.status, pg_temp.try(m.ref) as one
          from identity.resolve_many(${refs}::text[]) m`;
      });
      for (const { ref, status, one } of rows) {
        expect([ref, one]).toEqual([ref, status === "invalid" ? "JB103" : status]);
      }
    }),
    { numRuns: 20 },
  );
});

test.each([
  ["ten million letters", "a".repeat(10_000_000)],
  ["ten million digits under a scheme", `isrc:${"1".repeat(10_000_000)}`],
  [
    "ten million slashes of a known service",
    `https://open.spotify.com${"/artist".repeat(1_400_000)}`,
  ],
  ["ten million colons", ":".repeat(10_000_000)],
  ["ten million spaces around nothing", " ".repeat(10_000_000)],
  ["a genre of ten million letters", `genre:${"ß ".repeat(5_000_000)}`],
  ["a host of ten million dots", `https://${".".repeat(10_000_000)}`],
])("%s are refused with JB103", async (_what, ref) => {
  expect(await failure(sql`select * from identity.resolve(${ref})`)).toBe("JB103");
  const [row] =
    await sql`select status, length(ref) as length from identity.resolve_many(array[${ref}])`;
  expect(row).toEqual({ status: "invalid", length: ref.length });
});

test("a hundred thousand characters around a reference do not hide the time it takes", async () => {
  const ref = `${" ".repeat(100_000)}mbid:${MBID}${"\n".repeat(100_000)}`;
  const [row] = await sql`select status, scheme from identity.resolve(${ref})`;
  expect(row).toEqual({ status: "found", scheme: "mbid" });
});

test("the message of JB103 quotes no more than the beginning", async () => {
  const error = await sql`select * from identity.resolve(${"x".repeat(5000)})`.catch((e) => e);
  expect(error).toMatchObject({ code: "JB103", message: `not a reference: ${"x".repeat(100)}` });
  expect(error.hint).toContain("identity.scheme");
});
