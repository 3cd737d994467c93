import { describe, expect, test } from "vitest";
import type { CatalogRecord, Item } from "../../formats/index.ts";
import { typedDate } from "../../formats/openlibrary/date.ts";
import { deliver, itemsOf, recordsOf, refusalOf } from "./delivery.ts";

/** Things that do not exist, shaped as Open Library writes them. */
const EDITION = {
  key: "/books/OL900000001M",
  type: { key: "/type/edition" },
  title: "Lamps of the Harbour",
  title_prefix: "The",
  subtitle: "a history in twelve lights",
  authors: [{ key: "/authors/OL900000002A" }, { key: "/authors/OL900000003A" }],
  contributors: [{ role: "Illustrator", name: "Ada Example" }],
  publishers: ["Lantern Press", "Harbour Press"],
  publish_date: "March 3, 2005",
  number_of_pages: 320,
  isbn_10: ["0-306-40615-2", "0306406153"],
  isbn_13: ["9780306406157"],
  identifiers: { goodreads: ["1"], amazon: ["B000000001", "0306406152"] },
  oclc_numbers: ["1"],
  lccn: ["2004000001"],
  ocaid: "lampsoftheharbour",
  languages: [{ key: "/languages/ger" }, { key: "/languages/eng" }],
  subjects: [
    "Lighthouses.",
    "Protected DAISY",
    "nyt:history=2005-04-01",
    "lighthouses",
    "Harbours",
  ],
  series: ["Lights of Europe, #3"],
  covers: [-1, 123456],
  physical_format: "Hardcover",
  edition_name: "2nd ed.",
  description: { type: "/type/text", value: "On lamps." },
  translation_of: "Die Hafenlampen",
  works: [{ key: "/works/OL900000004W" }],
  revision: 3,
};
const WORK = {
  key: "/works/OL900000004W",
  type: { key: "/type/work" },
  title: "Lamps of the Harbour",
  authors: [
    { type: { key: "/type/author_role" }, author: { key: "/authors/OL900000002A" } },
    { author: { key: "/authors/OL900000003A" }, role: "Editor" },
  ],
  subjects: ["Lighthouses"],
  description: "On lamps, in general.",
  covers: [7],
};
const AUTHOR = {
  key: "/authors/OL900000002A",
  type: { key: "/type/author" },
  name: "Bruno van Beispiel",
  personal_name: "Beispiel, Bruno van",
  alternate_names: ["B. v. Beispiel", "Bruno van Beispiel"],
  entity_type: "person",
  birth_date: "1 May 1901",
  death_date: "ca. 1980",
  remote_ids: { viaf: "123456789", wikidata: "Q900000000", goodreads: "5" },
  photos: [99],
};

type Thing = { key: string; type: { key: string }; [key: string]: unknown };
const line = (doc: Thing, json = JSON.stringify(doc)) =>
  [doc.type.key, doc.key, 3, "2024-01-31T12:00:00.000000", json].join("\t");
const recordsIn = (items: Item[]): CatalogRecord[] =>
  items.flatMap((item) => ("record" in item ? [item.record] : []));

const BOOK = {
  kind: "book",
  id: "OL900000001M",
  ids: { openlibrary: "OL900000001M", isbn: ["9780306406157", "0306406153"], asin: ["B000000001"] },
  title: "The Lamps of the Harbour",
  subtitle: "a history in twelve lights",
  description: "On lamps.",
  publisher: "Lantern Press",
  published_date: "2005-03-03",
  language: "de",
  page_count: 320,
  edition: "2nd ed.",
  format: "hardcover",
  series: "Lights of Europe",
  series_position: "3",
  aliases: [{ name: "Die Hafenlampen", alias_type: "original title" }],
  credits: [
    { contributor: { kind: "artist", id: "OL900000002A" }, role: "author", position: 1 },
    { contributor: { kind: "artist", id: "OL900000003A" }, role: "author", position: 2 },
    { contributor: { kind: "artist", id: "name:Ada Example" }, role: "illustrator", position: 3 },
    { contributor: { kind: "label", id: "name:Lantern Press" }, role: "publisher" },
  ],
  genres: [
    { genre: { kind: "genre", id: "lighthouses" } },
    { genre: { kind: "genre", id: "harbours" } },
  ],
  images: [{ url: "https://covers.openlibrary.org/b/id/123456-L.jpg", image_type: "front" }],
};

