import { describe, expect, test } from "vitest";
import { testDatabase } from "../database.ts";

const { sql } = await testDatabase();

/** Scheme → what may be written → its canonical form; null when it is not valid. */
const VECTORS: { [scheme: string]: { [written: string]: string | null } } = {
  mbid: {
    "a74b1b7f-71a5-4011-9441-d0b5e4122711": "a74b1b7f-71a5-4011-9441-d0b5e4122711",
    "A74B1B7F-71A5-4011-9441-D0B5E4122711": "a74b1b7f-71a5-4011-9441-d0b5e4122711",
    a74b1b7f71a540119441d0b5e4122711: "a74b1b7f-71a5-4011-9441-d0b5e4122711",
    " a74b1b7f-71a5-4011-9441-d0b5e4122711\n": "a74b1b7f-71a5-4011-9441-d0b5e4122711",
    "https://musicbrainz.org/artist/a74b1b7f-71a5-4011-9441-d0b5e4122711":
      "a74b1b7f-71a5-4011-9441-d0b5e4122711",
    "https://musicbrainz.org/artist/------------------------------------": null,
    "https://musicbrainz.org/artist/a74b1b7f-71a5-4011-9441-d0b5e41227110": null,
    "00000000-0000-0000-0000-000000000000": null,
    "a74b1b7f-71a5-4011-9441-d0b5e412271": null,
    "g74b1b7f-71a5-4011-9441-d0b5e4122711": null,
    "": null,
  },
  podcast_guid: {
    "917393E3-1B1E-5CEF-ACE4-EDAA54E1F810": "917393e3-1b1e-5cef-ace4-edaa54e1f810",
    "917393e3": null,
  },
  // ISO 3901: two letters, three alphanumerics, two digits of the year, five of the designation.
  isrc: {
    "GB-AYE-68-00011": "GBAYE6800011",
    gbaye6800011: "GBAYE6800011",
    "US-S1Z-99-00001": "USS1Z9900001",
    "QZ 9JL 19 57290": "QZ9JL1957290",
    GBAYE680001: null,
    GBAYE68000111: null,
    "1BAYE6800011": null,
    "GB-AYE-6A-00011": null,
    "ГB-AYE-68-00011": null,
    "GB\u2011AYE\u201168\u201100011": "GBAYE6800011",
    ＧＢＡＹＥ６８０００１１: "GBAYE6800011",
    "UK-AYE-68-00011": "UKAYE6800011",
    "QM-FMG-19-12345": "QMFMG1912345",
    "YU-A01-85-00001": "YUA018500001",
    "XX-SKG-19-12345": null,
  },
  // ISO 15707: the check digit is that of the standard's own example and of three works.
  iswc: {
    "T-034.524.680-1": "T0345246801",
    T0345246801: "T0345246801",
    "t 034 524 680 1": "T0345246801",
    "T-010.140.236-1": "T0101402361",
    "T-000.000.001-0": "T0000000010",
    "T-034.524.680-2": null,
    "T-034.524.608-1": null,
    "034.524.680-1": null,
    "T-034.524.680": null,
  },
  // ISO 27729 shares its check character with ORCID, whose documentation has these.
  isni: {
    "0000 0002 1825 0097": "0000000218250097",
    "0000-0001-5109-3700": "0000000151093700",
    "000000021694233x": "000000021694233X",
    "https://isni.org/isni/000000021694233X": "000000021694233X",
    "http://www.isni.org/000000021694233X": "000000021694233X",
    "0000000218250098": null,
    "0000000281250097": null,
    "00000002182500": null,
    X000000218250097: null,
  },
  // IPI name numbers: modulus 101.
  ipi: {
    "00014107338": "00014107338",
    "00 01 41 07 33 8": "00014107338",
    "14107338": "00014107338",
    "000141073.38": "00014107338",
    "00014107339": null,
    "00014170338": null,
    // The first nine leave 1, which 100 completes: of three digits only two are written.
    "00000000599": null,
    "000141073381": null,
    "00000000000": null,
    "I-001068130-6": null,
    "": null,
  },
  // GS1 General Specifications 7.9; the UPC of the standard's own example.
  gtin: {
    "036000291452": "00036000291452",
    "0 36000 29145 2": "00036000291452",
    "36000291452": "00036000291452",
    "4006381333931": "04006381333931",
    "96385074": "00000096385074",
    "10614141000415": "10614141000415",
    "036000291453": null,
    "063000291452": null,
    "0000000000000": null,
    "12345": null,
    "0360002914520000": null,
    "03600029145X": null,
  },
  // ISO 2108: the same book in ten and thirteen digits.
  isbn: {
    "1-85798-218-5": "9781857982183",
    "978-1-85798-218-3": "9781857982183",
    "0-8044-2957-x": "9780804429573",
    "0306406152": "9780306406157",
    "979-10-90636-07-1": "9791090636071",
    "1-85798-218-6": null,
    "978-1-85798-218-4": null,
    X306406152: null,
    "4006381333931": null,
    "97818579821830": null,
    // 979-0 is sheet music.
    "9790060115615": null,
  },
  ipi_base: {
    "I-000000229-7": "I0000002297",
    "I-001068130-6": "I0010681306",
    i0000002297: "I0000002297",
    "I-000000229-6": null,
    "I-000002029-7": null,
    "T-000000229-7": null,
    "00014107338": null,
  },
  // ISO 10957: before 2008 M and nine digits, since then an EAN with the prefix 979-0.
  ismn: {
    "979-0-060-11561-5": "9790060115615",
    "M-060-11561-5": "9790060115615",
    m060115615: "9790060115615",
    "M-2306-7118-7": "9790230671187",
    "979-0-060-11561-4": null,
    "978-1-85798-218-3": null,
    "979-10-90636-07-1": null,
  },
  // ISO 3297, alone and in the EAN of a magazine.
  issn: {
    "0317-8471": "03178471",
    "03178471": "03178471",
    "2434-561x": "2434561X",
    "9770317847001": "03178471",
    "0317-8472": null,
    "0317-4871": null,
    "9770317847002": null,
    "0000-0000": null,
    "317-8471": null,
  },
  grid: {
    "A1-2425G-ABC1234002-M": "A12425GABC1234002M",
    "GRid:A1-2425G-ABC1234002-M": "A12425GABC1234002M",
    a12425gabc1234002m: "A12425GABC1234002M",
    "A1-0302B-0003989564-F": "A10302B0003989564F",
    "A1-2425G-ABC1234002-Q": null,
    "A1-2425G-ABC1234020-M": null,
    "A2-2425G-ABC1234002-M": null,
  },
  dpid: {
    PADPIDA2007050901U: "PADPIDA2007050901U",
    "PA-DPIDA-2013042401-U": "PADPIDA2013042401U",
    padpida20130104052: "PADPIDA20130104052",
    PADPIDA2007050901V: null,
    PADPIDA2007059001U: null,
    "2007050901U": null,
  },
  juke_id: {
    "017F22E2-79B0-7CC3-98C4-DC0C0C07398F": "017f22e2-79b0-7cc3-98c4-dc0c0c07398f",
    "017f22e2": null,
  },
  acoustid: {
    "9FF43B6A-4F16-427C-93C2-92307CA505E0": "9ff43b6a-4f16-427c-93c2-92307ca505e0",
    "https://acoustid.org/track/9ff43b6a-4f16-427c-93c2-92307ca505e0":
      "9ff43b6a-4f16-427c-93c2-92307ca505e0",
    "00000000-0000-0000-0000-000000000000": null,
  },
  openlibrary: {
    OL26320A: "OL26320A",
    ol45804w: "OL45804W",
    "/books/OL7353617M": "OL7353617M",
    "https://openlibrary.org/authors/OL26320A/J.R.R._Tolkien": "OL26320A",
    OL0A: null,
    OL26320X: null,
    "26320": null,
  },
  viaf: { "141205608": "141205608", "9": null, "0141205608": null, "1234567890": null },
  apple_music: { id657515: "657515", "657515": "657515", "0": null, "-1": null, "6.5": null },
  handle: { Radiohead: "radiohead", "The Beatles": "the-beatles", "!!!": null, "": null },
  spotify: {
    "4Z8W4fKeB5YxbusRsdQVPb": "4Z8W4fKeB5YxbusRsdQVPb",
    "https://open.spotify.com/intl-de/artist/4Z8W4fKeB5YxbusRsdQVPb?si=x": "4Z8W4fKeB5YxbusRsdQVPb",
    "4Z8W4fKeB5YxbusRsdQVP": null,
    "4Z8W4fKeB5YxbusRsdQVP-": null,
    // 2^128 - 1 and 2^128 in the alphabet 0-9a-zA-Z; in 0-9A-Za-z they would be others.
    "7N42dgm5tFLK9N8MT7fHC7": "7N42dgm5tFLK9N8MT7fHC7",
    "7N42dgm5tFLK9N8MT7fHC8": null,
    "7n42dgm5tFLK9N8MT7fHC7": "7n42dgm5tFLK9N8MT7fHC7",
    "7Na2dgm5tFLK9N8MT7fHC7": null,
    "8000000000000000000000": null,
    ZZZZZZZZZZZZZZZZZZZZZZ: null,
  },
  discogs: {
    "3840": "3840",
    a3840: "3840",
    m21491: "21491",
    "https://www.discogs.com/artist/3840-Radiohead": "3840",
    "03840": null,
    "-1": null,
    "0": null,
    "[r=249504]": "249504",
    L2294: "2294",
    x2294: null,
    "184467440737095516150": null,
    "https://www.discogs.com/artist/184467440737095516150": null,
  },
  wikidata: { q44190: "Q44190", Q44190: "Q44190", Q0: null, "44190": null, P434: null },
  youtube: {
    fHiGbolFFGw: "fHiGbolFFGw",
    UCq19_AE1dA2vTxYkr7k7qCg: "UCq19_AE1dA2vTxYkr7k7qCg",
    fHiGbolFFG: null,
  },
  bandcamp: {
    "https://radiohead.bandcamp.com": "https://radiohead.bandcamp.com",
    "https://radiohead.bandcamp.com/": "https://radiohead.bandcamp.com",
    "http://Radiohead.bandcamp.com/music": "https://radiohead.bandcamp.com",
    "radiohead.bandcamp.com/album/ok-computer": "https://radiohead.bandcamp.com/album/ok-computer",
    "https://radiohead.bandcamp.com/album/ok-computer?from=search#t1":
      "https://radiohead.bandcamp.com/album/ok-computer",
    "https://radiohead.bandcamp.com/album/ok-computer/":
      "https://radiohead.bandcamp.com/album/ok-computer",
    "https://radiohead.bandcamp.com/merch": null,
    "https://daily.bandcamp.com/": null,
    "https://bandcamp.com/discover": null,
    "https://radiohead.example.com/album/ok-computer": null,
  },
  asin: {
    b000002uyt: "B000002UYT",
    "1857982185": "1857982185",
    "080442957x": "080442957X",
    "https://www.amazon.de/gp/product/B000002UYT?tag=x": "B000002UYT",
    "1857982186": null,
    B000002UY: null,
    BANDCAMPER: null,
  },
  feed_url: {
    "https://example.com/feed.xml?a=b": "https://example.com/feed.xml?a=b",
    "HTTP://user:secret@Example.COM:80/Feed/#latest": "https://example.com/Feed",
    "https://example.com:443/feed": "https://example.com/feed",
    "https://example.com:8443/feed": "https://example.com:8443/feed",
    "feed://example.com/feed": "https://example.com/feed",
    "feed:https://example.com/feed": "https://example.com/feed",
    "itpc://example.com/feed": "https://example.com/feed",
    "http://[2001:DB8::1]:80/feed": "https://[2001:db8::1]/feed",
    "https://Bücher.example/feed": "https://bücher.example/feed",
    "https://example.com:port/feed": null,
    "https:///feed": null,
    "example.com/feed.xml": null,
    "ftp://example.com/feed.xml": null,
    "https://example.com/a b": null,
    [`https://example.com/${"x".repeat(3000)}`]: null,
  },
  episode_guid: { "  tag:example.com,2024:1 ": "tag:example.com,2024:1", " ": null, "\t": null },
  genre: {
    "Trip Hop": "trip-hop",
    "trip‐hop": "trip-hop",
    "R&B": "r-and-b",
    "Rock & Roll": "rock-and-roll",
    "Música Popular": "musica-popular",
    "Русский рок": "русский-рок",
    РОК: "рок",
    ロック: "ロック",
    "!!!": null,
    "": null,
  },
};

