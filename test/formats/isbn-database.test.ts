import fc from "fast-check";
import { expect, test } from "vitest";
import { repairIsbn } from "../../formats/isbn.ts";
import { testDatabase } from "../database.ts";

const { sql } = await testDatabase();

/** An ISBN-10 for any nine digits. */
function isbn10(stem: string): string {
  const sum = [...stem].reduce((all, digit, at) => all + Number(digit) * (10 - at), 0);
  return stem + "0123456789X"[(11 - (sum % 11)) % 11];
}

const digits = (length: number) =>
  fc.stringMatching(new RegExp(`^[0-9]{${length}}$`)).filter((text) => !/^0+$/.test(text));
const stated = fc.oneof(
  digits(9).map(isbn10),
  digits(10),
  digits(13),
  digits(9).map((stem) => `978${stem}`),
  digits(10).map((rest) => `978${rest}`),
  digits(10).map((rest) => `979${rest}`),
  digits(9).map((stem) => isbn10(stem).replace(/^(.)(...)(.....)/, "$1-$2-$3-")),
);

test("what needs no repair is what the database takes, as the same 13 digits", async () => {
  const texts = fc.sample(stated, 3000);
  const rows = await sql<{ isbn13: string | null }[]>`
    select identity.canonical_isbn(t.value) as isbn13
    from unnest(${texts}::text[]) with ordinality t (value, place)
    order by t.place`;
  const ours = texts.map((text) => {
    const isbn = repairIsbn(text);
    return isbn && !isbn.repaired ? isbn.isbn13 : null;
  });
  expect(ours).toEqual(rows.map(({ isbn13 }) => isbn13));
  expect(ours.filter((isbn) => isbn !== null).length).toBeGreaterThan(500);
});

test("an ISBN-10 that lost its zeros comes back as itself", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4 }), digits(9), (zeros, some) => {
      const whole = isbn10("0".repeat(zeros) + some.slice(zeros));
      const number = whole.replace(/^0+/, "");
      fc.pre(number.length >= 6);
      expect(repairIsbn(number)?.isbn13).toBe(repairIsbn(whole)?.isbn13);
    }),
  );
});

test("a number that lost digits never becomes an ISBN", () => {
  fc.assert(
    fc.property(digits(9), fc.integer({ min: 1, max: 12 }), (stem, significant) => {
      const isbn13 = repairIsbn(isbn10(stem))?.isbn13;
      const lossy = Number(isbn13).toExponential(significant - 1);
      expect(repairIsbn(lossy)).toBeUndefined();
    }),
  );
});
