import { DateTime } from "luxon";

const OPTIONS = { zone: "utc", setZone: true, locale: "en-US" };

/** Spellings of a day, and what luxon calls them. */
const DAYS: [spelling: string, format: string][] = [
  ["\\d{1,2} [A-Z][a-z]{2} \\d{4}", "d MMM yyyy"],
  ["\\d{1,2} [A-Z][a-z]{2} \\d{2}", "d MMM yy"],
  ["\\d{1,2} [A-Z][a-z]{3,} \\d{4}", "d MMMM yyyy"],
  ["[A-Z][a-z]{2} \\d{1,2} \\d{4}", "MMM d yyyy"],
  ["[A-Z][a-z]{3,} \\d{1,2} \\d{4}", "MMMM d yyyy"],
  ["\\d{4}-\\d{1,2}-\\d{1,2}", "yyyy-M-d"],
  ["\\d{4}/\\d{1,2}/\\d{1,2}", "yyyy/M/d"],
];
/** Longer spellings first: PM would pass for a zone. */
const TIMES: [spelling: string, format: string][] = [
  [" \\d{1,2}:\\d\\d:\\d\\d [AP]M", " h:mm:ss a"],
  [" \\d{1,2}:\\d\\d [AP]M", " h:mm a"],
  [" \\d{1,2}:\\d\\d:\\d\\d\\.\\d{3}", " H:mm:ss.SSS"],
  [" \\d{1,2}:\\d\\d:\\d\\d", " H:mm:ss"],
  [" \\d{1,2}:\\d\\d", " H:mm"],
  ["", ""],
];
const ZONES: [spelling: string, format: string][] = [
  ["", ""],
  [" [+-]\\d{4}", " ZZZ"],
  [" [+-]\\d\\d:\\d\\d", " ZZ"],
  [" [+-]\\d{1,2}", " Z"],
  [" [A-Z][A-Za-z_]+(?:/[A-Za-z_]+)*", " z"],
];

/** In characters; no spelling of a date is longer. */
const LONGEST = 80;

const [day, time, zone] = [DAYS, TIMES, ZONES].map(
  (spellings) => `(${spellings.map(([spelling]) => spelling).join("|")})`,
);
const SPELLING = new RegExp(`^${day}${time}${zone}$`);

/**
 * A date of a feed as RFC 3339 in UTC: RFC 822 and 2822, ISO 8601, and the ways in which feeds miss them (the
 * wrong day of the week, months in full, one-digit hours, 12 hours, slashes). What names no zone is taken as UTC.
 * Undefined when it is no date, when there is no such day, or when it cannot be meant: the zero of a clock, a year outside 1900 to 2099.
 */
export function dateTime(text: string): string | undefined {
  if (text.length > LONGEST) return undefined;
  const plain = text
    .replace(/\s+/g, " ")
    .trim()
    .replace(/^[A-Za-z]{3,9}\.?, ?|^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]* /i, "") // often the wrong one
    .replace(/,/g, "")
    .replace(/\bSept\b\.?/i, "Sep")
    .replace(/\b(?:UTC|GMT|UT)\b(?=\s*[+-]\d)\s*/, "")
    .replace(/ [a-z]{1,4}$/i, (zone) => zone.toUpperCase())
    .replace(/\b(?:UTC|UT)$/, "GMT")
    .replace(/(\d)(am|pm)\b/i, "$1 $2")
    .replace(/\b[ap]m\b/i, (half) => half.toUpperCase())
    .replace(/\b[a-z]{3,9}\b/gi, titled);
  const read =
    valid(DateTime.fromRFC2822(plain, OPTIONS)) ??
    valid(DateTime.fromISO(text.trim(), OPTIONS)) ??
    spelled(plain);
  if (!read || read.year < 1900 || read.year > 2099 || read.toMillis() === 0) return undefined;
  return read.toUTC().toISO({ suppressMilliseconds: true }) ?? undefined;
}

function spelled(text: string): DateTime | undefined {
  const groups = SPELLING.exec(text)?.slice(1);
  if (!groups) return undefined;
  const format = [DAYS, TIMES, ZONES].map((spellings, place) => {
    const part = groups[place] ?? "";
    return spellings.find(([spelling]) => new RegExp(`^${spelling}$`).test(part))?.[1] ?? "";
  });
  return valid(DateTime.fromFormat(text, format.join(""), OPTIONS));
}

/** Months and days in mixed case; what is all capitals and no month is a zone and stays. */
function titled(word: string): string {
  const name = word.charAt(0).toUpperCase() + word.slice(1).toLowerCase();
  return /^(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)/.test(name) ? name : word;
}

function valid(date: DateTime): DateTime | undefined {
  return date.isValid ? date : undefined;
}
