import { describe, expect, test } from "vitest";
import { deliver, readAll, refusalOf } from "./delivery.ts";
import {
  A1,
  A2,
  artist,
  by,
  G1,
  ID,
  L1,
  pick,
  R1,
  R2,
  recording,
  recordsIn,
  release,
} from "./documents.ts";

describe("a release", () => {
  const line = (position: number, id: string, more: object = {}) => ({
    position,
    number: `A${position}`,
    title: `T${position}`,
    length: 1000 * position,
    recording: recording({ id, ...more }),
  });

  test("has its tracks in order, with the hidden one, data tracks and videos", async () => {
    const media = [
      { position: 1, format: "CD", "track-count": 2, pregap: { ...line(0, R1), number: "0" } },
      { position: 2, format: "DVD", title: "Extra", tracks: [line(1, R2, { video: true })] },
    ];
    const first = { ...media[0], tracks: [line(1, A1)], "data-tracks": [line(2, A2)] };
    const doc = release({ media: [first, media[1]] });
    expect(pick(await recordsIn(doc), ID, "partial")).toMatchObject({
      media: [
        { disc: 1, format: "CD" },
        { disc: 2, format: "DVD", title: "Extra" },
      ],
      tracks: [
        { disc: 1, position: 0, number: "0", title: "T0", duration_ms: 0, track: { id: R1 } },
        { disc: 1, position: 1, number: "A1", title: "T1", duration_ms: 1000, track: { id: A1 } },
        { disc: 1, position: 2, number: "A2", title: "T2", duration_ms: 2000, track: { id: A2 } },
        { disc: 2, position: 1, number: "A1", title: "T1", duration_ms: 1000, video: { id: R2 } },
      ],
    });
  });

  test("of which only some tracks are shown does not lose the others", async () => {
    const found = {
      id: R1,
      title: "R",
      media: [{ "track-count": 6, "track-offset": 3, track: [{}] }],
    };
    const records = await recordsIn(recording({ releases: [found] }));
    expect(pick(records, R1, "mention")).toMatchObject({
      tracks: [{ disc: 1, position: 4, track: { kind: "track", id: ID } }],
    });
    const part = release({ media: [{ "track-count": 6, tracks: [line(1, A1)] }] });
    expect(pick(await recordsIn(part), ID, "partial")).not.toHaveProperty("tracks");
    expect(pick(await recordsIn(part), ID, "mention")).toHaveProperty("tracks");
  });

  test("has labels, events, barcode, language and covers", async () => {
    const area = (code: string) => ({ id: G1, name: code, "iso-3166-1-codes": [code] });
    const doc = release({
      barcode: "5099902943527",
      asin: "B004ZNAUVW",
      "text-representation": { language: "eng", script: "Latn" },
      "label-info": [
        { "catalog-number": "SHVL 804", label: { id: L1, name: "Harvest" } },
        { "catalog-number": "[none]", label: { id: L1, name: "Harvest" } },
        { "catalog-number": "1", label: null },
      ],
      "release-events": [
        { date: "1973", area: area("XW") },
        { date: "", area: null },
      ],
      "cover-art-archive": { artwork: true, front: true, back: false },
    });
    const label = { kind: "label", id: L1 };
    expect(pick(await recordsIn(doc), ID, "partial")).toMatchObject({
      ids: { mbid: ID, gtin: "5099902943527", asin: "B004ZNAUVW" },
      barcode: "5099902943527",
      language: "eng",
      script: "Latn",
      labels: [{ label, catalog_number: "SHVL 804" }, { label }],
      release_events: [{ date: "1973", country: "XW" }],
      images: [{ url: `https://coverartarchive.org/release/${ID}/front`, image_type: "front" }],
    });
  });
});

test("a video refers to the track that it shows, from either side", async () => {
  const relation = (id: string, video: boolean) => ({
    type: "music video",
    "target-type": "recording",
    recording: { id, title: "X", video },
  });
  const shown = { video_type: "music video", track: { kind: "track" } };
  const fromVideo = await recordsIn(recording({ video: true, relations: [relation(R1, false)] }));
  expect(pick(fromVideo, ID, "partial")).toMatchObject({ kind: "video", ...shown });
  const fromTrack = await recordsIn(recording({ relations: [relation(R1, true)] }));
  expect(pick(fromTrack, R1, "mention")).toMatchObject({ kind: "video", ...shown });
});

