import { lineOf, type XmlElement } from "../xml.ts";

/** All text of an element in one line: senders break lines wherever their editor does. Undefined when there is none. */
export const text = lineOf;

/** The texts of several elements, each once, in their order. */
export function texts(elements: readonly XmlElement[]): string[] {
  return [...new Set(elements.flatMap((element) => text(element) ?? []))];
}

/** A term of an allowed value set; of UserDefined, the value the sender defines. */
export function term(element: XmlElement | undefined): string | undefined {
  const given = text(element);
  return given === "UserDefined" ? element?.attributes.UserDefinedValue?.trim() || given : given;
}

/** A term as words in lower case: "StudioProducer" is "studio producer". */
export function words(term: string): string {
  return term
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .toLowerCase();
}

/** True for "true" and "1", the two ways XML Schema writes it. */
export function isTrue(given: string | undefined): boolean {
  return given === "true" || given === "1";
}

/** A name as ids compare it: compatibility forms, case and white space do not tell two apart. */
export function normalised(name: string): string {
  return name.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();
}
