import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { XMLParser } from "fast-xml-parser";
import { beforeAll, describe, expect, test } from "vitest";
import type { CatalogRecord } from "../../formats/index.ts";
import type { Item } from "../../formats/record.ts";
import { itemsOf } from "./delivery.ts";

/** Samples of real dumps; not part of this repository. */
const DIRECTORY = new URL("../../../shared/data/discogs/", import.meta.url).pathname;
const present = existsSync(DIRECTORY);
if (!present) console.warn(`skipped: no dumps of Discogs in ${DIRECTORY}`);
const file = (root: string) => `${DIRECTORY}discogs_20200806_${root}.xml.gz`;

/** What each file yields: records by kind, those in passing apart, and warnings. Nothing is refused. */
const COUNTS: { [root: string]: { [what: string]: number } } = {
  artists: { artist: 1000, "artist in passing": 933 },
  labels: { label: 1000, "label in passing": 78 },
  masters: {
    album: 1000,
    "artist in passing": 912,
    "genre in passing": 281,
    "release in passing": 1000,
    "video in passing": 2158,
  },
  releases: {
    release: 1000,
    track: 9187,
    "album in passing": 594,
    "artist in passing": 6589,
    "genre in passing": 258,
    "label in passing": 734,
    "video in passing": 191,
    warning: 27,
  },
};

type Node = { [name: string]: Node[] & string };

/** An independent reading, by another parser, of the whole text at once: attributes are @name, every element a list. */
function documentOf(root: string): Node[] {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: "@",
    parseTagValue: false,
    parseAttributeValue: false,
    htmlEntities: true,
    trimValues: true,
    isArray: (_name, _path, _isLeaf, isAttribute) => !isAttribute,
  });
  const text = gunzipSync(readFileSync(file(root))).toString("utf8");
  const [top] = parser.parse(text)[root];
  return top[root.slice(0, -1)];
}

const at = (node: Node | undefined, name: string): Node | undefined => node?.[name]?.[0] as never;
const list = (node: Node, outer: string, inner: string): Node[] =>
  (at(node, outer) as Node | undefined)?.[inner] ?? [];
/** The text of an element in one line: a string, or the text beside its attributes. */
function text(node: unknown): string {
  const own =
    typeof node === "string" ? node : (node as { "#text"?: string } | undefined)?.["#text"];
  return (own ?? "").replace(/\s+/g, " ").trim();
}
const textAt = (node: Node, name: string) => text(at(node, name));
const bare = (name: string) => name.replace(/ \(\d+\)$/, "");

