import { beforeAll, describe, expect, test } from "vitest";
import { testDatabase } from "../database.ts";

const { sql } = await testDatabase();

/**
 * Schemes with a check digit: a stem of random characters that the check completes, and what the check must catch
 * of single wrong characters and of swapped neighbours that differ, in percent. The standards differ: modulo 11 and 37,36
 * catch all of the first kind; the weights 1 and 3 miss a swap of neighbours that differ by five; the weights
 * of ISWC and IPI base numbers share factors with ten: of the 115 ways to get one character wrong they miss 8, so no
 * reading of these standards can catch more than 93 of 100.
 */
const SCHEMES = {
  isni: { stem: "ddddddddddddddd", check: "0123456789X", wrong: 100, swapped: 100 },
  ipi_base: { stem: "Iddddddddd", check: "0123456789", wrong: 93, swapped: 98 },
  ipi: { stem: "ddddddddd", check: "dd", wrong: 99, swapped: 99 },
  iswc: { stem: "Tddddddddd", check: "0123456789", wrong: 93, swapped: 98 },
  grid: { stem: "A1xxxxxxxxxxxxxxx", check: "x", wrong: 100, swapped: 99 },
  dpid: { stem: "PADPIDAdddddddddd", check: "x", wrong: 100, swapped: 99 },
  isbn: { stem: "9781dddddddd", check: "0123456789", wrong: 100, swapped: 86 },
  ismn: { stem: "9790dddddddd", check: "0123456789", wrong: 100, swapped: 86 },
  issn: { stem: "ddddddd", check: "0123456789X", wrong: 100, swapped: 100 },
  // As they were written before 2007 and 2008.
  "isbn of ten digits": { stem: "ddddddddd", check: "0123456789X", wrong: 100, swapped: 100 },
  "ismn with an M": { stem: "Mdddddddd", check: "0123456789", wrong: 100, swapped: 86 },
  gtin: { stem: "ddddddddddddd", check: "0123456789", wrong: 100, swapped: 86 },
} as const;

type Scheme = keyof typeof SCHEMES;

/** The scheme itself of one of its forms. */
const schemeOf = (form: string): string => form.split(" ")[0] ?? form;

const DIGITS = [..."0123456789"];
const LETTERS = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];

/** A small generator of numbers from 0 up to `below`, the same in each run (mulberry32). */
function generator(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

/** Random codes of each scheme whose check agrees. */
const valid: { [scheme: string]: string[] } = {};

beforeAll(async () => {
  const random = generator(1);
  const pick = (from: readonly string[]) => from[random(from.length)] as string;
  for (const [scheme, { stem, check }] of Object.entries(SCHEMES)) {
    const checks = {
      dd: DIGITS.flatMap((a) => DIGITS.map((b) => a + b)),
      x: [...DIGITS, ...LETTERS],
    };
    const candidates = Array.from({ length: 100 }, () =>
      stem.replace(/[dx]/g, (place) => pick(place === "d" ? DIGITS : [...DIGITS, ...LETTERS])),
    ).flatMap((start) =>
      (checks[check as keyof typeof checks] ?? [...check]).map((c) => start + c),
    );
    const rows = await sql`
      select code from unnest(${candidates}::text[]) code where identity.canonical(${schemeOf(scheme)}, code) is not null`;
    valid[scheme] = rows.map(({ code }) => code);
  }
});

/** Every code with one digit replaced by another digit, or one letter by another letter. */
function withOneWrong(code: string): string[] {
  return [...code].flatMap((character, place) => {
    const others = DIGITS.includes(character) ? DIGITS : LETTERS;
    return others
      .filter((other) => other !== character)
      .map((other) => code.slice(0, place) + other + code.slice(place + 1));
  });
}

/** Every code with two neighbours swapped that differ. */
function withTwoSwapped(code: string): string[] {
  return [...code.slice(1)].flatMap((second, place) => {
    const first = code[place] as string;
    return first === second ? [] : [code.slice(0, place) + second + first + code.slice(place + 2)];
  });
}

/** The part of the codes that is refused, in percent. */
async function caught(scheme: string, codes: string[]): Promise<number> {
  const [row] = await sql`
    select 100.0 * count(*) filter (where identity.canonical(${schemeOf(scheme)}, code) is null) / count(*) as percent
    from unnest(${codes}::text[]) code`;
  return Number(row?.percent);
}

test("every scheme with a check digit is among them", async () => {
  // Of ASINs only those that are ISBNs have one: the ISBN's.
  const rows = await sql`
    select scheme from identity.scheme where check_rule ~ 'mod [0-9]' and scheme <> 'asin'`;
  expect(rows.map(({ scheme }) => scheme).sort()).toEqual(
    [...new Set(Object.keys(SCHEMES).map(schemeOf))].sort(),
  );
});

describe.each(Object.keys(SCHEMES) as Scheme[])("%s", (scheme) => {
  const promised = SCHEMES[scheme];

  test("one check completes each stem", () => {
    expect(valid[scheme]).toHaveLength(100);
  });

  test(`at least ${promised.wrong} of 100 single wrong characters are refused`, async () => {
    const percent = await caught(scheme, (valid[scheme] ?? []).flatMap(withOneWrong));
    expect(percent).toBeGreaterThanOrEqual(promised.wrong);
  });

  test(`at least ${promised.swapped} of 100 swapped neighbours are refused`, async () => {
    const percent = await caught(scheme, (valid[scheme] ?? []).flatMap(withTwoSwapped));
    expect(percent).toBeGreaterThanOrEqual(promised.swapped);
  });

  test("separators and case make no difference", async () => {
    const codes = (valid[scheme] ?? []).slice(0, 20);
    const rows = await sql`
      select code from unnest(${codes}::text[]) code
      where identity.canonical(${schemeOf(scheme)}, code) is distinct from
        identity.canonical(${schemeOf(scheme)}, ' ' || lower(regexp_replace(code, '(...)', '\\1-', 'g')) || ' ')`;
    expect([...rows]).toEqual([]);
  });
});
