import { isPartialDate, leadingDate } from "../partial-date.ts";
import type { PartialDate } from "../record.ts";

/** An ISO 8601 duration (PT3M19S, PT1H2M21.5S) in milliseconds. Years and months have no length; zero says that it is not known. */
export function milliseconds(duration: string | undefined): number | undefined {
  const match = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?)?$/.exec(
    duration ?? "",
  );
  if (!match) return undefined;
  const [days, hours, minutes] = [match[1], match[2], match[3]].map((part) => Number(part ?? 0));
  const seconds = Number((match[4] ?? "0").replace(",", "."));
  const [d = 0, h = 0, m = 0] = [days, hours, minutes];
  const length = Math.round((((d * 24 + h) * 60 + m) * 60 + seconds) * 1000);
  return length > 0 && length <= 0x7fffffff ? length : undefined;
}

/** A date, as precise as it is known, of a date or a date and time. */
export function partialDate(given: string | undefined): PartialDate | undefined {
  return given === undefined ? undefined : leadingDate(given.slice(0, 10));
}

const MOMENT = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?)(Z|[+-]\d\d:\d\d)?$/;
const DAY = /^(\d{4}(?:-\d\d(?:-\d\d)?)?)(Z|[+-]\d\d:\d\d)?$/;

/**
 * An xs:dateTime as RFC 3339; one without offset is taken as UTC. Undefined when it is none, or no such moment exists.
 */
export function dateTime(given: string | undefined): string | undefined {
  const [, local, offset = "Z"] = MOMENT.exec(given ?? "") ?? [];
  if (local === undefined || !isPartialDate(local.slice(0, 10))) return undefined;
  return Number.isNaN(Date.parse(local + offset)) ? undefined : local + offset;
}

/**
 * The beginning or the end of a validity period: a date and time, or a day. A year or a month is its first or last
 * day; a day with an offset is the moment at which that day begins or ends there. Undefined when it is none of them.
 */
export function moment(given: string, edge: "first" | "last"): string | undefined {
  const [, date, offset] = DAY.exec(given) ?? [];
  if (date === undefined) return dateTime(given);
  if (!isPartialDate(date)) return undefined;
  const day = edge === "first" ? `${date}-01-01`.slice(0, 10) : lastDay(date);
  if (offset === undefined || offset === "Z") return day;
  return `${day}T${edge === "first" ? "00:00:00" : "23:59:59"}${offset}`;
}

function lastDay(date: PartialDate): string {
  if (date.length === 10) return date;
  const month = date.length === 4 ? `${date}-12` : date;
  return [31, 30, 29, 28].map((day) => `${month}-${day}`).find(isPartialDate) as string;
}
