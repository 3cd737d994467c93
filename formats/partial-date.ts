/** True when `text` is YYYY, YYYY-MM or YYYY-MM-DD and such a day exists. */
export function isPartialDate(text: string): boolean {
  const match = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?$/.exec(text);
  if (!match) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2] ?? 1), Number(match[3] ?? 1)];
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  // Day 0 of the next month is the last of this one. The setter, unlike Date.UTC, takes years < 100.
  const last = new Date(0);
  last.setUTCFullYear(year, month, 0);
  return day <= last.getUTCDate();
}

/**
 * The longest beginning of a date that is one: "1999-00" and "1999-??-05" are 1999, "2023-02-30"
 * is 2023-02, "????-05" and "" are nothing. What is known is kept and nothing is invented.
 */
export function leadingDate(text: string): string | undefined {
  const parts = text.split("-");
  return [3, 2, 1].map((count) => parts.slice(0, count).join("-")).find(isPartialDate);
}
