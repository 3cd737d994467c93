import { createReadStream, existsSync } from "node:fs";
import { parse } from "csv-parse";
import { describe, expect, test } from "vitest";
import { repairIsbn } from "../../formats/isbn.ts";

describe("an ISBN that is whole", () => {
  test.each([
    ["9780306406157", "9780306406157"],
    ["978-0-306-40615-7", "9780306406157"],
    ["978 0 306 40615 7", "9780306406157"],
    ["ISBN 978–0–306–40615–7", "9780306406157"],
    ["ISBN-13: 9780306406157", "9780306406157"],
    ["0-306-40615-2", "9780306406157"],
    ["ISBN-10 0306406152", "9780306406157"],
    ["080442957x", "9780804429573"],
    ["９７８０３０６４０６１５７", "9780306406157"],
    ["9791090636071", "9791090636071"],
  ])("%s is itself", (text, isbn13) => {
    expect(repairIsbn(text)).toEqual({ isbn13, repaired: false });
  });
});

describe("an ISBN that was taken for a number", () => {
  test.each([
    ["306406152", "9780306406157"],
    ["80442957X", "9780804429573"],
    ["306406152.0", "9780306406157"],
    ["7232837", "9780007232833"],
    ["9780306406157.0", "9780306406157"],
    ["9,780306406157E+12", "9780306406157"],
    ["9.780306406157e+12", "9780306406157"],
    ["3.06406152E+08", "9780306406157"],
    ['="0306406152"', "9780306406157"],
    ['="9780306406157"', "9780306406157"],
  ])("%s is restored", (text, isbn13) => {
    expect(repairIsbn(text)).toEqual({ isbn13, repaired: true });
  });
});

describe("what the check digit does not prove stays what it is", () => {
  test.each([
    ["9780306406158"],
    ["0306406153"],
    ["306406153"],
    ["9.78030640616E+12"],
    ["9.78031E+12"],
    // Its zero at the end is not known: 9.78030640613E+12 stands for ten numbers.
    ["9.78030640613E+12"],
    ["9790060115615"],
    ["0000000000"],
    ["0"],
    ["0.0"],
    ["19"],
    [""],
    ["X"],
    ["ISBN"],
    ["978030640615"],
    ["9780306406157.5"],
    ["=9780306406157+1"],
    ["030640615X2"],
    ["9".repeat(100_000)],
  ])("%s", (text) => {
    expect(repairIsbn(text)).toBeUndefined();
  });

  test("of one number with a wrong digit, whichever it is", () => {
    for (const isbn of ["9780306406157", "0306406152", "306406152"]) {
      for (let at = 0; at < isbn.length; at += 1) {
        const wrong = `${isbn.slice(0, at)}${(Number(isbn[at]) + 1) % 10}${isbn.slice(at + 1)}`;
        expect(repairIsbn(wrong), wrong).toBeUndefined();
      }
    }
  });
});

const BOOKS = new URL("../../../shared/data/books/goodbooks.csv", import.meta.url).pathname;
const present = existsSync(BOOKS);
if (!present) console.warn(`skipped: no list of damaged ISBNs in ${BOOKS}`);

test.skipIf(!present)("ten thousand that went through a spreadsheet", async () => {
  const counts = { whole: 0, zeros: 0, unproven: 0, none: 0, lost: 0, kept: 0, agree: 0 };
  const others: string[] = [];
  const rows = createReadStream(BOOKS).pipe(parse({ columns: true }));
  for await (const { isbn, isbn13 } of rows as AsyncIterable<{ isbn: string; isbn13: string }>) {
    const ten = repairIsbn(isbn);
    if (isbn === "") counts.none += 1;
    else if (ten === undefined) counts.unproven += 1;
    else if (ten.repaired) counts.zeros += 1;
    else counts.whole += 1;
    if (isbn13 === "") continue;
    const thirteen = repairIsbn(isbn13);
    if (thirteen === undefined) counts.lost += 1;
    else counts.kept += 1;
    if (ten === undefined) continue;
    // Twelve significant digits are left of the other column: the same number, give or take five.
    if (Math.abs(Number(ten.isbn13) - Number(thirteen?.isbn13 ?? isbn13)) <= 5) counts.agree += 1;
    else others.push(`${isbn} ${isbn13}`);
  }
  expect(counts).toEqual({
    whole: 2690,
    zeros: 6587,
    unproven: 23,
    none: 700,
    lost: 9414,
    kept: 1, // an ISBN-10 in the wrong column
    agree: 9239,
  });
  // Two numbers of their own: the barcode of the shop, or another edition.
  expect(others).toHaveLength(19);
  const barcodes = others.filter((each) => !/ 9\.7[89]\d*e\+12$/.test(each));
  expect(barcodes).toHaveLength(6);
});
