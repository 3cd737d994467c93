import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { CatalogRecord } from "../../formats/index.ts";
import { readAll, refusalOf } from "./delivery.ts";

/** Answers of the real web service, recorded by others; not part of this repository. */
const DIRECTORY = new URL("../../../shared/data/musicbrainz/", import.meta.url).pathname;
const present = existsSync(DIRECTORY);
if (!present) console.warn(`skipped: no recorded MusicBrainz answers in ${DIRECTORY}`);

/** What each file is about, as its kind and the number of records; or why it is refused. */
const OUTCOMES: { [file: string]: [kind: CatalogRecord["kind"], records: number] | RegExp } = {
  "artist.json": ["artist", 1],
  "artist_arabic.json": ["artist", 1],
  "artist_ended.json": ["artist", 1],
  "artist_null.json": /the artist has no id/,
  "collection_list.json": /a list of collections/,
  "country.json": ["release", 1],
  "country_null.json": /the release has no id/,
  "label_info.json": /releases\/0: the release has no id/,
  "label_info_null.json": /releases\/0: the release has no id/,
  "media_null.json": /a medium of a release/,
  "media_pregap.json": /a medium of a release/,
  "recording.json": ["track", 21],
  "recording_artist_aliases.json": ["track", 2],
  "recording_artist_aliases_locales.json": ["track", 2],
  "recording_artist_name_change.json": ["track", 2],
  "recording_composer.json": ["track", 8],
  "recording_credits.json": ["track", 10],
  "recording_generic_instrument.json": ["video", 9],
  "recording_instrumental.json": ["track", 9],
  "recording_multi_artists_1.json": ["track", 4],
  "recording_multi_artists_2.json": ["track", 4],
  "recording_multiple_works.json": ["track", 48],
  "recording_null.json": /the recording has no id/,
  "recording_video.json": ["video", 7],
  "recording_video_null.json": ["track", 4],
  "release.json": ["release", 18],
  "release_5medias.json": ["release", 3],
  "release_djmix.json": ["release", 9],
  "release_group.json": ["album", 26],
  "release_group_2.json": /the release has the id "123"/,
  "release_group_3.json": /the release has the id "789"/,
  "release_group_4.json": /the release has the id "789"/,
  "release_group_5.json": /the release has the id "789"/,
  "release_group_null.json": /the release group has no id/,
  "release_multidisc.json": ["release", 9],
  "release_no_type.json": ["release", 3],
  "release_null.json": /the release has no id/,
  "track.json": /a track of a medium/,
  "track_null.json": /a track of a medium/,
  "track_pregap.json": /a track of a medium/,
};

describe.skipIf(!present)("the recorded answers", () => {
  test("are all accounted for", () => {
    expect(readdirSync(DIRECTORY).sort()).toEqual(Object.keys(OUTCOMES).sort());
  });

  test.each(Object.entries(OUTCOMES))("%s", async (file, outcome) => {
    if (outcome instanceof RegExp) {
      const error = await refusalOf(DIRECTORY + file);
      expect(error.message).toMatch(outcome);
      expect(error.code).toBe("JB245");
      return;
    }
    const records = await recordsIn(file);
    expect(records).toHaveLength(outcome[1]);
    expect(records.filter(({ scope }) => scope === "partial")).toMatchObject([
      { kind: outcome[0], id: document(file).id },
    ]);
  });

  test("keep every MBID of what they nest, except of what is no entity here", async () => {
    for (const [file, outcome] of Object.entries(OUTCOMES)) {
      if (outcome instanceof RegExp) continue;
      const expected = entitiesIn(document(file)).sort();
      const found = new Set((await recordsIn(file)).map(({ id }) => id));
      found.delete("genre1");
      found.delete("genre2");
      expect([...found].sort(), file).toEqual([...new Set(expected)]);
    }
  });

  test("keep the title, length and ISRCs of every recording", async () => {
    for (const [file, outcome] of Object.entries(OUTCOMES)) {
      if (outcome instanceof RegExp) continue;
      const records = await recordsIn(file);
      for (const recording of recordingsIn(document(file))) {
        const record = records.find((each) => each.id === recording.id && "title" in each);
        expect(record, file).toMatchObject({ title: recording.title });
        if (recording.length) {
          expect(record, file).toMatchObject({ duration_ms: recording.length });
        }
        const isrcs = recording.isrcs as string[] | undefined;
        expect([record?.ids?.isrc ?? []].flat(), file).toEqual(isrcs ?? []);
      }
    }
  });

  test("keep the order of tracks and the credits of each role", async () => {
    const { media } = document("release.json") as { media: { tracks: Json[] }[] };
    const [release] = (await recordsIn("release.json")).filter(({ scope }) => scope === "partial");
    expect(release).toMatchObject({
      tracks: media.flatMap(({ tracks }) =>
        tracks.map(({ title, number, position, length, recording }) => ({
          disc: 1,
          position,
          number,
          title,
          duration_ms: length,
          track: { id: (recording as Json).id },
        })),
      ),
    });

    const { relations } = document("recording_credits.json") as { relations: Json[] };
    const track = (await recordsIn("recording_credits.json")).at(-1);
    const credits = relations.map(({ type, artist }) => [type, (artist as Json).id]);
    expect(track).toHaveProperty("credits");
    const found = (track as { credits: { role: string; contributor: { id: string } }[] }).credits;
    expect(found.slice(1).map(({ role, contributor }) => [role, contributor.id])).toEqual(credits);
  });
});

type Json = { [key: string]: unknown };

function document(file: string): Json {
  return JSON.parse(readFileSync(DIRECTORY + file, "utf8"));
}

async function recordsIn(file: string): Promise<CatalogRecord[]> {
  return (await readAll(DIRECTORY + file)).map(({ record }) => record);
}

/** An independent reading: every object under a key that names an entity, wherever it stands. */
const ENTITIES = ["artist", "label", "release-group", "recording", "work", "releases"];

function entitiesIn(doc: Json): string[] {
  return [doc, ...objectsUnder(doc, ENTITIES)].map(({ id }) => id as string);
}

function recordingsIn(doc: Json): Json[] {
  const own = "video" in doc ? [doc] : [];
  return [...own, ...objectsUnder(doc, ["recording"])];
}

function objectsUnder(value: unknown, keys: string[]): Json[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const here = keys.includes(key) && item ? ([item].flat() as Json[]) : [];
    return [...here, ...objectsUnder(item, keys)];
  });
}
