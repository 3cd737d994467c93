import { textOf, type XmlElement } from "../xml.ts";

/** All text of an element in one line: senders break lines wherever their editor does. Undefined when there is none. */
export function text(element: XmlElement | undefined): string | undefined {
  return textOf(element)?.replace(/\s+/g, " ");
}

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

/** A value without the keys that turned out undefined, or empty as a list. */
export function known<T extends object>(facts: MaybeUnknown<T>): T {
  return Object.fromEntries(
    Object.entries(facts).filter(([, value]) => value !== undefined),
  ) as unknown as T;
}

type MaybeUnknown<T> = { [K in keyof T]: object extends Pick<T, K> ? T[K] | undefined : T[K] };

/** A list, or nothing when it is empty. */
export function some<T>(list: T[]): T[] | undefined {
  return list.length > 0 ? list : undefined;
}

/** The items of a list, equal ones once. */
export function distinct<T>(list: readonly T[]): T[] {
  return [...new Map(list.map((item) => [JSON.stringify(item), item])).values()];
}
