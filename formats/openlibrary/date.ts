import { MONTHS } from "../months.ts";
import { isPartialDate } from "../partial-date.ts";

const SHORT_MONTHS = MONTHS.map((name) => name.slice(0, 3));

/**
 * A date as people typed it ("March 2005", "Mar 1, 2005", "1 March 2005", "2005-03-01", "20050301", "2005") as a partial date, only where there is one
 * reading of it. Seasons, and days and months that are numbers only ("3/1/2005"), leave the year. What is doubted or rounded ("2005?", "[2005]",
 * "c2005", "199-", "1990s", "ca. 1850", "500 B.C.") is nothing.
 */
export function typedDate(text: string): string | undefined {
  const typed = text.trim().replace(/\.$/, "").toLowerCase();
  for (const [pattern, read] of SHAPES) {
    const match = pattern.exec(typed);
    const date = match && read(match.slice(1) as string[]);
    if (date && isPartialDate(date)) return date;
  }
  return undefined;
}

const SHAPES: [RegExp, (parts: string[]) => string | undefined][] = [
  [/^(\d{4})$/, ([year]) => year],
  [/^(\d{4}-\d\d(?:-\d\d)?)$/, ([date]) => date],
  [/^(\d{4})(\d\d)(\d\d)$/, ([year, month, day]) => `${year}-${month}-${day}`],
  [/^(\p{L}+)\.?,? (\d{4})$/u, ([name, year]) => withMonth(year, name)],
  [/^(\d{4}),? (\p{L}+)\.?$/u, ([year, name]) => withMonth(year, name)],
  [
    /^(\p{L}+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})$/u,
    ([name, day, year]) => withMonth(year, name, day),
  ],
  [
    /^(\d{1,2})(?:st|nd|rd|th)? (\p{L}+)\.?,? (\d{4})$/u,
    ([day, name, year]) => withMonth(year, name, day),
  ],
  [/^(\d{4}),? (\p{L}+)\.? (\d{1,2})$/u, ([year, name, day]) => withMonth(year, name, day)],
  [/^(?:spring|summer|autumn|fall|winter),? (\d{4})$/, ([year]) => year],
  [/^\d{1,2}[/.]\d{1,2}[/.](\d{4})$/, ([year]) => year],
];

function withMonth(year = "", name = "", day?: string): string | undefined {
  const at = MONTHS.indexOf(name);
  const month = at >= 0 ? at : SHORT_MONTHS.indexOf(name === "sept" ? "sep" : name);
  if (month < 0) return undefined;
  const parts = [year, month + 1, ...(day === undefined ? [] : [Number(day)])];
  return parts.map((part) => String(part).padStart(2, "0")).join("-");
}
