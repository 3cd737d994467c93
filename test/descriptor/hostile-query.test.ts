import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { failure, insertEntity } from "../catalog-builder.ts";
import { testDatabase } from "../database.ts";
import { found, refreshAll } from "./documents.ts";

const { sql } = await testDatabase();

beforeAll(async () => {
  for (const name of ["Radiohead", "The The", "!!!", "AC/DC", "C++", "Ænima", "12:51"]) {
    await insertEntity(sql, "artist", name);
  }
  await refreshAll(sql);
});

describe("no query raises", () => {
  test.each([
    ["nothing", ""],
    ["null", null],
    ["blanks", " \t\n\u00a0\u2003 "],
    ["punctuation", "!!! ??? ... &|!()<->:*'\\"],
    ["an open quote", '"radiohead'],
    ["a quote and nothing", '"'],
    ["empty quotes", '"" ""'],
    ["only or", "or or or"],
    ["only a minus", "-"],
    ["minuses", "--- -- -- -"],
    ["only what is left out", "-radiohead -the"],
    ["10 kB of words", "radiohead ".repeat(1_024)],
    ["10 kB of one word", "x".repeat(10_240)],
    ["10 kB of one word in four-byte letters", "𠀀".repeat(2_560)],
    ["a word of ligatures that grow", "ﬃ㎯№℡".repeat(250)],
    ["10 kB of minuses", "-a".repeat(5_120)],
    ["10 kB of quotes", '"a" '.repeat(2_560)],
    ["10 kB of or", "a or ".repeat(2_048)],
    ["10 kB of compound", "a-".repeat(5_120)],
    ["SQL", "'; drop table descriptor.document; --"],
    ["an address", "https://example.org/a/b?c=d#e user@example.org 10.0.0.1 /usr/lib"],
    ["markup", "<b>radiohead</b> &amp; <!-- "],
    ["half a surrogate pair", "radio\ud800head"],
    ["directions and joiners", "\u202eradiohead\u200d\u200b\ufeff"],
  ])("%s", async (_, query) => {
    expect(await failure(found(sql, query))).toBeNull();
  });

  test("2,000 strings at random", { timeout: 120_000 }, async () => {
    const token = fc.constantFrom(
      ..."radiohead|the|or|OR|-|--|\"|\\|'|:*|&|||!|(|)|<->|<2>|C++|AC/DC|é|e\u0301|Ж|中|𠀀|%|_|\t|\n|*".split(
        "|",
      ),
    );
    const query = fc.oneof(
      fc.string({ unit: "binary", maxLength: 200 }),
      fc.string({ unit: "grapheme", maxLength: 200 }),
      fc.array(token, { maxLength: 40 }).map((tokens) => tokens.join("")),
      fc.array(token, { maxLength: 40 }).map((tokens) => tokens.join(" ")),
    );
    const queries = fc
      .sample(query, { numRuns: 2_000, seed: 20_240_229 })
      .map((each) => each.replaceAll("\0", "")); // no text in Postgres has it
    for (let at = 0; at < queries.length; at += 100) {
      const batch = queries.slice(at, at + 100);
      const results = await Promise.all(
        batch.map(async (each) => [each, await failure(found(sql, each))]),
      );
      expect(results.filter(([, code]) => code !== null)).toEqual([]);
    }
  });
});

test("what has no word finds nothing", async () => {
  for (const query of ["", null, "   ", "??", '""', "&|", "-"]) {
    expect([query, await found(sql, query)]).toEqual([query, []]);
  }
});

test("a word that other searches drop is one here", async () => {
  expect(await found(sql, "the the")).toEqual(["The The"]);
  expect(await found(sql, "the")).toEqual(["The The"]);
});

test("names of signs and numbers are found by what letters they have", async () => {
  expect(await found(sql, "ac/dc")).toEqual(["AC/DC"]);
  expect(await found(sql, "c++")).toContain("C++");
  expect(await found(sql, "aenima")).toEqual(["Ænima"]);
  expect(await found(sql, "12:51")).toEqual(["12:51"]);
});

test("a name without a letter is found as a whole", async () => {
  expect(await found(sql, "!!!")).toEqual(["!!!"]);
  expect(await found(sql, "!!!", ["track"])).toEqual([]);
});

describe("as the role of the API", () => {
  async function asApi<T>(work: (tx: typeof sql) => Promise<T>): Promise<T> {
    return (await sql.begin(async (tx) => {
      await tx`set local role jukebase_api`;
      return work(tx as unknown as typeof sql);
    })) as T;
  }

  test("search works", async () => {
    expect(await asApi((tx) => found(tx, "radiohead"))).toEqual(["Radiohead"]);
  });

  test.each([
    "select * from descriptor.document",
    "select count(*) from descriptor.document",
    "select tsv from descriptor.document where juke_id = gen_random_uuid()",
    "select * from descriptor.dirty",
    "insert into descriptor.dirty (juke_id) values (gen_random_uuid())",
    "delete from descriptor.document",
    "select * from descriptor.refresh(1)",
    "select * from descriptor.build('{}')",
    "select descriptor.mark_dependents('{}')",
    "select descriptor.builder_version()",
  ])("%s is refused", async (statement) => {
    expect(await failure(asApi((tx) => tx.unsafe(statement)))).toBe("42501");
  });

  test("no operator or table of the caller's comes between", async () => {
    const role = `search_tester_${process.pid}`;
    await sql.begin(async (tx) => {
      await tx`create schema trap`;
      await tx.unsafe("create table trap.document (juke_id uuid)");
      await tx.unsafe(
        `create function trap.lower(text) returns text language plpgsql as 'begin raise exception ''${role}''; end'`,
      );
      await tx`grant usage on schema trap to jukebase_api`;
      await tx`set local role jukebase_api`;
      await tx`set local search_path = trap, pg_catalog`;
      expect(await found(tx, "radiohead")).toEqual(["Radiohead"]);
      await tx`reset role`;
      await tx`drop schema trap cascade`;
    });
  });
});
