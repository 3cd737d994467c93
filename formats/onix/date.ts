import { isPartialDate, leadingDate } from "../partial-date.ts";
import { childOf, type XmlElement } from "../xml.ts";
import { textAt } from "./read.ts";

/** The date of an element with the attribute dateformat (3.x) or a DateFormat beside its Date (2.1); list 55. */
export function dateOf(holder: XmlElement | undefined): string | undefined {
  const date = childOf(holder, "Date");
  const format = date?.attributes.dateformat ?? textAt(holder, "DateFormat");
  return onixDate(textAt(holder, "Date"), format);
}

/**
 * A date in a format of list 55 as a partial date, as precise as it is and no more: of a week, a quarter or a season the year,
 * of a range what both ends have in common. Undefined for text and for dates of another calendar.
 */
export function onixDate(text: string | undefined, format = "00"): string | undefined {
  const [, digits] = /^(\d{4,16})(?:T.*)?$/.exec(text?.replace(/[-\s]/g, "") ?? "") ?? [];
  if (digits === undefined) return undefined;
  if (["00", "01", "05", "13", "14"].includes(format)) return calendar(digits);
  if (["02", "03", "04"].includes(format)) return calendar(digits.slice(0, 4));
  if (["06", "07", "11"].includes(format) && digits.length % 2 === 0) {
    return shared(
      calendar(digits.slice(0, digits.length / 2)),
      calendar(digits.slice(digits.length / 2)),
    );
  }
  return undefined;
}

/** YYYY, YYYYMM or YYYYMMDD, of which parts may be 00. */
function calendar(digits: string): string | undefined {
  if (![4, 6, 8, 12, 14].includes(digits.length)) return undefined;
  return leadingDate(
    [digits.slice(0, 4), digits.slice(4, 6), digits.slice(6, 8)].filter(Boolean).join("-"),
  );
}

function shared(from: string | undefined, to: string | undefined): string | undefined {
  const [begin, end] = [from?.split("-") ?? [], to?.split("-") ?? []];
  const differs = begin.findIndex((part, at) => part !== end[at]);
  const same = differs === -1 ? begin : begin.slice(0, differs);
  return same.length > 0 ? same.join("-") : undefined;
}

/**
 * The moment a message was sent: YYYYMMDD, YYYYMMDDThhmm or YYYYMMDDThhmmss, then Z or an offset (3.x); YYYYMMDDhhmm (2.1). As
 * RFC 3339; without an offset as UTC. Undefined for what is none.
 */
export function moment(text: string | undefined): string | undefined {
  const [, year, month, day, hour = "00", minute = "00", second = "00", zone = "Z"] =
    /^(\d{4})-?(\d\d)-?(\d\d)(?:T?([01]\d|2[0-3]):?([0-5]\d)(?::?([0-5]\d))?)?(Z|[+-][01]\d(?::?[0-5]\d)?)?$/.exec(
      text ?? "",
    ) ?? [];
  const date = `${year}-${month}-${day}`;
  if (!isPartialDate(date)) return undefined;
  const [, sign, hours, minutes = "00"] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone) ?? [];
  const offset = sign === undefined ? "Z" : `${sign}${hours}:${minutes}`;
  return `${date}T${hour}:${minute}:${second}${offset}`;
}
