import { existsSync, readdirSync, readFileSync } from "node:fs";
import { XMLParser } from "fast-xml-parser";
import { describe, expect, test } from "vitest";
import type { Item } from "../../formats/index.ts";
import type { BookRecord } from "../../formats/record.ts";
import { itemsOf } from "./delivery.ts";

const DIRECTORY = new URL("../../../shared/data/books/onix/", import.meta.url).pathname;
const present = existsSync(DIRECTORY);
if (!present) console.warn(`skipped: no ONIX messages in ${DIRECTORY}`);

/** The release of each file, and how many of what it yields. */
const OUTCOMES: { [file: string]: [version: string, counts: { [kind: string]: number }] } = {
  "Onix3.1-single-ref.xml": ["3.1", { book: 1, artist: 4, label: 2, genre: 1 }],
  "Onix3.1-single-short.xml": ["3.1", { book: 1, artist: 4, label: 2, genre: 1 }],
  "onix2-multiple.xml": ["2.1", { book: 21, artist: 27, label: 41, genre: 10 }],
  "onix2-single.xml": ["2.1", { book: 1, artist: 1, label: 1, genre: 3 }],
  "onix3-multiple.xml": ["3.0", { book: 21, artist: 27, label: 41, genre: 23 }],
  "onix3-single.xml": ["3.0", { book: 1, artist: 4, label: 2, genre: 1 }],
  "single-book-onix2.xml": ["2.1", { book: 1, artist: 1, label: 1, genre: 1 }],
  "single-book-onix3-short.xml": ["3.0", { book: 1, artist: 4, label: 2, genre: 1 }],
  "single-book-onix3.xml": ["3.0", { book: 1, artist: 4, label: 2, genre: 1 }],
};

describe.skipIf(!present)("published messages", () => {
  test("are all accounted for", () => {
    expect(readdirSync(DIRECTORY).sort()).toEqual(Object.keys(OUTCOMES).sort());
  });

  test.each(Object.entries(OUTCOMES))("%s is read whole", async (file, [version, counts]) => {
    const items = await itemsOf(DIRECTORY + file);
    expect(items[0]).toMatchObject({ about: { version } });
    expect(countsOf(items)).toEqual(counts);
    expect(items.filter((item) => "refused" in item || "warning" in item)).toEqual([]);
  });

  test.each(Object.keys(OUTCOMES))("%s: facts as another reader finds them", async (file) => {
    const items = await itemsOf(DIRECTORY + file);
    const books = booksIn(items);
    const names = new Map(
      items.flatMap((item) =>
        "record" in item && "name" in item.record
          ? [[`${item.record.kind} ${item.record.id}`, item.record.name]]
          : [],
      ),
    );
    const found = books.map((book) => ({
      id: book.id,
      title: book.title,
      isbns: [book.ids?.isbn].flat(),
      contributors: book.credits
        ?.filter(({ contributor }) => contributor.kind === "artist")
        .map(({ contributor }) => names.get(`artist ${contributor.id}`)),
      pages: book.page_count,
      published: book.published_date?.replaceAll("-", ""),
      territories: (book.rights ?? []).flatMap(({ territories = [] }) =>
        territories.includes("Worldwide") ? [] : territories,
      ),
      publisher: book.publisher,
    }));
    expect(found).toEqual(independentlyRead(file));
  });

  test.each([
    ["Onix3.1-single-ref.xml", "Onix3.1-single-short.xml"],
    ["single-book-onix3.xml", "single-book-onix3-short.xml"],
  ])("%s and %s, the same in short tags, give the same", async (reference, short) => {
    const plain = (items: Item[]) => items.flatMap((item) => ("record" in item ? item.record : []));
    expect(plain(await itemsOf(DIRECTORY + short))).toEqual(
      plain(await itemsOf(DIRECTORY + reference)),
    );
  });

  test("one catalog in 2.1 and in 3.0 agrees, where both state the same", async () => {
    const old = booksIn(await itemsOf(`${DIRECTORY}onix2-multiple.xml`));
    const current = booksIn(await itemsOf(`${DIRECTORY}onix3-multiple.xml`));
    const facts = (books: BookRecord[]) =>
      books.map(
        ({ id, title, subtitle, ids, publisher, published_date, language, page_count }) => ({
          id,
          title,
          subtitle,
          ids,
          publisher,
          published_date,
          language,
          page_count,
        }),
      );
    expect(facts(old)).toEqual(facts(current));
    const places = (books: BookRecord[]) =>
      books.map(({ rights }) => rights?.map(({ valid_from: _, ...places }) => places));
    expect(places(old)).toEqual(places(current));
    // In 2.1 the first supplier says since when for all 21, in 3.0 the publisher for 19.
    const since = (books: BookRecord[]) => books.map(({ rights }) => rights?.[0]?.valid_from);
    const stated = since(current).flatMap((day, at) => (day === undefined ? [] : [{ day, at }]));
    expect(stated).toHaveLength(19);
    for (const { day, at } of stated) expect(since(old)[at]).toBe(day);
    const series = (books: BookRecord[]) =>
      books.map(({ series, series_position }) => [series, series_position]);
    // One book is of two series, which the two messages list in a different order; a book has one.
    const differ = series(old).filter((each, at) => each[0] !== series(current)[at]?.[0]);
    expect(differ).toEqual([["Picture Fit", undefined]]);
  });
});