describe("a dump", () => {
  test("an edition is a book, its authors and publisher are mentioned once", async () => {
    const records = await recordsOf([line(EDITION), line(EDITION), ""].join("\n"));
    expect(records.filter(({ kind }) => kind === "book")).toEqual([BOOK, BOOK]);
    expect(records.filter(({ kind }) => kind === "artist")).toEqual([
      {
        kind: "artist",
        id: "OL900000002A",
        scope: "mention",
        ids: { openlibrary: "OL900000002A" },
      },
      {
        kind: "artist",
        id: "OL900000003A",
        scope: "mention",
        ids: { openlibrary: "OL900000003A" },
      },
      { kind: "artist", id: "name:Ada Example", scope: "mention", name: "Ada Example" },
    ]);
    expect(records.filter(({ kind }) => kind === "label")).toEqual([
      { kind: "label", id: "name:Lantern Press", scope: "mention", name: "Lantern Press" },
    ]);
  });

  test("a work is a book without what only editions have", async () => {
    const records = await recordsOf(line(WORK));
    expect(records.find(({ kind }) => kind === "book")).toEqual({
      kind: "book",
      id: "OL900000004W",
      ids: { openlibrary: "OL900000004W" },
      title: "Lamps of the Harbour",
      description: "On lamps, in general.",
      credits: [
        { contributor: { kind: "artist", id: "OL900000002A" }, role: "author", position: 1 },
        { contributor: { kind: "artist", id: "OL900000003A" }, role: "editor", position: 2 },
      ],
      genres: [{ genre: { kind: "genre", id: "lighthouses" } }],
      images: [{ url: "https://covers.openlibrary.org/b/id/7-L.jpg", image_type: "front" }],
    });
  });

  test("an author is an artist", async () => {
    expect(await recordsOf(line(AUTHOR))).toEqual([
      {
        kind: "artist",
        id: "OL900000002A",
        ids: { openlibrary: "OL900000002A", viaf: "123456789", wikidata: "Q900000000" },
        name: "Bruno van Beispiel",
        artist_type: "person",
        begin_date: "1901-05-01",
        aliases: [{ name: "Beispiel, Bruno van" }, { name: "B. v. Beispiel" }],
        images: [{ url: "https://covers.openlibrary.org/a/id/99-L.jpg", image_type: "artist" }],
      },
    ]);
  });

  test.each(["Audio CD", "audiobook", "MP3 CD", "Audio cassette", "Sound recording"])(
    "an edition as %s is an audiobook",
    async (physical_format) => {
      const records = await recordsOf(line({ ...EDITION, physical_format }));
      const { page_count: _, edition: __, format: ___, series, series_position, ...common } = BOOK;
      expect([series, series_position]).toEqual(["Lights of Europe", "3"]);
      expect(records.at(-1)).toEqual({ ...common, kind: "audiobook" });
    },
  );

  test("other types are counted and passed over, what is damaged is refused in its line", async () => {
    const redirect = {
      key: "/books/OL1M",
      type: { key: "/type/redirect" },
      location: "/books/OL2M",
    };
    const text = [
      line(redirect),
      line(redirect),
      line(EDITION, '{"title": "cut'),
      line({ ...EDITION, key: "/books/none" }),
      line({ ...EDITION, title: "" }),
      "/type/edition\t/books/OL3M",
      line(AUTHOR),
    ].join("\n");
    const items = await itemsOf(await deliver(text, "dump.txt"));
    expect(recordsIn(items)).toMatchObject([{ kind: "artist", id: "OL900000002A" }]);
    const refused = items.flatMap((item) =>
      "refused" in item ? [[item.refused.line, item.refused.code, item.refused.reason]] : [],
    );
    expect(refused).toEqual([
      [3, "JB243", "truncated: the text ends in the middle of the JSON"],
      [4, "JB246", "the edition has no key of Open Library"],
      [5, "JB246", '"title" is missing: a full book record carries it'],
      [6, "JB243", "truncated: the text ends in the middle of the JSON"],
    ]);
    expect(items.at(-1)).toMatchObject({
      warning: "2 of the type redirect are no editions, works or authors: passed over",
    });
  });
});

describe("an answer of the API", () => {
  test.each([
    ["on one line", JSON.stringify(EDITION)],
    ["over several lines", JSON.stringify(EDITION, null, 2)],
    ["one a line", `${JSON.stringify(EDITION)}\n\n`],
  ])("%s", async (_, text) => {
    expect((await recordsOf(text)).at(-1)).toEqual(BOOK);
  });

  test("cut short is refused", async () => {
    const path = await deliver(JSON.stringify(EDITION, null, 2).slice(0, -50));
    expect(await refusalOf(path)).toMatchObject({ code: "JB243" });
  });
});

describe("a series keeps its number where a sign says that it is one", () => {
  test.each([
    ["Discworld, #5", "Discworld", "5"],
    ["Discworld (#5)", "Discworld", "5"],
    ["Penguin classics ; 12", "Penguin classics", "12"],
    ["A song of ice and fire ;, bk. 3", "A song of ice and fire", "3"],
    ["Saga, book 1.5", "Saga", "1.5"],
    ["Lighthouses 1900", "Lighthouses 1900", undefined],
  ])("%s", async (text, series, series_position) => {
    const book = (await recordsOf(line({ ...EDITION, series: [text] }))).at(-1);
    expect(book).toMatchObject({ series });
    expect((book as { series_position?: string }).series_position).toBe(series_position);
  });
});

describe("dates that people typed, where there is one reading", () => {
  test.each([
    ["2005", "2005"],
    ["March 2005", "2005-03"],
    ["Sept. 2005", "2005-09"],
    ["May 2005", "2005-05"],
    ["Mar 1, 2005", "2005-03-01"],
    ["March 1st 2005", "2005-03-01"],
    ["1 March 2005", "2005-03-01"],
    ["2005 Mar 1", "2005-03-01"],
    ["2005-03-01", "2005-03-01"],
    ["2005-03", "2005-03"],
    ["20050301", "2005-03-01"],
    ["2005, March", "2005-03"],
    ["Spring 2005", "2005"],
    ["3/1/2005", "2005"],
    ["1998.", "1998"],
    ["2005?", undefined],
    ["[2005]", undefined],
    ["c2005", undefined],
    ["ca. 1850", undefined],
    ["circa 1850", undefined],
    ["199-", undefined],
    ["1990s", undefined],
    ["0000", undefined],
    ["February 30, 2005", undefined],
    ["n.d.", undefined],
    ["500 B.C.", undefined],
    ["1998-1999", undefined],
    ["", undefined],
  ])("%s", (text, expected) => {
    expect(typedDate(text)).toBe(expected);
  });
});
