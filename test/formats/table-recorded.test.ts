import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { loadMapping } from "../../formats/index.ts";
import { repairIsbn } from "../../formats/isbn.ts";
import type { CatalogRecord } from "../../formats/record.ts";
import { table } from "../../formats/table.ts";
import { projectPath } from "../../lib/project.ts";
import { countsOf, read } from "./items.ts";

/** Tables that others published; not part of this repository. */
const DIRECTORY = new URL("../../../shared/data/", import.meta.url).pathname;
const present = existsSync(DIRECTORY);
if (!present) console.warn(`skipped: no tables in ${DIRECTORY}`);

const mappingAt = (name: string) => projectPath(`mappings/${name}.yaml`);

test("every mapping that we ship is usable", () => {
  const names = readdirSync(projectPath("mappings"));
  expect(names.length).toBeGreaterThan(5);
  for (const name of names)
    expect(() => loadMapping(projectPath(`mappings/${name}`))).not.toThrow();
});

const OUTCOMES: [
  file: string,
  mapping: string,
  counts: { [what: string]: number },
  warnings: number,
][] = [
  ["books/goodbooks.csv", "goodbooks", { "artist mention": 5833, "book full": 10_000 }, 23],
  [
    "spotify/most_streamed_2023.csv",
    "most-streamed-2023",
    { "artist mention": 667, "track partial": 953 },
    119,
  ],
  [
    "spotify/most_streamed_2024.csv",
    "most-streamed-2024",
    { "artist mention": 1895, "track partial": 4600 },
    543,
  ],
  [
    "spotify/most_streamed_2024_copy2.csv",
    "most-streamed-2024",
    { "artist mention": 1894, "track partial": 4598 },
    542,
  ],
  [
    "spotify/weekly/2024week22may.csv",
    "weekly-chart",
    { "album mention": 391, "artist mention": 202, "genre mention": 67, "track partial": 391 },
    0,
  ],
  [
    "spotify/weekly/2024week23jun.csv",
    "weekly-chart",
    { "album mention": 399, "artist mention": 191, "genre mention": 61, "track partial": 399 },
    0,
  ],
  [
    "spotify/artists_mbid/artists.csv",
    "spotify-artists",
    { "artist partial": 8675, "genre mention": 1267 },
    0,
  ],
  [
    "spotify/artists_mbid/musicbrainz_artists.csv",
    "spotify-artists",
    { "artist partial": 14_363 },
    0,
  ],
  ["genres/genre_attrs.csv", "genres", { "genre full": 5453 }, 0],
  ["genres/genres.txt", "genre-names", { "genre full": 1568 }, 0],
];

/** Rows by the letter of RFC 4180, one character at a time, as objects by the header. */
function strictRows(file: string): { [column: string]: string }[] {
  const text = readFileSync(DIRECTORY + file, "utf8");
  const rows: string[][] = [[]];
  let cell = "";
  let at = 0;
  const endCell = () => {
    rows.at(-1)?.push(cell);
    cell = "";
  };
  while (at < text.length) {
    if (cell === "" && text[at] === '"') {
      at += 1;
      while (text[at] !== '"' || text[at + 1] === '"') {
        cell += text[at];
        at += text[at] === '"' ? 2 : 1;
      }
      at += 1;
    } else if (text[at] === ",") {
      endCell();
      at += 1;
    } else if (text[at] === "\r" || text[at] === "\n") {
      endCell();
      rows.push([]);
      at += text.startsWith("\r\n", at) ? 2 : 1;
    } else {
      cell += text[at];
      at += 1;
    }
  }
  if (cell !== "" || rows.at(-1)?.length) endCell();
  const [header = [], ...body] = rows.filter((row) => row.length > 0);
  return body.map((row) =>
    Object.fromEntries(header.map((name, index) => [name, row[index] ?? ""])),
  );
}

const of = (records: readonly CatalogRecord[], kind: string) =>
  records.filter((each) => each.kind === kind && each.scope !== "mention") as (CatalogRecord & {
    [key: string]: unknown;
  })[];

const oneLine = (text = "") => text.replace(/\s+/g, " ").trim();