describe.runIf(present)("the recorded dumps", () => {
  const items: { [root: string]: Item[] } = {};
  const records: { [root: string]: Map<string, CatalogRecord> } = {};
  beforeAll(async () => {
    for (const root of Object.keys(COUNTS)) {
      items[root] = await itemsOf(file(root));
      records[root] = new Map(
        items[root].flatMap((item): [string, CatalogRecord][] =>
          "record" in item && item.record.scope !== "mention"
            ? [[`${item.record.kind} ${item.record.id}`, item.record]]
            : [],
        ),
      );
    }
  }, 120_000);

  const record = <K extends CatalogRecord["kind"]>(root: string, kind: K, id: string) => {
    const found = records[root]?.get(`${kind} ${id}`);
    expect(found, `${kind} ${id}`).toBeDefined();
    return found as Extract<CatalogRecord, { kind: K }>;
  };

  test.each(Object.entries(COUNTS))("of %s are read whole", (root, counts) => {
    const found: { [what: string]: number } = {};
    for (const item of items[root] as Item[]) {
      if ("refused" in item) throw item.refused;
      const passing = "record" in item && item.record.scope === "mention" ? " in passing" : "";
      const what = "record" in item ? item.record.kind + passing : "warning";
      found[what] = (found[what] ?? 0) + 1;
    }
    expect(found).toEqual(counts);
  });

  test("keep the names, variations, aliases, members and groups of all artists", () => {
    const all = documentOf("artists");
    expect(all).toHaveLength(1000);
    for (const node of all) {
      const one = record("artists", "artist", textAt(node, "id"));
      expect(one.name).toBe(bare(textAt(node, "name")));
      const variations = list(node, "namevariations", "name").map(text);
      const names = one.aliases?.filter(({ alias_type }) => alias_type === "artist name") ?? [];
      expect(names.map(({ name }) => name)).toEqual(
        [...new Set(variations)].filter((name) => name !== one.name && name !== ""),
      );
      const related = (["aliases", "members", "groups"] as const).flatMap((each) =>
        list(node, each, "name").map((other) => `${each.replace(/e?s$/, "")} ${other["@id"]}`),
      );
      const own = one.relations?.map((each) => `${each.relation} ${each.artist.id}`) ?? [];
      expect(own.sort()).toEqual(related.map((each) => each.replace("aliase", "alias")).sort());
    }
  });

  test("keep the names and parents of all labels", () => {
    const all = documentOf("labels");
    expect(all).toHaveLength(1000);
    for (const node of all) {
      const one = record("labels", "label", textAt(node, "id"));
      expect(one.name).toBe(bare(textAt(node, "name")));
      expect(one.parent?.id).toBe(at(node, "parentLabel")?.["@id"]);
    }
  });

  /** Of each artist of a list: the id and the name as printed. */
  const credited = (node: Node, outer = "artists") =>
    list(node, outer, "artist")
      .filter((artist) => textAt(artist, "id") !== "0")
      .map((artist) => {
        const printed = textAt(artist, "anv");
        const isSame = printed === "" || printed === bare(textAt(artist, "name"));
        return [textAt(artist, "id"), isSame ? undefined : printed];
      });
  const creditLine = (one: {
    credits?: { role: string; contributor: { id: string }; credited_as?: string }[];
  }) =>
    (one.credits ?? [])
      .filter(({ role }) => role === "artist")
      .map(({ contributor, credited_as }) => [contributor.id, credited_as]);

  test("keep the titles, years, credit lines and genres of all masters", () => {
    const all = documentOf("masters");
    expect(all).toHaveLength(1000);
    for (const node of all) {
      const one = record("masters", "album", node["@id"] as string);
      expect(one.title).toBe(textAt(node, "title"));
      const year = textAt(node, "year");
      expect(one.first_release_date).toBe(year === "0" ? undefined : year);
      expect(creditLine(one)).toEqual(credited(node));
      const genres = [...list(node, "genres", "genre"), ...list(node, "styles", "style")].map(text);
      expect(one.genres?.map((each) => "genre" in each && each.genre.id)).toEqual([
        ...new Set(genres.map((name) => name.toLowerCase())),
      ]);
    }
  });

  test("keep the credit lines, catalog numbers, barcodes and dates of all releases", () => {
    const all = documentOf("releases");
    expect(all).toHaveLength(1000);
    for (const node of all) {
      const id = node["@id"] as string;
      const one = record("releases", "release", id);
      expect(one.title).toBe(textAt(node, "title"));
      expect(one.album?.id ?? "").toBe(textAt(node, "master_id"));
      expect(creditLine(one), id).toEqual(credited(node));
      const numbers = list(node, "labels", "label")
        .filter((label) => label["@id"] !== "1818")
        .map((label) => [
          label["@id"],
          label["@catno"]?.trim().toLowerCase() === "none" ? "" : label["@catno"]?.trim(),
        ]);
      const unlike = new Map(numbers.map((each) => [each.join(), each]));
      expect(
        one.labels?.map(({ label, catalog_number = "" }) => [label.id, catalog_number]) ?? [],
      ).toEqual([...unlike.values()]);
      const barcodes = list(node, "identifiers", "identifier")
        .filter((each) => each["@type"] === "Barcode")
        .map((each) => (each["@value"] ?? "").trim());
      expect(one.barcode).toBe(barcodes.filter(Boolean)[0]);
      for (const gtin of [one.ids?.gtin ?? []].flat()) {
        expect(barcodes.map((each) => each.replace(/\D/g, ""))).toContain(gtin);
      }
      const [date] = /^\d{4}(-(?!00)\d\d(-(?!00)\d\d)?)?/.exec(textAt(node, "released")) ?? [];
      expect(one.release_date).toBe(date === "0000" ? undefined : date);
    }
  });

  test("keep the order, positions, titles and lengths of all tracks", () => {
    let lines = 0;
    for (const node of documentOf("releases")) {
      const id = node["@id"] as string;
      const one = record("releases", "release", id);
      const given = list(node, "tracklist", "track").flatMap((line) => {
        const parts = list(line, "sub_tracks", "track");
        return parts.some((part) => textAt(part, "position") !== "") ? parts : [line];
      });
      const numbered = given.filter((line) => textAt(line, "position") !== "");
      const found = (one.tracks ?? []).filter(({ number }) => number !== undefined);
      expect(
        found.map(({ number }) => number),
        id,
      ).toEqual(numbered.map((line) => textAt(line, "position")));
      for (const [index, line] of numbered.entries()) {
        const track = found[index];
        lines += 1;
        expect(track?.title ?? "", id).toContain(textAt(line, "title"));
        const length = textAt(line, "duration");
        const [, minutes, seconds] = /^(\d+):(\d\d)$/.exec(length) ?? [];
        const expected = minutes && (Number(minutes) * 60 + Number(seconds)) * 1000;
        expect(track?.duration_ms, `${id} ${length}`).toBe(expected || undefined);
        const own = credited(line);
        const of = track && "track" in track ? track.track.id : "";
        if (own.length > 0) expect(creditLine(record("releases", "track", of))).toEqual(own);
      }
      // On each disc positions count from 1, and the discs do not go back and forth.
      const discs = new Map<number, number>();
      for (const { disc, position } of one.tracks ?? []) {
        expect(position).toBe((discs.get(disc) ?? 0) + 1);
        discs.set(disc, position);
      }
      expect(one.media?.length ?? 0, id).toBeGreaterThanOrEqual(Math.max(0, ...discs.keys()));
    }
    expect(lines).toBeGreaterThan(9000);
  });

  test("name the roles of all extra artists", () => {
    let roles = 0;
    for (const node of documentOf("releases")) {
      const id = node["@id"] as string;
      const one = record("releases", "release", id);
      const held = [
        one,
        ...(one.tracks ?? []).map(
          (line) => "track" in line && record("releases", "track", line.track.id),
        ),
      ]
        .flatMap((each) => (each ? (each.credits ?? []) : []))
        .filter(({ role }) => role !== "artist");
      for (const [artist, printed] of credited(node, "extraartists")) {
        roles += 1;
        expect(held, `${id} ${artist}`).toContainEqual(
          expect.objectContaining({
            contributor: { kind: "artist", id: artist },
            ...(printed ? { credited_as: printed } : {}),
          }),
        );
      }
    }
    expect(roles).toBeGreaterThan(3500);
  });
});
