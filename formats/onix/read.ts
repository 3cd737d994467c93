import { childOf, childrenOf, lineOf, type XmlElement } from "../xml.ts";

/** The text at a path of reference names below an element, white space between its words as single spaces; undefined for none. */
export function textAt(element: XmlElement | undefined, ...path: string[]): string | undefined {
  return lineOf(childOf(element, ...path));
}

/** The texts of all elements of that name directly inside one, without those that are empty. */
export function textsAt(element: XmlElement | undefined, name: string): string[] {
  return all(element, name).flatMap((each) => lineOf(each) ?? []);
}

/** The elements of that name directly inside one that may be missing. */
export function all(element: XmlElement | undefined, name: string): XmlElement[] {
  return element ? childrenOf(element, name) : [];
}

/**
 * The elements of a product, whichever release wrote it: 3.0 and 3.1 group them in blocks (DescriptiveDetail, PublishingDetail, …),
 * in 2.1 they stand in the product itself.
 */
export function inBlock(product: XmlElement, block: string): XmlElement {
  return childOf(product, block) ?? product;
}

/** The whole number that a text is, when it is one that a count can be. */
export function count(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,10}$/.test(text)) return undefined;
  const number = Number(text);
  return number > 0 && number <= 2147483647 ? number : undefined;
}

/** Elements in the order of their SequenceNumber; those without one keep their place at the end. */
export function inSequence(elements: XmlElement[]): XmlElement[] {
  const place = (element: XmlElement) => count(textAt(element, "SequenceNumber")) ?? Infinity;
  return elements
    .map((element) => ({ element, at: place(element) }))
    .sort((a, b) => (a.at === b.at ? 0 : a.at - b.at))
    .map(({ element }) => element);
}

/** What a code of a list means; undefined for a code that the list here does not have. */
export function meaning<T>(list: { [code: string]: T }, code: string | undefined): T | undefined {
  return code !== undefined && Object.hasOwn(list, code) ? list[code] : undefined;
}