describe.skipIf(!present)("real tables are read by the mappings that we ship", () => {
  test.each(OUTCOMES)("%s", async (file, mapping, counts, warnings) => {
    const result = await read(table, DIRECTORY + file, mappingAt(mapping));
    expect(result.error).toBeUndefined();
    expect(result.refused).toEqual([]);
    expect(countsOf(result.records)).toEqual(counts);
    expect(result.warnings).toHaveLength(warnings);
  });

  test("books: titles, languages and repaired ISBNs are those of the cells", async () => {
    const rows = strictRows("books/goodbooks.csv");
    const books = of(
      (await read(table, `${DIRECTORY}books/goodbooks.csv`, mappingAt("goodbooks"))).records,
      "book",
    );
    expect(books.map(({ id, title, language }) => [id, title, language ?? ""])).toEqual(
      rows.map((row) => [row.book_id, oneLine(row.title), row.language_code]),
    );
    const proven = rows.map(({ isbn = "" }) => repairIsbn(isbn)?.isbn13);
    expect(proven.filter((isbn) => isbn !== undefined)).toHaveLength(9277);
    expect(books.map(({ ids }) => ids?.isbn)).toEqual(
      rows.map(({ isbn }, index) => proven[index] ?? (isbn === "" ? undefined : isbn)),
    );
    // What is stated is the number of the cell with its zeros again: worked out here the other way round.
    for (const [index, { isbn = "" }] of rows.entries()) {
      if (proven[index])
        expect(proven[index]?.slice(3, 12)).toBe(isbn.padStart(10, "0").slice(0, 9));
    }
    expect(books.map(({ credits }) => (credits as unknown[]).length)).toEqual(
      rows.map(
        ({ authors = "" }) => authors.split(",").filter((name) => name.trim() !== "").length,
      ),
    );
  });

  test("the chart: every row of both weeks, and what changed between them", async () => {
    const weeks = await Promise.all(
      ["2024week22may", "2024week23jun"].map(async (week) => {
        const file = `spotify/weekly/${week}.csv`;
        const rows = strictRows(file);
        const { records } = await read(table, DIRECTORY + file, mappingAt("weekly-chart"));
        const tracks = of(records, "track");
        expect(
          tracks.map(({ id, title, duration_ms, explicit, ids }) => [
            id,
            title,
            duration_ms,
            explicit,
            ids,
          ]),
        ).toEqual(
          rows.map((row) => [
            row.tid,
            row.track,
            Number(row.duration_ms),
            row.explicit === "True",
            { spotify: row.tid },
          ]),
        );
        return { rows, records, tracks };
      }),
    );
    const [first, second] = weeks.map(({ rows }) => new Map(rows.map((row) => [row.tid, row])));
    const again = [...(second?.keys() ?? [])].filter((id) => first?.has(id));
    expect(again).toHaveLength(149);
    // The day of the chart is another on every row.
    const facts = (row: { [column: string]: string } = {}) =>
      JSON.stringify({ ...row, added_at: "" });
    const changed = again.filter((id) => facts(first?.get(id)) !== facts(second?.get(id)));
    expect(changed).toHaveLength(147);
  });

  test("artists: names and ids are those of the cells", async () => {
    const file = "spotify/artists_mbid/artists.csv";
    const rows = strictRows(file);
    const artists = of(
      (await read(table, DIRECTORY + file, mappingAt("spotify-artists"))).records,
      "artist",
    );
    expect(
      artists.map(({ id, name, ids, genres }) => [
        id,
        name,
        ids?.spotify ?? "",
        (genres as unknown[] | undefined)?.length ?? 0,
      ]),
    ).toEqual(
      rows.map((row) => [
        row.musicbrainz_id,
        row.artist,
        row.spotify_id,
        row.genres === "[]" ? 0 : (row.genres ?? "").split(", ").length,
      ]),
    );
  });

  test("damaged copies: the ISRC of every row, and no text that lost characters", async () => {
    for (const file of ["most_streamed_2024.csv", "most_streamed_2024_copy2.csv"]) {
      const { records } = await read(
        table,
        `${DIRECTORY}spotify/${file}`,
        mappingAt("most-streamed-2024"),
      );
      // Each row ends in a flag and has one ISRC, whatever happened to its texts: cut out without parsing a table.
      const isrcs = readFileSync(`${DIRECTORY}spotify/${file}`, "latin1")
        .split(/\r?\n/)
        .slice(1)
        .flatMap((line) => /,\d{1,2}\/\d{1,2}\/\d{4},([A-Z0-9]{12}|[^,]+),/.exec(line)?.[1] ?? []);
      const tracks = of(records, "track");
      expect(tracks.map(({ id }) => id)).toEqual(isrcs.map((isrc) => isrc.toUpperCase()));
      const texts = JSON.stringify(records);
      expect(texts).not.toMatch(/\uFFFD|ï¿|ý|&amp;/);
      expect(tracks.filter(({ title }) => title !== undefined).length).toBeGreaterThan(
        tracks.length * 0.9,
      );
    }
  });

  test("damaged letters are left out of the tracks of 2023 too, and dates are put together", async () => {
    const file = "spotify/most_streamed_2023.csv";
    const rows = strictRows(file);
    const tracks = of(
      (await read(table, DIRECTORY + file, mappingAt("most-streamed-2023"))).records,
      "track",
    );
    const two = (text = "") => text.padStart(2, "0");
    expect(tracks.map(({ first_release_date }) => first_release_date)).toEqual(
      rows.map((row) => `${row.released_year}-${two(row.released_month)}-${two(row.released_day)}`),
    );
    for (const [index, { title }] of tracks.entries()) {
      const name = rows[index]?.track_name ?? "";
      expect(title).toBe(/ï¿|ý/.test(name) ? undefined : name);
    }
  });
});