test.each([
  ["https://open.spotify.com/artist/0LcJLqbBmaGUft1e9Mm8HV", "spotify", "0LcJLqbBmaGUft1e9Mm8HV"],
  ["https://www.discogs.com/artist/69866", "discogs", "69866"],
  ["https://www.wikidata.org/wiki/Q18233", "wikidata", "Q18233"],
  ["https://music.apple.com/gb/artist/372976", "apple_music", "372976"],
  ["https://itunes.apple.com/us/artist/id372976", "apple_music", "372976"],
  ["https://www.deezer.com/artist/7", "deezer", "7"],
  ["https://tidal.com/artist/9528", "tidal", "9528"],
  ["https://viaf.org/viaf/148483370/", "viaf", "148483370"],
  ["https://abba.bandcamp.com/", "bandcamp", "https://abba.bandcamp.com/"],
])("the URL %s states an id of %s", async (resource, scheme, id) => {
  const link = { "target-type": "url", type: "free streaming", url: { id: G1, resource } };
  const [record] = await recordsIn(artist({ relations: [link, { ...link, ended: true }] }));
  expect(record?.ids).toEqual({ mbid: ID, [scheme]: id });
});

test("a URL names what it shows: a track's may stand for the track, not for its artist", async () => {
  const urls = [
    "https://www.youtube.com/watch?v=xFrGuyw1V8s",
    "https://music.apple.com/us/album/sos/1422648512?i=1422648513",
    "https://abba.bandcamp.com/track/sos",
  ];
  const relations = urls.map((resource) => ({ "target-type": "url", url: { id: G1, resource } }));
  const [track] = await recordsIn(recording({ relations }));
  expect(track?.ids).toEqual({
    mbid: ID,
    youtube: "xFrGuyw1V8s",
    apple_music: "1422648513",
    bandcamp: "https://abba.bandcamp.com/track/sos",
  });
  const [maker] = await recordsIn(artist({ relations }));
  expect(maker?.ids).toEqual({ mbid: ID });
});

test("a URL that no longer holds, or of a service that is not known, states nothing", async () => {
  const link = (resource: string, ended: boolean) => ({
    "target-type": "url",
    ended,
    url: { id: G1, resource },
  });
  const relations = [
    link("https://www.discogs.com/artist/1", true),
    link("https://x.org/1", false),
  ];
  const [record] = await recordsIn(artist({ relations }));
  expect(record?.ids).toEqual({ mbid: ID });
});

test("genres carry their votes; one without an id goes by its name", async () => {
  const genres = [
    { id: G1, name: "pop", count: 5 },
    { name: "Europop", count: 3 },
  ];
  const records = await recordsIn(artist({ genres }));
  expect(pick(records, ID, "partial")).toMatchObject({
    genres: [
      { genre: { kind: "genre", id: G1 }, weight: 5 },
      { genre: { kind: "genre", id: "europop" }, weight: 3 },
    ],
  });
  expect(pick(records, G1, "mention")).toMatchObject({
    name: "pop",
    ids: { genre: "pop", mbid: G1 },
  });
  expect(pick(records, "europop", "mention")).toMatchObject({ ids: { genre: "Europop" } });
});

test.each([
  [{ error: "Not Found", help: "…" }, /an error message of the web service/],
  [{ collections: [], "collection-count": 0 }, /a list of collections/],
  [{ id: ID, name: "Sweden", "sort-name": "Sweden", "iso-3166-1-codes": ["SE"] }, /an area/],
  [{ position: 1, number: "1", recording: {} }, /a track of a medium/],
  [{ "format-id": null, "track-count": 1, tracks: [] }, /a medium of a release/],
  [{ "odd-key": 1 }, /an object with the keys odd-key/],
])("a document that is not understood is named: %j", async (doc, reason) => {
  const error = await refusalOf(await deliver(JSON.stringify(doc)));
  expect(error).toMatchObject({ code: "JB245" });
  expect(error.reason).toMatch(reason);
  expect(error.hint).toMatch(/artist, label, release-group/);
});

test("a value that no record can hold is refused at its place in the document", async () => {
  const releases = [release(), release({ id: R1, aliases: [{ name: "x".repeat(501) }] })];
  const path = await deliver(JSON.stringify({ releases }));
  const error = await refusalOf(path);
  expect(error.message).toMatch(`${path}#/releases/1: release ${R1}: /aliases/0/name is`);
  expect(error.code).toBe("JB246");
});

test("the pointers say where in the document a record stands", async () => {
  const path = await deliver(JSON.stringify(recording({ "artist-credit": [by(A1, "A1")] })));
  expect((await readAll(path)).map(({ pointer }) => pointer)).toEqual([
    "/artist-credit/0/artist",
    "",
  ]);
});
