import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileDate } from "../../formats/mapping/date-pattern.ts";
import { isDamaged, mended } from "../../formats/mapping/mend.ts";
import { compilePattern } from "../../formats/mapping/pattern.ts";

const found = (pattern: string, text: string, ignoreCase = false) => {
  const match = compilePattern(pattern, ignoreCase).find(Array.from(text));
  return match && [Array.from(text).slice(match.start, match.end).join(""), ...match.groups];
};

describe("a pattern finds what the language finds", () => {
  const piece = fc.constantFrom(
    "a",
    "b",
    ".",
    "[ab]",
    "[^a]",
    "\\d",
    "(a|b)",
    "(?:ab|a)",
    "(a*)",
    "^",
    "$",
    "\\b",
  );
  const times = fc.constantFrom("", "*", "+", "?", "{2}", "{1,3}", "{2,}", "*?", "+?", "??");
  const pattern = fc
    .array(fc.tuple(piece, times), { minLength: 1, maxLength: 5 })
    .map((all) =>
      all.map(([one, many]) => one + (["^", "$", "\\b"].includes(one) ? "" : many)).join(""),
    );
  const choice = fc.array(pattern, { minLength: 1, maxLength: 3 }).map((all) => all.join("|"));

  test("for any pattern and text, the whole match and its place", () => {
    fc.assert(
      fc.property(
        choice,
        fc.string({ unit: fc.constantFrom("a", "b", "1", " ", "🎻"), maxLength: 12 }),
        (source, text) => {
          const wanted = new RegExp(source, "u").exec(text);
          const match = compilePattern(source).find(Array.from(text));
          expect(match && Array.from(text).slice(match.start, match.end).join("")).toBe(
            wanted?.[0],
          );
          if (wanted && match)
            expect(Array.from(text).slice(0, match.start).join("")).toBe(
              text.slice(0, wanted.index),
            );
        },
      ),
      { numRuns: 2_000 },
    );
  });

  const cases: [pattern: string, text: string, wanted: (string | undefined)[] | undefined][] = [
    ["^(\\d{4})-(\\d\\d)$", "2021-05", ["2021-05", "2021", "05"]],
    ["(a)|(b)", "xb", ["b", undefined, "b"]],
    ["(?:x(\\d))+", "x1x2", ["x1x2", "2"]],
    ["a.*?b", "aabab", ["aab"]],
    ["a.*b", "aabab", ["aabab"]],
    ["\\p{Lu}\\p{Ll}+", "straße Österreich", ["Österreich"]],
    ["[^\\]]+", "]ab]", ["ab"]],
    ["\\u00e9|\\x41", "é", ["é"]],
    ["🎻+", "a🎻🎻", ["🎻🎻"]],
    ["foo\\b", "food foo", ["foo"]],
    ["x{0}y", "xy", ["y"]],
    ["", "ab", [""]],
    ["z", "ab", undefined],
  ];
  test.each(cases)("%s in %s", (source, text, wanted) => {
    expect(found(source, text)).toEqual(wanted);
  });

  test("a word is one in any script", () => {
    expect(found("\\bé\\b", "né é")).toEqual(["é"]);
    expect(compilePattern("\\bé").find(Array.from("né é"))?.start).toBe(3);
  });

  test("upper and lower case are the same when asked for", () => {
    expect(found("straSSe [é]", "STRASSE É", true)).toEqual(["STRASSE É"]);
    expect(found("abc", "ABC")).toBeUndefined();
  });
});

/** An array that counts how often an element of it is looked at. */
function counted(chars: string[]): { chars: string[]; looks: () => number } {
  let looks = 0;
  const proxy = new Proxy(chars, {
    get(target, key) {
      if (typeof key === "string" && /^\d+$/.test(key)) looks += 1;
      return Reflect.get(target, key);
    },
  });
  return { chars: proxy, looks: () => looks };
}

test.each(["^(a+)+$", "(a|a)*b", "(a*)*b", "(x+x+)+y", "(.*)(.*)(.*)(.*)(.*)[^a]"])(
  "%s, which is hostile, goes over a text once and finds nothing",
  (source) => {
    const { chars, looks } = counted([
      ...Array.from({ length: 5_000 }, () => "a"),
      ..."!".repeat(1),
    ]);
    const match = compilePattern(source).find(chars);
    if (!source.endsWith("[^a]")) expect(match).toBeUndefined();
    expect(looks()).toBeLessThanOrEqual(3 * chars.length);
  },
);

test.each([
  ["(a", /not closed/],
  ["a)", /closes no group/],
  ["[a", /not closed/],
  ["*a", /nothing to repeat/],
  ["a**", /repetition of a repetition/],
  ["a{3,1}", /cannot be/],
  ["a{999}", /cannot be/],
  ["(?=a)", /not supported/],
  ["(a)\\1", /not supported/],
  ["\\", /at the end/],
  ["[z-a]", /not understood/],
  ["(a{200}){200}", /too large/],
  ["(?:(?:(?:(?:(?:){200}){200}){200}){200}){200}", /too large/],
  ["(".repeat(60) + ")".repeat(60), /too many groups/],
])("the pattern %s is refused", (source, reason) => {
  expect(() => compilePattern(source)).toThrow(reason);
});

test.each([
  ["YYYY-MM-DD", "2021-05-04", "2021-05-04"],
  ["M/D/YYYY", "4/26/2024", "2024-04-26"],
  ["D. MMMM YYYY", "4. May 2021", "2021-05-04"],
  ["MMM YYYY", "Dec 1999", "1999-12"],
  ["YYYY", " 1999 ", "1999"],
  ["YYYY-MM-DD*", "2021-05-04T10:00:00Z", "2021-05-04"],
  ["M/D/YYYY", "13/1/2024", undefined],
  ["YYYY-MM-DD", "2021-02-30", undefined],
  ["YYYY-MM-DD", "2021-5-4", undefined],
  ["YYYY", "1999x", undefined],
  ["MMM YYYY", "Foo 1999", undefined],
])("the date %s of %s", (pattern, text, wanted) => {
  expect(compileDate(pattern)(text)).toBe(wanted);
});

test("a date needs its year, and each part once", () => {
  for (const pattern of ["MM-DD", "YYYY-YYYY", "YYYY D"])
    expect(() => compileDate(pattern)).toThrow(pattern);
});

describe("mending takes back only what proves itself", () => {
  const garbled = (text: string) =>
    new TextDecoder("windows-1252").decode(Buffer.from(text, "utf8"));

  test("any text whose bytes were read as windows-1252 comes back, once and twice", () => {
    for (const text of ["Beyoncé", "Пётр Чайковский", "ヨルシカ", "Sigur Rós — ágætis", "🎻"]) {
      expect(mended(garbled(text))).toBe(text);
      expect(mended(garbled(garbled(text)))).toBe(text);
    }
  });

  test("what is right stays as it is", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("a", "é", "ü", "Ж", "中", "Ã", " ") }),
        (text) => {
          const result = mended(text);
          // Either untouched, or what was there was the exact bytes of what is there now.
          expect(result === text || garbled(result) === text).toBe(true);
        },
      ),
    );
    for (const text of ["Beyoncé", "Motörhead", "Ã", "naïve", "½ ý", "Пётр"])
      expect(mended(text)).toBe(text);
  });

  test("a replacement character is lost for good, however it is written", () => {
    expect(["Beyonc\uFFFD", "Beyoncï¿½", "Beyoncï¿", mended("Beyoncï¿½")].map(isDamaged)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(isDamaged("Beyoncé")).toBe(false);
  });
});
