import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ddexErn } from "../../formats/ddex.ts";
import type { CatalogRecord } from "../../formats/index.ts";
import { detectFormat, fileInput } from "../../formats/index.ts";
import { readFacts, rightLine } from "./ddex-reading.ts";
import { itemsOf } from "./delivery.ts";

/** Messages that others published; not part of this repository. */
const DIRECTORY = new URL("../../../shared/data/ddex/", import.meta.url).pathname;
const present = existsSync(DIRECTORY);
if (!present) console.warn(`skipped: no DDEX messages in ${DIRECTORY}`);

const CHANNELS = /distribution channels/;

/** Records by kind, rights in all of them, and the warnings there are. */
const CONTENTS: { [file: string]: [counts: string, rights: number, ...warnings: RegExp[]] } = {
  "ern-371/fuga-album.xml": ["2 artist, 1 label, 17 track, 1 album, 1 release", 54],
  "ern-38/basic_release_382.xml": ["1 album, 1 release", 0, /without a deal/],
};
for (const version of ["411", "42", "43"]) {
  Object.assign(CONTENTS, {
    [`ern-${version}/1 Audio.xml`]: ["1 artist, 1 label, 21 track, 1 album, 1 release", 43],
    [`ern-${version}/2 Video.xml`]: ["1 artist, 1 label, 2 video, 1 album, 1 release", 1, CHANNELS],
    [`ern-${version}/3 MixedMedia.xml`]: [
      "2 artist, 1 label, 14 track, 3 video, 1 album, 1 release",
      48,
      CHANNELS,
    ],
    [`ern-${version}/4 SimpleAudioSingle.xml`]: [
      "1 artist, 2 label, 1 track, 1 album, 1 release",
      747,
    ],
    [`ern-${version}/5 SimpleVideoSingle.xml`]: [
      "2 artist, 1 label, 1 video, 1 album, 1 release",
      3,
    ],
    [`ern-${version}/6 Ringtone.xml`]: [
      "15 artist, 2 label, 1 track, 1 album, 1 release",
      140,
      CHANNELS,
    ],
    [`ern-${version}/7 LongformMusicalWorkVideo.xml`]: [
      "3 artist, 1 label, 2 video, 1 album, 1 release",
      9,
    ],
    [`ern-${version}/8 DjMix.xml`]: [
      "9 artist, 1 label, 9 track, 1 album, 1 release",
      1,
      /"For Now" has the id of "Giant"/,
    ],
  });
}
CONTENTS["ern-43/Variant Classical.xml"] = ["4 artist, 1 label, 12 track, 1 album, 1 release", 1];

describe.skipIf(!present)("published messages", () => {
  test("are all accounted for", () => {
    const all = readdirSync(DIRECTORY)
      .filter((folder) => folder.startsWith("ern-"))
      .flatMap((folder) => readdirSync(DIRECTORY + folder).map((file) => `${folder}/${file}`));
    expect(all.sort()).toEqual(Object.keys(CONTENTS).sort());
  });

  test.each(Object.entries(CONTENTS))("%s", async (file, [counts, rights, ...warnings]) => {
    const path = DIRECTORY + file;
    const version =
      file.split(/[-/]/)[1] === "38" ? "3.8.2" : [...(file.split(/[-/]/)[1] ?? "")].join(".");
    expect(await detectFormat(fileInput(path))).toEqual({ format: ddexErn, version });
    const items = await itemsOf(path);
    expect(items[0]).toMatchObject({ about: { version, statedAt: expect.any(String) } });
    expect(items.flatMap((item) => ("refused" in item ? [item.refused.message] : []))).toEqual([]);
    const said = items.flatMap((item) => ("warning" in item ? [item.warning] : []));
    expect(said).toEqual(warnings.map((each) => expect.stringMatching(each)));
    const records = items.flatMap((item) => ("record" in item ? [item.record] : []));
    const own = records.filter(({ kind }) => kind !== "genre");
    const kinds = [...new Set(own.map(({ kind }) => kind))];
    const found = kinds.map((kind) => `${own.filter((each) => each.kind === kind).length} ${kind}`);
    expect(found.join(", ")).toBe(counts);
    expect(own.flatMap((record) => ("rights" in record ? (record.rights ?? []) : []))).toHaveLength(
      rights,
    );
    if (file.startsWith("ern-38/")) return;
    expect(factsOf(own)).toEqual(sorted(readFacts(readFileSync(path, "utf8"), version)));
  });

  test("give everything the same id when they are delivered again in another version", async () => {
    for (const file of readdirSync(`${DIRECTORY}ern-42`)) {
      const [first, ...others] = await Promise.all(
        ["ern-411", "ern-42", "ern-43"].map(async (folder) =>
          (await itemsOf(`${DIRECTORY}${folder}/${file}`)).flatMap((item) =>
            "record" in item ? [`${item.record.kind} ${item.record.id}`] : [],
          ),
        ),
      );
      for (const other of others) expect(other, file).toEqual(first);
    }
  });
});

type Facts = ReturnType<typeof readFacts>;

function sorted({ recordings, releases }: Facts): Facts {
  const key = (each: object) => JSON.stringify(each);
  return {
    recordings: [...recordings].sort((a, b) => (key(a) < key(b) ? -1 : 1)),
    releases,
  };
}

/** The same facts, from the records. */
function factsOf(records: CatalogRecord[]): Facts {
  const names = new Map<string, string>();
  const lines = (record: { copyrights?: { line: string; year?: number; text: string }[] }) =>
    (record.copyrights ?? []).map(({ line, year, text }) => `${line} ${year ?? ""} ${text}`).sort();
  const recordings = records.flatMap((record) => {
    if (record.kind !== "track" && record.kind !== "video") return [];
    const isrc = record.ids?.isrc as string | undefined;
    const title = record.title ?? "";
    names.set(`${record.kind} ${record.id}`, isrc ?? title);
    const rights = record.rights?.map(rightLine).sort();
    return [{ isrc, title, ms: record.duration_ms ?? 0, lines: lines(record), rights }];
  });
  const releases = records.flatMap((record) => {
    if (record.kind !== "release") return [];
    const tracks = (record.tracks ?? []).map((line) => {
      const { kind, id } = "track" in line ? line.track : line.video;
      return `${line.disc}.${line.position} ${names.get(`${kind} ${id}`)}`;
    });
    return [
      {
        icpn: record.ids?.gtin as string | undefined,
        grid: record.ids?.grid as string | undefined,
        title: record.title ?? "",
        tracks,
        lines: lines(record),
        rights: (record.rights ?? []).map(rightLine).sort(),
      },
    ];
  });
  return sorted({ recordings, releases });
}