describe.each(Object.entries(VECTORS))("%s", (scheme, forms) => {
  test.each(Object.entries(forms))("%j → %j", async (written, canonical) => {
    const [row] = await sql`select identity.canonical(${scheme}, ${written}) as value`;
    expect(row?.value).toBe(canonical);
  });

  test("the canonical form of a canonical form is itself", async () => {
    for (const canonical of Object.values(forms)) {
      if (canonical === null) continue;
      const [row] = await sql`select identity.canonical(${scheme}, ${canonical}) as value`;
      expect(row?.value).toBe(canonical);
    }
  });
});

test("every scheme has vectors, or is a number that its pattern alone decides", async () => {
  const rows = await sql`select scheme from identity.scheme where pattern !~ '^\\^\\[1-9\\]'`;
  expect(rows.map(({ scheme }) => scheme).filter((scheme) => !(scheme in VECTORS))).toEqual([]);
});

test("a value of an unknown scheme, and no value, have no canonical form", async () => {
  const [row] = await sql`
    select identity.canonical('nonsense', 'x') as unknown, identity.canonical('mbid', null) as missing,
      identity.canonical(null, 'x') as none`;
  expect(row).toEqual({ unknown: null, missing: null, none: null });
});

test("exactly one check digit fits each ISWC, ISNI, IPI, GTIN and ISBN", async () => {
  const rows = await sql`
    select s.scheme, n.stem, count(identity.canonical(s.scheme, n.stem || d)) as valid
    from (values ('iswc', 'T'), ('isni', '0000000'), ('gtin', ''), ('isbn', '978')) s (scheme, prefix)
    cross join lateral (
      select s.prefix || lpad((i * 7919)::text, case s.scheme when 'isni' then 8 when 'gtin' then 11 else 9 end, '0') as stem
      from generate_series(1, 40) i
    ) n
    cross join unnest(case s.scheme when 'isni' then '{0,1,2,3,4,5,6,7,8,9,X}' else '{0,1,2,3,4,5,6,7,8,9}' end::text[]) d
    group by s.scheme, n.stem
    having count(identity.canonical(s.scheme, n.stem || d)) <> 1`;
  expect([...rows]).toEqual([]);
});
