import { repairIsbn } from "../isbn.ts";
import type { Ids } from "../record.ts";
import type { XmlElement } from "../xml.ts";
import { all, textAt, textsAt } from "./read.ts";

/** List 5: ISBN-10, GTIN-13, ISBN-13, co-publisher's ISBN-13. */
const ISBN_TYPES = ["02", "03", "15", "24"];
/** List 5: ISMN-10, GTIN-13, ISMN-13. */
const ISMN_TYPES = ["05", "03", "25"];

/**
 * The ids of a product, or of whatever else carries ProductIdentifiers: `isbn` and `ismn`. A GTIN-13 is one of the two when it begins like
 * one. ISBNs are stated as 13 digits once; one whose check digit is wrong as it came, for it is evidence.
 */
export function idsOf(product: XmlElement): Ids | undefined {
  const identifiers = all(product, "ProductIdentifier").map((each) => ({
    type: textAt(each, "ProductIDType") ?? "",
    value: textAt(each, "IDValue") ?? "",
  }));
  identifiers.push(
    ...textsAt(product, "ISBN").map((value) => ({ type: "02", value })),
    ...textsAt(product, "EAN13").map((value) => ({ type: "03", value })),
    ...textsAt(product, "ISMN").map((value) => ({ type: "05", value })),
  );
  const stated = identifiers.filter(({ value }) => value !== "");
  const isbn = stated
    .filter(({ type, value }) => ISBN_TYPES.includes(type) && (type !== "03" || isBookland(value)))
    .map(({ value }) => isbnOf(value));
  const ismn = stated
    .filter(({ type, value }) => ISMN_TYPES.includes(type) && (type !== "03" || isMusicland(value)))
    .map(({ value }) => value.replaceAll("-", ""));
  const ids = { ...several("isbn", isbn), ...several("ismn", ismn) };
  return Object.keys(ids).length > 0 ? ids : undefined;
}

/** An ISBN as 13 digits; as it came when it is none. */
export function isbnOf(value: string): string {
  return repairIsbn(value)?.isbn13 ?? value;
}

/** GTINs of books begin with 978 or 979, but with 9790 those of printed music. */
function isBookland(gtin: string): boolean {
  return /^97(?:8|9[1-9])/.test(gtin.replaceAll("-", ""));
}

function isMusicland(gtin: string): boolean {
  return gtin.replaceAll("-", "").startsWith("9790");
}

function several(scheme: string, values: string[]): Ids {
  const [first, ...others] = new Set(values);
  if (first === undefined) return {};
  return { [scheme]: others.length > 0 ? [first, ...others] : first };
}
