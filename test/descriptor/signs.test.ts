import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { deliver } from "../catalog-builder.ts";
import { testDatabase } from "../database.ts";
import { found } from "./documents.ts";

const { sql } = await testDatabase();

const NAMES = [
  "AC/DC",
  "blink-182",
  "will.i.am",
  "<Unknown> & R.E.M.",
  "Beyoncé2",
  "Sunn O)))",
  "P!nk",
  "3.5 Inches",
  "me@home",
  "http://www",
];

beforeAll(async () => {
  await deliver(
    sql,
    "signs",
    NAMES.map((name) => ({ kind: "artist", id: name, name })),
  );
  await sql`select descriptor.refresh()`;
});

const names = (query: string) => found(sql, query);

test.each([
  ["ac/dc", "AC/DC"],
  ["AC DC", "AC/DC"],
  ["dc", "AC/DC"],
  ["blink-182", "blink-182"],
  ["blink 182", "blink-182"],
  ["182", "blink-182"],
  ["will.i.am", "will.i.am"],
  ["will i am", "will.i.am"],
  ["unknown", "<Unknown> & R.E.M."],
  ["R.E.M.", "<Unknown> & R.E.M."],
  ["r e m", "<Unknown> & R.E.M."],
  ["beyonce2", "Beyoncé2"],
  ["sunn o", "Sunn O)))"],
  ["3.5 inches", "3.5 Inches"],
  ["me home", "me@home"],
  ["www", "http://www"],
])("%j finds %j", async (query, name) => {
  expect(await names(query)).toContain(name);
});

test("a hyphen says without before a word, and joins within one", async () => {
  expect(await names("blink -182")).toEqual([]);
  expect(await names('ac -"blink-182"')).toEqual(["AC/DC"]);
  expect(await names('"blink-182"')).toEqual(["blink-182"]);
  expect(await names('"182 blink"')).toEqual([]);
});

test("what people type finds the name itself, whatever signs it has", async () => {
  const sign = fc.constantFrom(..."/\\.-_@:&~+<>#%=?|*^!,;'()[] ");
  const part = fc.oneof(sign, fc.constantFrom("ab", "Cd", "é", "1", "22", "и"));
  const name = fc
    .array(part, { minLength: 1, maxLength: 8 })
    .map((parts) => `q${parts.join("")}z`.replace(/\s-/g, " ")); // after a space it says "without"
  await fc.assert(
    fc.asyncProperty(fc.array(name, { minLength: 50, maxLength: 50 }), async (written) => {
      const missed = await sql`
        select n from unnest(${written}::text[]) n
        where not to_tsvector('descriptor.names', descriptor.words(n)) @@ descriptor.query_of(n)`;
      expect(missed.map(({ n }) => n)).toEqual([]);
    }),
    { numRuns: 20 },
  );
});

test("a refresh takes no more marks than there are locks for, whatever the limit", async () => {
  await sql`
    insert into descriptor.dirty (juke_id) select gen_random_uuid() from generate_series(1, 20000)`;
  for (const limit of [1_000_000, null]) {
    const [row] = await sql`select remaining::int from descriptor.refresh(${limit})`;
    expect(row?.remaining).toBe(1);
  }
  await sql`delete from descriptor.dirty`;
});
