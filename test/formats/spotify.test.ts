import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { bufferInput, detectFormat } from "../../formats/index.ts";
import { spotify } from "../../formats/spotify.ts";
import { countsOf, read } from "./items.ts";

const ARTIST = {
  id: "4Z8W4fKeB5YxbusRsdQVPb",
  name: "Anna",
  type: "artist",
  uri: "spotify:artist:4Z8W4fKeB5YxbusRsdQVPb",
};
const ALBUM = {
  id: "0k17h0D3J5VfsdmQ1iZtE9",
  name: "First",
  type: "album",
  album_type: "compilation",
  artists: [ARTIST],
  release_date: "2001-05",
  images: [{ url: "https://example.org/a.jpg", width: 640, height: 640 }],
};
const TRACK = {
  id: "7N42dgm5tFLK9N8MT7fHC7",
  name: "Song",
  type: "track",
  artists: [ARTIST],
  disc_number: 1,
  track_number: 2,
  duration_ms: 225_000,
  explicit: true,
  external_ids: { isrc: "GBAYE6800011" },
};
const reference = { kind: "artist", id: ARTIST.id };
const credits = [{ contributor: reference, role: "artist", position: 1 }];
const line = {
  disc: 1,
  position: 2,
  title: "Song",
  duration_ms: 225_000,
  track: { kind: "track", id: TRACK.id },
};
const artist = {
  kind: "artist",
  id: ARTIST.id,
  scope: "mention",
  name: "Anna",
  ids: { spotify: ARTIST.id },
};

test("a track comes with its artists, and with the release that carries it", async () => {
  const { records } = await read(spotify, JSON.stringify({ ...TRACK, album: ALBUM }));
  const images = ALBUM.images;
  expect(records).toEqual([
    artist,
    {
      kind: "album",
      id: ALBUM.id,
      scope: "mention",
      title: "First",
      ids: { spotify: ALBUM.id },
      album_type: "album",
      secondary_types: ["compilation"],
      credits,
      images,
    },
    {
      kind: "release",
      id: ALBUM.id,
      scope: "mention",
      title: "First",
      ids: { spotify: ALBUM.id },
      release_date: "2001-05",
      album: { kind: "album", id: ALBUM.id },
      tracks: [line],
      credits,
      images,
    },
    {
      kind: "track",
      id: TRACK.id,
      scope: "partial",
      title: "Song",
      ids: { spotify: TRACK.id, isrc: "GBAYE6800011" },
      duration_ms: 225_000,
      explicit: true,
      credits,
    },
  ]);
});

test("an album has its barcode, label, copyrights and all of its tracks, or a mention of some", async () => {
  const album = {
    ...ALBUM,
    label: "Our Label",
    external_ids: { upc: "036000291452" },
    copyrights: [
      { type: "P", text: "2001 Our Label" },
      { type: "X", text: "?" },
    ],
    tracks: { items: [TRACK], total: 1 },
  };
  const whole = await read(spotify, JSON.stringify(album));
  expect(whole.records.at(-1)).toMatchObject({
    kind: "release",
    scope: "partial",
    ids: { spotify: ALBUM.id, gtin: ["036000291452"] },
    barcode: "036000291452",
    labels: [{ label: { kind: "label", id: "name:our label" } }],
    copyrights: [{ line: "P", year: 2001, text: "2001 Our Label" }],
    tracks: [line],
  });
  const part = await read(
    spotify,
    JSON.stringify({ ...album, tracks: { items: [TRACK], total: 30 } }),
  );
  expect(part.records.at(-1)).not.toHaveProperty("tracks");
  expect(part.records).toContainEqual({
    kind: "release",
    id: ALBUM.id,
    scope: "mention",
    tracks: [line],
  });
});

test("lists, pages and playlists are taken element by element; null is one that was not found", async () => {
  const documents = [
    { tracks: [TRACK, null] },
    { tracks: { items: [TRACK] } },
    { items: [{ added_at: "2024-01-01T00:00:00Z", track: TRACK }] },
  ];
  for (const document of documents) {
    const { records } = await read(spotify, JSON.stringify(document));
    expect(countsOf(records)).toEqual({ "artist mention": 1, "track partial": 1 });
  }
  expect((await read(spotify, JSON.stringify({ tracks: { items: [] } }))).records).toEqual([]);
});

test("what it does not understand says so", async () => {
  const show = await read(spotify, JSON.stringify({ type: "show", uri: "spotify:show:1" }));
  expect(show.error).toMatchObject({ code: "JB245", reason: expect.stringContaining("show") });
  const nameless = await read(spotify, JSON.stringify({ tracks: [{ ...TRACK, name: "" }] }));
  expect(nameless.error).toMatchObject({ code: "JB246", pointer: "/tracks/0" });
  expect((await read(spotify, '{"type": "track", ')).error).toMatchObject({ code: "JB243" });
});

/** Answers that others recorded; not part of this repository. */
const DIRECTORY = new URL("../../../shared/data/spotify/api_json/", import.meta.url).pathname;
const present = existsSync(DIRECTORY);
if (!present) console.warn(`skipped: no answers of Spotify in ${DIRECTORY}`);

const AROUND = { "album mention": 1, "release mention": 1, "track partial": 1 };
const OUTCOMES: { [file: string]: { [what: string]: number } } = {
  "album_info.json": {
    "album partial": 1,
    "artist mention": 5,
    "label mention": 1,
    "release partial": 1,
    "track mention": 24,
  },
  "japanese_track_request.json": { ...AROUND, "artist mention": 1 },
  "missing_request.json": {},
  "multiartist_album.json": {
    "album partial": 1,
    "artist mention": 4,
    "label mention": 1,
    "release partial": 1,
    "track mention": 1,
  },
  "multiartist_track.json": { ...AROUND, "artist mention": 4 },
  "track_info.json": { ...AROUND, "artist mention": 2 },
  "track_request.json": { ...AROUND, "artist mention": 1 },
};

describe.skipIf(!present)("recorded answers are read", () => {
  test.each(Object.entries(OUTCOMES))("%s", async (file, counts) => {
    const bytes = readFileSync(DIRECTORY + file);
    expect((await detectFormat(bufferInput(bytes, file))).format.name).toBe("spotify");
    const { records, refused } = await read(spotify, bytes);
    expect(refused).toEqual([]);
    expect(countsOf(records)).toEqual(counts);
    const document = JSON.parse(bytes.toString());
    const [track] = document.type === "track" ? [document] : (document.tracks?.items ?? []);
    if (track?.external_ids) {
      expect(records.at(-1)).toMatchObject({
        id: track.id,
        title: track.name,
        duration_ms: track.duration_ms,
        ids: { isrc: track.external_ids.isrc },
      });
    }
  });
});
