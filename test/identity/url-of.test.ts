import { expect, test } from "vitest";
import { testDatabase } from "../database.ts";

const { sql } = await testDatabase();

test.each([
  [
    "mbid",
    "a74b1b7f-71a5-4011-9441-d0b5e4122711",
    "album",
    "https://musicbrainz.org/release-group/a74b1b7f-71a5-4011-9441-d0b5e4122711",
  ],
  [
    "mbid",
    "a74b1b7f-71a5-4011-9441-d0b5e4122711",
    "video",
    "https://musicbrainz.org/recording/a74b1b7f-71a5-4011-9441-d0b5e4122711",
  ],
  ["mbid", "a74b1b7f-71a5-4011-9441-d0b5e4122711", null, null],
  [
    "spotify",
    "4Z8W4fKeB5YxbusRsdQVPb",
    "artist",
    "https://open.spotify.com/artist/4Z8W4fKeB5YxbusRsdQVPb",
  ],
  [
    "spotify",
    "4Z8W4fKeB5YxbusRsdQVPb",
    "podcast",
    "https://open.spotify.com/show/4Z8W4fKeB5YxbusRsdQVPb",
  ],
  ["discogs", "21491", "album", "https://www.discogs.com/master/21491"],
  ["discogs", "21491", null, null],
  ["discogs", "21491", "genre", null],
  ["youtube", "fHiGbolFFGw", null, "https://www.youtube.com/watch?v=fHiGbolFFGw"],
  [
    "youtube",
    "UCq19_AE1dA2vTxYkr7k7qCg",
    null,
    "https://www.youtube.com/channel/UCq19_AE1dA2vTxYkr7k7qCg",
  ],
  ["youtube", "UCq19_AE1dA2vTxYkr7k7qCg", "track", null],
  ["wikidata", "Q44190", null, "https://www.wikidata.org/wiki/Q44190"],
  ["openlibrary", "OL26320A", null, "https://openlibrary.org/authors/OL26320A"],
  ["openlibrary", "OL45804W", "book", "https://openlibrary.org/works/OL45804W"],
  ["isbn", "9781857982183", null, "https://openlibrary.org/isbn/9781857982183"],
  ["asin", "B000002UYT", null, "https://www.amazon.com/dp/B000002UYT"],
  ["bandcamp", "https://radiohead.bandcamp.com", "artist", "https://radiohead.bandcamp.com"],
  ["feed_url", "https://podnews.net/rss", "podcast", "https://podnews.net/rss"],
  ["iswc", "T0345246801", "work", null],
  ["nonsense", "x", null, null],
  ["mbid", null, "artist", null],
])("%s %s as %s is at %s", async (scheme, value, kind, url) => {
  const [row] = await sql`select identity.url_of(${scheme}, ${value}, ${kind}) as url`;
  expect(row?.url).toBe(url);
});

test("the URL of an example leads back to it, in every scheme and for every kind", async () => {
  const rows = await sql`
    select s.scheme, k.kind, u.url, s.example, p.scheme as read_scheme, p.value as read_value, k.kind = any (p.kinds) as kind_is_read
    from identity.scheme s
    cross join unnest(s.kinds) k (kind)
    cross join lateral identity.url_of(s.scheme, s.example, k.kind) u (url)
    cross join lateral identity.parse(u.url) p
    where u.url is not null`;
  expect(rows.length).toBeGreaterThan(50);
  for (const { scheme, example, read_scheme, read_value, kind_is_read } of rows) {
    expect([read_scheme, read_value]).toEqual([scheme, example]);
    // An address that is its own id says its kind itself, or not at all.
    if (!example.startsWith("https://")) expect(kind_is_read).toBe(true);
  }
});

test("every template is used: no other one answers for its kinds", async () => {
  const rows = await sql`
    select p.template
    from identity.url_pattern p
    where p.template is not null
      and not exists (
        select
        from unnest(p.kinds) k (kind)
        cross join lateral (
          values ('OL1W'), ('OL1M'), ('OL1A'), ('fHiGbolFFGw'), ('UCq19_AE1dA2vTxYkr7k7qCg'),
            ((select s.example from identity.scheme s where s.scheme = p.scheme))
        ) v (value)
        where identity.url_of(p.scheme, v.value, k.kind) = replace(p.template, '{value}', v.value)
      )`;
  expect([...rows]).toEqual([]);
});
