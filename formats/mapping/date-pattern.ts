import { MONTHS } from "../months.ts";
import { isPartialDate } from "../partial-date.ts";

const TOKENS: { [token: string]: [part: "year" | "month" | "day", expression: string] } = {
  YYYY: ["year", "(\\d{4})"],
  MMMM: ["month", "(\\p{L}{3,9})"],
  MMM: ["month", "(\\p{L}{3})"],
  MM: ["month", "(\\d{2})"],
  M: ["month", "(\\d{1,2})"],
  DD: ["day", "(\\d{2})"],
  D: ["day", "(\\d{1,2})"],
};

/**
 * Reads dates of one pattern, strictly and whole: YYYY, MM or M, DD or D, MMM and MMMM (English names), all else as it stands; `*` at
 * the end takes whatever follows, such as a time. Answers YYYY, YYYY-MM or YYYY-MM-DD, undefined for a text that does not fit or is no real date.
 * Throws SyntaxError for a pattern without YYYY, or with a part twice, or a day without a month.
 */
export function compileDate(pattern: string): (text: string) => string | undefined {
  const parts: string[] = [];
  const isOpen = pattern.endsWith("*");
  const expression = (isOpen ? pattern.slice(0, -1) : pattern).replace(
    /YYYY|MMMM|MMM|MM|M|DD|D|[\s\S]/g,
    (token) => {
      const [part, matching] = TOKENS[token] ?? [];
      if (part === undefined || matching === undefined) {
        return token.replace(/[\\^$.*+?()[\]{}|]/, "\\$&");
      }
      parts.push(part);
      return matching;
    },
  );
  if (!parts.includes("year") || new Set(parts).size < parts.length) {
    throw new SyntaxError(`the date "${pattern}" needs YYYY, and each part once`);
  }
  if (parts.includes("day") && !parts.includes("month")) {
    throw new SyntaxError(`the date "${pattern}" has a day but no month`);
  }
  const whole = new RegExp(`^${expression}${isOpen ? "" : "$"}`, "u");
  return (text) => {
    const found = whole.exec(text.trim());
    if (!found) return undefined;
    const values = Object.fromEntries(parts.map((part, index) => [part, found[index + 1] ?? ""]));
    const { year = "", month, day } = values;
    const date = [year, month && numberOf(month), day?.padStart(2, "0")]
      .filter((each) => each !== undefined)
      .join("-");
    return isPartialDate(date) ? date : undefined;
  };
}

function numberOf(month: string): string {
  if (/^\d/.test(month)) return month.padStart(2, "0");
  const name = month.toLowerCase();
  const index = MONTHS.findIndex((each) => each === name || each.slice(0, 3) === name);
  return String(index + 1).padStart(2, "0");
}
