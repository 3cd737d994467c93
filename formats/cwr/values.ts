import { leadingDate } from "../partial-date.ts";

/** YYYYMMDD as a date; zeros are what is not known. */
export function dateOf(digits: string): string | undefined {
  const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)$/.exec(digits) ?? [];
  return leadingDate(`${year}-${month}-${day}`);
}

/** HHMMSS in milliseconds; zeros are what is not known. */
export function durationOf(digits: string): number | undefined {
  const [, hours, minutes, seconds] = /^(\d\d)(\d\d)(\d\d)$/.exec(digits) ?? [];
  const total = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
  return total > 0 ? total * 1000 : undefined;
}

/** A share in hundredths of a percent as percent; undefined when blank or none, which `isShare` tells apart. */
export function shareOf(digits: string): number | undefined {
  return isShare(digits) && digits !== "" ? Number(digits) / 100 : undefined;
}

/** True for five digits of at most 100.00 percent, and for blanks. */
export function isShare(digits: string): boolean {
  return digits === "" || (/^\d{5}$/.test(digits) && Number(digits) <= 10_000);
}

/** An IPI name number; zeros are what is not known. */
export function ipiOf(digits: string): string | undefined {
  return /^\d+$/.test(digits) && !/^0+$/.test(digits) ? digits.padStart(11, "0") : undefined;
}

/** An ISO 639-1 code. */
export function languageOf(code: string): string | undefined {
  return /^[A-Z]{2}$/.test(code) ? code.toLowerCase() : undefined;
}
