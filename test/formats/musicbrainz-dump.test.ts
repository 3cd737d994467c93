import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import { describe, expect, test } from "vitest";
import type { CatalogRecord } from "../../formats/index.ts";
import { deliver, itemsOf, readAll } from "./delivery.ts";
import {
  A1,
  A2,
  artist,
  by,
  G1,
  ID,
  L1,
  R1,
  recording,
  recordsIn,
  release,
  W1,
} from "./documents.ts";

const all = { aliases: [], genres: [], relations: [] };
const person = (id: string, name: string, more: object = {}) =>
  artist({ id, name, "sort-name": name, isnis: [], ipis: [], ...all, ...more });
const lines = (...docs: object[]) => docs.map((doc) => JSON.stringify(doc)).join("\n");

async function read(content: string | Buffer): Promise<CatalogRecord[]> {
  return (await readAll(await deliver(content))).map(({ record }) => record);
}

const DUMP = lines(
  person(A1, "Ann", { type: "Person", area: null, "life-span": null }),
  person(A2, "Ben"),
);
const SCOPES = [
  [A1, undefined],
  [A2, undefined],
];
/** Full is what a record is that does not say how much it knows. */
const scopes = (records: CatalogRecord[]) =>
  records.map(({ id, scope }) => [id, scope === "full" ? undefined : scope]);

describe("a dump of one object a line", () => {
  test("is read line by line, each object as a full record", async () => {
    expect(scopes(await read(DUMP))).toEqual(SCOPES);
    expect(scopes(await read(`\n\n${DUMP}\n\n`))).toEqual(SCOPES);
    expect(scopes(await read(`\uFEFF${DUMP.replaceAll("\n", "\r\n")}\r\n`))).toEqual(SCOPES);
  });

  test("may be packed, and be in its archive", async () => {
    expect(scopes(await read(gzipSync(DUMP)))).toEqual(SCOPES);
    const archive = pack();
    archive.entry({ name: "COPYING" }, "CC0");
    archive.entry({ name: "mbdump/artist" }, DUMP);
    archive.entry({ name: "TIMESTAMP" }, "2026-01-01 00:00:00+00\n");
    archive.finalize();
    const chunks: Buffer[] = [];
    for await (const chunk of archive) chunks.push(chunk as Buffer);
    expect(scopes(await read(gzipSync(Buffer.concat(chunks))))).toEqual(SCOPES);
  });

  test("has each line taken or refused by itself, with its number", async () => {
    const place = { id: L1, name: "Hall", coordinates: null, "type-id": null };
    const series = { id: L1, name: "Proms", "type-id": G1, disambiguation: "" };
    const area = { id: L1, name: "Rome", "sort-name": "Rome", "iso-3166-2-codes": ["IT-RM"] };
    const url = { id: L1, resource: "https://example.com/" };
    const event = { id: L1, name: "Gig", cancelled: false, setlist: "" };
    const bad = ['{"id": ', "[1]", '"text"', "\0", JSON.stringify(person("x", "No id"))];
    const content = [
      lines(person(A1, "Ann"), place, series, area, url, event),
      ...bad,
      lines(person(A2, "Ben")),
    ].join("\n");
    const items = await itemsOf(await deliver(content));
    expect(
      items.map((item) => {
        if ("refused" in item) return [item.pointer, item.refused.code, item.refused.line];
        return "record" in item ? [item.pointer, item.record.id] : item;
      }),
    ).toEqual([
      ["line 1", A1],
      ["line 2", "JB245", 2],
      ["line 3", "JB245", 3],
      ["line 4", "JB245", 4],
      ["line 5", "JB245", 5],
      ["line 6", "JB245", 6],
      ["line 7", "JB243", 7],
      ["line 8", "JB245", 8],
      ["line 9", "JB245", 9],
      ["line 10", "JB242", 10],
      ["line 11", "JB245", 11],
      ["line 12", A2],
    ]);
    const reasons = items.flatMap((item) => ("refused" in item ? [item.refused.reason] : []));
    expect(reasons.slice(0, 5).join()).toMatch(
      /a place.*not understood,.*an area.*a URL.*an event/,
    );
    for (const reason of reasons) expect(reason).not.toBe("");
  });

  test("whose first line is bad is still a dump", async () => {
    const items = await itemsOf(await deliver(`${lines(person(A1, "Ann")).slice(0, -9)}\n${DUMP}`));
    expect(
      items.map((item) =>
        "record" in item ? item.record.id : "refused" in item && item.refused.code,
      ),
    ).toEqual(["JB243", A1, A2]);
  });

  test("takes nothing away where an object has not all its includes", async () => {
    const bare = { id: A1, name: "Ann", "sort-name": "Ann", gender: null };
    expect(scopes(await read(lines(bare, person(A2, "Ben"))))).toEqual([
      [A1, "partial"],
      [A2, undefined],
    ]);
    const facts = { id: W1, aliases: [], genres: [], isrcs: [], "artist-credit": [by(A1, "Ann")] };
    const song = recording({ ...facts, relations: [] });
    const unrelated = recording(facts);
    const found = await read(lines(song, unrelated));
    expect(found.filter(({ kind }) => kind === "track").map(({ scope }) => scope)).toEqual([
      "full",
      "partial",
    ]);
    const edition = release({
      ...all,
      id: R1,
      "artist-credit": [by(A1, "Ann")],
      "label-info": [],
      "release-group": { id: G1, title: "Album" },
      media: [],
    });
    expect(await read(lines(edition, edition))).toContainEqual(
      expect.objectContaining({ kind: "release", id: R1, scope: "full" }),
    );
  });
});

