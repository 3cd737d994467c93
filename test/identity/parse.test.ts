import { describe, expect, test } from "vitest";
import { testDatabase } from "../database.ts";

const { sql } = await testDatabase();

const MBID = "a74b1b7f-71a5-4011-9441-d0b5e4122711";
const SPOTIFY = "4Z8W4fKeB5YxbusRsdQVPb";
const CHANNEL = "UCq19_AE1dA2vTxYkr7k7qCg";

type Parsed = [scheme: string, value: string, kinds?: string];

/** What a person would paste → scheme, canonical value, and the kinds it may name when it says so. */
const REFERENCES: { [service: string]: { [ref: string]: Parsed | null } } = {
  uuid: {
    [MBID]: ["uuid", MBID],
    [MBID.toUpperCase()]: ["uuid", MBID],
    [MBID.replaceAll("-", "")]: ["uuid", MBID],
    [`urn:uuid:${MBID}`]: ["uuid", MBID],
    [`URN:UUID:${MBID.toUpperCase()}`]: ["uuid", MBID],
    [`  ${MBID}\n`]: ["uuid", MBID],
    [`\u00a0${MBID}\ufeff`]: ["uuid", MBID],
    [`juke_id:${MBID}`]: ["juke_id", MBID],
    [`JUKE_ID:${MBID}`]: ["juke_id", MBID],
    "juke_id:nonsense": null,
    [`{${MBID}}`]: null,
    [`${MBID}0`]: null,
    "a74b1b7f-71a54011-94-41-d0b5e4122711": null,
  },
  "scheme:value": {
    [`mbid:${MBID}`]: ["mbid", MBID],
    [`musicbrainz:${MBID.toUpperCase()}`]: ["mbid", MBID],
    [`mbid:artist:${MBID}`]: ["mbid", MBID, "artist"],
    [`MBID:Artist:${MBID}`]: ["mbid", MBID, "artist"],
    [`mbid:release-group:${MBID}`]: ["mbid", MBID, "album"],
    [`mbid:recording:${MBID}`]: ["mbid", MBID, "track,video"],
    "isrc:GB-AYE-68-00011": ["isrc", "GBAYE6800011"],
    "ISRC: gbaye6800011 ": ["isrc", "GBAYE6800011"],
    "urn:isrc:GBAYE6800011": ["isrc", "GBAYE6800011"],
    "isrc:track:GBAYE6800011": ["isrc", "GBAYE6800011", "track"],
    "iswc:T-034.524.680-1": ["iswc", "T0345246801"],
    "urn:isbn:0306406152": ["isbn", "9780306406157"],
    "isbn:audiobook:9780306406157": ["isbn", "9780306406157", "audiobook"],
    "upc:036000291452": ["gtin", "00036000291452"],
    "ean:4006381333931": ["gtin", "04006381333931"],
    "gtin:release:4006381333931": ["gtin", "04006381333931", "release"],
    "isni:0000 0002 1825 0097": ["isni", "0000000218250097"],
    "genre:Trip Hop": ["genre", "trip-hop"],
    "feed_url:https://example.com/feed.xml": ["feed_url", "https://example.com/feed.xml"],
    "episode_guid:https://example.com/?p=12": ["episode_guid", "https://example.com/?p=12"],
    "episode_guid:tag:example.com,2024:1": ["episode_guid", "tag:example.com,2024:1"],
    "podcast_guid:917393e3-1b1e-5cef-ace4-edaa54e1f810": [
      "podcast_guid",
      "917393e3-1b1e-5cef-ace4-edaa54e1f810",
    ],
    "isrc:nonsense": null,
    "isrc:": null,
    "isrc:artist:GBAYE6800011": null,
    "iswc:T-034.524.680-2": null,
    "nonsense:GBAYE6800011": null,
    "ISRC GB-AYE-68-00011": ["isrc", "GBAYE6800011"],
    "ISBN-13: 978-1-85798-218-3": ["isbn", "9781857982183"],
    "discogs:m21491": ["discogs", "21491", "album"],
    "discogs:album:m21491": ["discogs", "21491", "album"],
    "discogs:artist:m21491": null,
    "openlibrary:OL26320A": ["openlibrary", "OL26320A", "artist"],
    [`youtube:${CHANNEL}`]: ["youtube", CHANNEL, "artist,label,podcast"],
    ":": null,
    "::": null,
    "": null,
    " ": null,
  },
  "kind:name": {
    "artist:radiohead": ["handle", "radiohead", "artist"],
    "Artist: The Beatles": ["handle", "the-beatles", "artist"],
    "album:ok-computer": ["handle", "ok-computer", "album"],
    "handle:album:ok-computer": ["handle", "ok-computer", "album"],
    "genre:Rock & Roll": ["genre", "rock-and-roll"],
    [`artist:${MBID}`]: null,
    "artist:": null,
    "artist:!!!": null,
    "composer:radiohead": null,
  },
  "a bare code": {
    GBAYE6800011: ["isrc", "GBAYE6800011"],
    " gb-aye-68-00011 ": ["isrc", "GBAYE6800011"],
    "GB‑AYE‑68‑00011": ["isrc", "GBAYE6800011"],
    "T-034.524.680-1": ["iswc", "T0345246801"],
    "0000 0001 2281 955X": ["isni", "000000012281955X"],
    "00014107338": ["ipi", "00014107338"],
    "036000291452": ["gtin", "00036000291452"],
    "9781857982183": ["isbn", "9781857982183"],
    "1-85798-218-5": ["isbn", "9781857982183"],
    "979-0-060-11561-5": ["ismn", "9790060115615"],
    "0317-8471": ["issn", "03178471"],
    "A1-2425G-ABC1234002-M": ["grid", "A12425GABC1234002M"],
    PADPIDA2007050901U: ["dpid", "PADPIDA2007050901U"],
    Q1299: ["wikidata", "Q1299"],
    [SPOTIFY]: ["spotify", SPOTIFY],
    [CHANNEL]: ["youtube", CHANNEL, "artist,label,podcast"],
    OL26320A: ["openlibrary", "OL26320A", "artist"],
    B000002UYT: ["asin", "B000002UYT"],
    "[r249504]": ["discogs", "249504", "release"],
    "https://podnews.net/rss": ["feed_url", "https://podnews.net/rss"],
    "feed://podnews.net/rss/": ["feed_url", "https://podnews.net/rss"],
    "XX-AYE-68-00011": null,
    "T-034.524.680-2": null,
    "3840": null,
    "36000291452": null,
    "96385074": null,
    q1299: null,
    r249504: null,
    M83: null,
    Radiohead: null,
  },
  Spotify: {
    [`spotify:${SPOTIFY}`]: ["spotify", SPOTIFY],
    [`spotify:artist:${SPOTIFY}`]: ["spotify", SPOTIFY, "artist"],
    [`spotify:album:${SPOTIFY}`]: ["spotify", SPOTIFY, "album,release"],
    [`spotify:show:${SPOTIFY}`]: ["spotify", SPOTIFY, "podcast,audiobook"],
    [`spotify:episode:${SPOTIFY}`]: ["spotify", SPOTIFY, "episode"],
    [`https://open.spotify.com/artist/${SPOTIFY}`]: ["spotify", SPOTIFY, "artist"],
    [`https://open.spotify.com/intl-de/artist/${SPOTIFY}?si=Zx_1-y`]: [
      "spotify",
      SPOTIFY,
      "artist",
    ],
    [`open.spotify.com/track/${SPOTIFY}`]: ["spotify", SPOTIFY, "track"],
    [`HTTPS://Open.Spotify.com/track/${SPOTIFY}#0:10`]: ["spotify", SPOTIFY, "track"],
    [`https://open.spotify.com/embed/track/${SPOTIFY}`]: ["spotify", SPOTIFY, "track"],
    [`https://open.spotify.com:443/track/${SPOTIFY}`]: ["spotify", SPOTIFY, "track"],
    [`https://open.spotify.com/artist/${SPOTIFY}x`]: null,
    [`https://open.spotify.com.example.com/artist/${SPOTIFY}`]: null,
    [`https://notspotify.com/artist/${SPOTIFY}`]: null,
    [`https://open.spotify.com@example.com/artist/${SPOTIFY}`]: null,
    [`https://example.com/?u=https://open.spotify.com/artist/${SPOTIFY}`]: null,
    "https://open.spotify.com/": null,
  },
  MusicBrainz: {
    [`https://musicbrainz.org/artist/${MBID}`]: ["mbid", MBID, "artist"],
    [`http://beta.musicbrainz.org/artist/${MBID.toUpperCase()}/releases?page=2`]: [
      "mbid",
      MBID,
      "artist",
    ],
    [`https://musicbrainz.org/release/${MBID}/disc/1#${MBID}`]: ["mbid", MBID, "release"],
    [`https://musicbrainz.org/release-group/${MBID}`]: ["mbid", MBID, "album"],
    [`https://musicbrainz.org/recording/${MBID}`]: ["mbid", MBID, "track,video"],
    [`https://musicbrainz.org/work/${MBID}`]: ["mbid", MBID, "work"],
    [`https://musicbrainz.org/label/${MBID}`]: ["mbid", MBID, "label"],
    [`https://musicbrainz.org/genre/${MBID}`]: ["mbid", MBID, "genre"],
    [`https://musicbrainz.org/place/${MBID}`]: null,
    [`https://musicbrainz.org/artist/${MBID}0`]: null,
    [`https://musicbrainz.org/artist/${"-".repeat(36)}`]: null,
    "https://musicbrainz.org/artist/00000000-0000-0000-0000-000000000000": null,
  },
  Discogs: {
    "https://www.discogs.com/artist/3840-Radiohead": ["discogs", "3840", "artist"],
    "https://www.discogs.com/de/artist/3840-Radiohead?limit=500": ["discogs", "3840", "artist"],
    "https://www.discogs.com/master/21491-Radiohead-OK-Computer": ["discogs", "21491", "album"],
    "https://www.discogs.com/master/view/21491": ["discogs", "21491", "album"],
    "https://www.discogs.com/release/83182-Radiohead-OK-Computer": ["discogs", "83182", "release"],
    "https://www.discogs.com/Radiohead-OK-Computer/release/83182": ["discogs", "83182", "release"],
    "https://www.discogs.com/label/2294-Parlophone": ["discogs", "2294", "label"],
    "https://www.discogs.com/release/1?from=/artist/2": ["discogs", "1", "release"],
    "discogs:artist:3840": ["discogs", "3840", "artist"],
    "discogs:master:21491": ["discogs", "21491", "album"],
    "discogs:3840": ["discogs", "3840"],
    "https://www.discogs.com/user/3840": null,
    "https://www.discogs.com/artist/0": null,
  },
  Wikidata: {
    "https://www.wikidata.org/wiki/Q44190": [
      "wikidata",
      "Q44190",
      "artist,album,release,track,work,genre,label,video,podcast,episode,book,audiobook",
    ],
    "http://www.wikidata.org/entity/Q44190": [
      "wikidata",
      "Q44190",
      "artist,album,release,track,work,genre,label,video,podcast,episode,book,audiobook",
    ],
    "wikidata:q44190": ["wikidata", "Q44190"],
    "https://www.wikidata.org/wiki/Property:P434": null,
  },
  Apple: {
    "https://music.apple.com/us/artist/radiohead/657515": ["apple_music", "657515", "artist"],
    "https://music.apple.com/us/artist/657515": ["apple_music", "657515", "artist"],
    "https://music.apple.com/us/album/ok-computer/1097861387": [
      "apple_music",
      "1097861387",
      "album,release",
    ],
    "https://music.apple.com/us/album/ok-computer/1097861387?i=1097861834": [
      "apple_music",
      "1097861834",
      "track",
    ],
    "https://music.apple.com/us/album/ok-computer/1097861387?l=de&i=1097861834#x": [
      "apple_music",
      "1097861834",
      "track",
    ],
    "https://music.apple.com/us/album/1989/1440935467": [
      "apple_music",
      "1440935467",
      "album,release",
    ],
    "https://itunes.apple.com/us/album/id1097861387?app=itunes": [
      "apple_music",
      "1097861387",
      "album,release",
    ],
    "https://music.apple.com/us/song/airbag/1097861700": ["apple_music", "1097861700", "track"],
    "https://music.apple.com/us/music-video/just/1440935": ["apple_music", "1440935", "video"],
    "https://podcasts.apple.com/us/podcast/song-exploder/id788236947": [
      "apple_music",
      "788236947",
      "podcast",
    ],
    "https://podcasts.apple.com/us/podcast/song-exploder/id788236947?i=1000": [
      "apple_music",
      "1000",
      "episode",
    ],
    "https://books.apple.com/us/book/some-book/id1": ["apple_music", "1", "book"],
    "https://books.apple.com/us/audiobook/some-book/id1": ["apple_music", "1", "audiobook"],
    "https://music.apple.com/us/playlist/x/pl.1": null,
  },
  Deezer: {
    "https://www.deezer.com/en/artist/399": ["deezer", "399", "artist"],
    "https://www.deezer.com/artist/399?utm=1": ["deezer", "399", "artist"],
    "https://www.deezer.com/us/album/14880317": ["deezer", "14880317", "album,release"],
    "deezer:track:1": ["deezer", "1", "track"],
    "https://www.deezer.com/fr/show/1": ["deezer", "1", "podcast"],
  },
  YouTube: {
    "https://www.youtube.com/watch?v=fHiGbolFFGw": [
      "youtube",
      "fHiGbolFFGw",
      "video,track,episode",
    ],
    "https://www.youtube.com/watch?list=PL1&v=fHiGbolFFGw&t=1s": [
      "youtube",
      "fHiGbolFFGw",
      "video,track,episode",
    ],
    "https://music.youtube.com/watch?v=fHiGbolFFGw&feature=share": [
      "youtube",
      "fHiGbolFFGw",
      "video,track,episode",
    ],
    "https://youtu.be/fHiGbolFFGw?si=x": ["youtube", "fHiGbolFFGw", "video,track,episode"],
    "https://m.youtube.com/shorts/fHiGbolFFGw": ["youtube", "fHiGbolFFGw", "video,track,episode"],
    [`https://www.youtube.com/channel/${CHANNEL}/videos`]: [
      "youtube",
      CHANNEL,
      "artist,label,podcast",
    ],
    [`https://music.youtube.com/channel/${CHANNEL}`]: ["youtube", CHANNEL, "artist,label,podcast"],
    "https://www.youtube.com/watch?v=fHiGbolFFGwX": null,
    "https://www.youtube.com/@radiohead": null,
  },
  Bandcamp: {
    "https://radiohead.bandcamp.com": [
      "bandcamp",
      "https://radiohead.bandcamp.com",
      "artist,label",
    ],
    "https://radiohead.bandcamp.com/music": [
      "bandcamp",
      "https://radiohead.bandcamp.com",
      "artist,label",
    ],
    "radiohead.bandcamp.com/album/ok?x#y": [
      "bandcamp",
      "https://radiohead.bandcamp.com/album/ok",
      "album,release",
    ],
    "https://Radiohead.bandcamp.com/track/airbag": [
      "bandcamp",
      "https://radiohead.bandcamp.com/track/airbag",
      "track",
    ],
    "bandcamp:radiohead.bandcamp.com": [
      "bandcamp",
      "https://radiohead.bandcamp.com",
      "artist,label",
    ],
    "bandcamp:https://radiohead.bandcamp.com": [
      "bandcamp",
      "https://radiohead.bandcamp.com",
      "artist,label",
    ],
    "https://www.bandcamp.com": null,
    "https://bandcamp.com": null,
  },
  other: {
    "https://www.amazon.co.uk/OK-Computer/dp/B000002UYT/ref=sr_1_1": [
      "asin",
      "B000002UYT",
      "release,book,audiobook",
    ],
    "https://amazon.example.com/dp/B000002UYT": null,
    "https://openlibrary.org/works/OL45804W/Fantastic_Mr_Fox": [
      "openlibrary",
      "OL45804W",
      "book,audiobook",
    ],
    "https://openlibrary.org/isbn/1857982185": ["isbn", "9781857982183", "book,audiobook"],
    "https://musicbrainz.org/isrc/GBAYE6800011": ["isrc", "GBAYE6800011", "track,video"],
    "https://musicbrainz.org/iswc/T-034.524.680-1": ["iswc", "T0345246801", "work"],
    "https://acoustid.org/track/9ff43b6a-4f16-427c-93c2-92307ca505e0": [
      "acoustid",
      "9ff43b6a-4f16-427c-93c2-92307ca505e0",
      "track",
    ],
    "https://portal.issn.org/resource/ISSN/0317-8471": ["issn", "03178471", "podcast,book"],
    "https://viaf.org/viaf/141205608": ["viaf", "141205608", "artist,label,work,book"],
    "https://isni.org/isni/0000000218250097": ["isni", "0000000218250097", "artist,label"],
    "https://isni.org/isni/0000000218250098": null,
    "https://tidal.com/browse/artist/64518": ["tidal", "64518", "artist"],
    "https://example.com/artist/1": null,
    "https://": null,
    "http://[::1]/": null,
    "//open.spotify.com": null,
  },
};

describe.each(Object.entries(REFERENCES))("%s", (_service, references) => {
  test.each(Object.entries(references))("%j", async (ref, expected) => {
    const [row] = await sql`
      select scheme, value, array_to_string(kinds, ',') as kinds from identity.parse(${ref})`;
    const [scheme, value, kinds = null] = expected ?? [null, null];
    expect(row).toEqual({ scheme, value, kinds });
  });
});

test("the value of a reference is always canonical, so that reading it again says the same", async () => {
  const refs = Object.values(REFERENCES).flatMap((group) => Object.keys(group));
  const rows = await sql`
    select i.ref, p.scheme, p.value, q.scheme as again_scheme, q.value as again_value
    from unnest(${refs}::text[]) i (ref)
    cross join lateral identity.parse(i.ref) p
    cross join lateral identity.parse(p.scheme || ':' || p.value) q
    where p.scheme is not null and row (p.scheme, p.value) is distinct from row (q.scheme, q.value)`;
  expect([...rows]).toEqual([]);
});

test("null is no reference", async () => {
  const [row] = await sql`select identity.parse(null) is null as is_null`;
  expect(row?.is_null).toBe(true);
});
