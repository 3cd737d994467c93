import { readdirSync, statSync } from "node:fs";
import { expect, test } from "vitest";
import { type CatalogRecord, detectFormat, fileInput, type Located } from "../../formats/index.ts";
import { readAs } from "./delivery.ts";

const DIRECTORY = new URL("../../sample/", import.meta.url).pathname;
const FILES = readdirSync(DIRECTORY).filter((file) => !file.endsWith(".md"));

type Delivery = { file: string; source: string; records: CatalogRecord[] };

const deliveries: Delivery[] = [];
for (const file of FILES) {
  const { format } = await detectFormat(fileInput(DIRECTORY + file));
  const located: Located[] = await readAs(format, DIRECTORY + file);
  const records = located.map(({ record }) => record);
  deliveries.push({ file, source: format.source ?? "sample", records });
}
const all = deliveries.flatMap(({ records }) => records);

test("every file of the sample is a delivery, and all are small", () => {
  expect(deliveries.map(({ records }) => records.length)).not.toContain(0);
  expect(all.length).toBeGreaterThan(600);
  const bytes = FILES.map((file) => statSync(DIRECTORY + file).size).reduce((a, b) => a + b);
  expect(bytes).toBeLessThan(2 ** 20);
});

test("every kind has a record", () => {
  expect(new Set(all.map(({ kind }) => kind)).size).toBe(12);
});

test("every reference resolves within the files of its source", () => {
  for (const source of new Set(deliveries.map((delivery) => delivery.source))) {
    const records = deliveries
      .filter((each) => each.source === source)
      .flatMap((each) => each.records);
    const known = new Set(records.map(({ kind, id }) => `${kind} ${id}`));
    const missing = records.flatMap(references).filter((reference) => !known.has(reference));
    expect(missing, source).toEqual([]);
  }
});

test("no full record comes twice", () => {
  const full = all.filter(({ scope }) => (scope ?? "full") === "full");
  expect(new Set(full.map(({ kind, id }) => `${kind} ${id}`)).size).toBe(full.length);
});

test("the check digits of barcodes and ISBNs are right", () => {
  const values = (scheme: string) => all.flatMap(({ ids }) => [ids?.[scheme] ?? []].flat());
  const [gtins, isbns] = [values("gtin"), values("isbn")];
  expect(gtins.length).toBeGreaterThan(10);
  expect(isbns.length).toBeGreaterThan(5);
  expect([...gtins, ...isbns].filter((code) => !isGtin(code))).toEqual([]);
  expect(isbns.filter((code) => !/^97[89]\d{10}$/.test(code))).toEqual([]);
});

test("identifiers are written in their canonical form, and MBIDs are UUIDs", () => {
  const forms: { [scheme: string]: RegExp } = {
    mbid: /^[0-9a-f]{8}-[0-9a-f]{4}-[345][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    isrc: /^[A-Z]{2}[A-Z0-9]{3}\d{7}$/,
    spotify: /^[0-9A-Za-z]{22}$/,
    wikidata: /^Q[1-9]\d*$/,
    discogs: /^[1-9]\d*$/,
  };
  const wrong = all.flatMap(({ ids }) =>
    Object.entries(ids ?? {}).flatMap(([scheme, value]) =>
      [value].flat().filter((each) => forms[scheme] && !forms[scheme].test(each)),
    ),
  );
  expect(wrong).toEqual([]);
});

/** GS1: digits weighted 3 and 1 from the right, the check digit with 1, add up to a multiple of 10. */
function isGtin(code: string): boolean {
  const digits = [...code].reverse().map(Number);
  const sum = digits.reduce((total, digit, index) => total + digit * (index % 2 === 1 ? 3 : 1), 0);
  return /^(\d{8}|\d{12,14})$/.test(code) && sum % 10 === 0;
}

/** Every object with exactly a kind and an id inside a record. */
function references(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  const keys = Object.keys(value);
  if (keys.length === 2 && "kind" in value && "id" in value) return [`${value.kind} ${value.id}`];
  return Object.values(value).flatMap(references);
}