function booksIn(items: Item[]): BookRecord[] {
  return items.flatMap((item) =>
    "record" in item && item.record.kind === "book" && item.record.scope === "full"
      ? [item.record]
      : [],
  );
}

function countsOf(items: Item[]): { [kind: string]: number } {
  const counts: { [kind: string]: number } = {};
  for (const item of items) {
    if ("record" in item) counts[item.record.kind] = (counts[item.record.kind] ?? 0) + 1;
  }
  return counts;
}

type Node = { [name: string]: Node | string | (Node | string)[] };

/** The short tags of what is compared; composites are the same in small letters. */
const SHORT: { [reference: string]: string } = {
  RecordReference: "a001",
  ProductIDType: "b221",
  IDValue: "b244",
  TitleType: "b202",
  TitleElementLevel: "x409",
  TitleText: "b203",
  TitlePrefix: "b030",
  TitleWithoutPrefix: "b031",
  SequenceNumber: "b034",
  PersonName: "b036",
  NamesBeforeKey: "b039",
  KeyNames: "b040",
  CorporateName: "b047",
  ExtentType: "b218",
  ExtentValue: "b219",
  PublishingDateRole: "x448",
  Date: "b306",
  SalesRightsType: "b089",
  CountriesIncluded: "x449",
  PublisherName: "b081",
};

/** The same facts, read with another XML library and by other rules: none of the code under test. */
function independentlyRead(file: string) {
  const bytes = readFileSync(DIRECTORY + file);
  const isLatin = /encoding="iso-8859-1"/i.test(bytes.subarray(0, 100).toString("latin1"));
  const parser = new XMLParser({
    ignoreAttributes: true,
    parseTagValue: false,
    htmlEntities: true,
    trimValues: true,
  });
  const [root] = Object.values(parser.parse(bytes.toString(isLatin ? "latin1" : "utf8"))).slice(-1);
  const isShort = "product" in (root as Node);
  const list = (node: Node | string | undefined, ...path: string[]): (Node | string)[] => {
    let at: (Node | string)[] = node === undefined ? [] : [node];
    for (const name of path) {
      const tag = isShort ? (SHORT[name] ?? name.toLowerCase()) : name;
      at = at.flatMap((each) => (typeof each === "string" ? [] : [each[tag] ?? []].flat()));
    }
    return at;
  };
  const word = (node: Node | string | undefined, ...path: string[]) => {
    const [first] = list(node, ...path);
    return typeof first === "string" && first !== "" ? first.replace(/\s+/g, " ") : undefined;
  };
  const where = (nodes: (Node | string)[], name: string, ...values: string[]) =>
    nodes.filter((node) => values.includes(word(node, name) ?? ""));
  return list(root as Node, "Product").map((product) => {
    const isBlocks = list(product, "DescriptiveDetail").length > 0;
    const descriptive = isBlocks ? list(product, "DescriptiveDetail")[0] : product;
    const publishing = isBlocks ? list(product, "PublishingDetail")[0] : product;
    const [main] = where(list(descriptive, isBlocks ? "TitleDetail" : "Title"), "TitleType", "01");
    const [element] = isBlocks
      ? where(list(main, "TitleElement"), "TitleElementLevel", "01")
      : [main];
    const parts = [word(element, "TitlePrefix"), word(element, "TitleWithoutPrefix")];
    const contributors = list(descriptive, "Contributor")
      .map((node, at) => ({ node, at: Number(word(node, "SequenceNumber") ?? at + 1) }))
      .sort((a, b) => a.at - b.at);
    const isbns = where(list(product, "ProductIdentifier"), "ProductIDType", "15");
    const pages =
      word(descriptive, "NumberOfPages") ??
      word(where(list(descriptive, "Extent"), "ExtentType", "00")[0], "ExtentValue");
    const published = isBlocks
      ? word(where(list(publishing, "PublishingDate"), "PublishingDateRole", "01")[0], "Date")
      : word(publishing, "PublicationDate");
    const sold = where(list(publishing, "SalesRights"), "SalesRightsType", "01", "02");
    const codes = [
      ...sold.flatMap((each) => list(each, "Territory", "CountriesIncluded")),
      ...sold.flatMap((each) => list(each, "RightsCountry")),
    ];
    return {
      id: word(product, "RecordReference"),
      title: word(element, "TitleText") ?? parts.filter(Boolean).join(" "),
      isbns: isbns.map((each) => word(each, "IDValue")),
      contributors: contributors.map(
        ({ node }) =>
          word(node, "PersonName") ??
          word(node, "CorporateName") ??
          [word(node, "NamesBeforeKey"), word(node, "KeyNames")].filter(Boolean).join(" "),
      ),
      pages: pages === undefined ? undefined : Number(pages),
      published,
      territories: codes.flatMap((text) => String(text).split(/\s+/).filter(Boolean)),
      publisher: word(publishing, "Publisher", "PublisherName"),
    };
  });
}