describe("a single document is no dump", () => {
  test("on one line, or over several, however it is laid out", async () => {
    const doc = person(ID, "Ann");
    for (const content of [
      JSON.stringify(doc),
      `${JSON.stringify(doc)}\n\n`,
      JSON.stringify(doc, null, 2),
      JSON.stringify(doc).replace(/,/g, ",\n").replace("{", "{\n"),
      JSON.stringify({ ...doc, "life-span": { begin: "1970" } }).replace(/":/g, '":\n'),
      `{"artists":[\n${JSON.stringify(doc)}\n],"artist-count":1,"artist-offset":0}`,
    ]) {
      expect(scopes(await read(content)), content).toEqual([[ID, "partial"]]);
    }
  });

  test("nor are our own records", async () => {
    const own = lines(
      { kind: "artist", id: "x", name: "X", disambiguation: "one" },
      { kind: "artist", id: "y", name: "Y", disambiguation: "two" },
    );
    expect((await read(own)).map(({ id }) => id)).toEqual(["x", "y"]);
  });
});

describe("relations of artists", () => {
  const relation = (type: string, direction: string, id: string, more: object = {}) => ({
    type,
    direction,
    "target-type": "artist",
    artist: { id, name: id, "sort-name": id },
    ...more,
  });

  test("tell members and groups, from when until when, and other names of a person", async () => {
    const [own] = (
      await recordsIn(
        artist({
          relations: [
            relation("member of band", "backward", A1, {
              begin: "1960-08",
              end: "1962",
              ended: true,
            }),
            relation("member of band", "forward", A2, { begin: null, end: null, ended: false }),
            relation("is person", "forward", R1),
            relation("married", "forward", L1),
          ],
        }),
      )
    ).filter(({ id }) => id === ID);
    expect(own).toMatchObject({
      relations: [
        {
          artist: { kind: "artist", id: A1 },
          relation: "member",
          begin_date: "1960-08",
          end_date: "1962",
          ended: true,
        },
        { artist: { kind: "artist", id: A2 }, relation: "group" },
        { artist: { kind: "artist", id: R1 }, relation: "alias" },
      ],
    });
  });

  test("are left alone by a document that shows none", async () => {
    const [own] = await recordsIn(artist({ relations: [] }));
    expect(own).not.toHaveProperty("relations");
  });
});
