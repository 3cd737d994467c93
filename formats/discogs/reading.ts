import { known, type MaybeUnknown } from "../known.ts";
import type { CatalogRecord, Ids, Item, Reference } from "../record.ts";
import { identifiers, serviceId } from "../services.ts";
import { childOf, childrenOf, lineOf, type XmlElement } from "../xml.ts";
import { withoutNumber } from "./name.ts";

/** An element being read, and what is to be said of it: first what it names in passing, then the record itself. */
export type Reading = { element: XmlElement; items: Item[] };

/** The letters before the numbers of Discogs: each kind is numbered by itself. */
const LETTERS = { artist: "a", label: "l", album: "m", release: "r" } as const;
export type Numbered = keyof typeof LETTERS;

/** The id that Discogs gave: a number, not 0, which means that there is none. */
export function numberOf(text: string | undefined): string | undefined {
  return text !== undefined && /^[1-9]\d{0,19}$/.test(text) ? text : undefined;
}

export function ids(kind: Numbered, id: string, more: Ids = {}): Ids {
  return { discogs: LETTERS[kind] + id, ...more };
}

/** Says in passing that there is an entity, and answers the reference to it. Its number is not part of its name. */
export function mention<K extends Numbered>(
  reading: Reading,
  kind: K,
  id: string,
  name?: string,
): Reference<K> {
  const named = name === undefined ? {} : { name: withoutNumber(name) };
  say(reading, { kind, id, scope: "mention", ids: ids(kind, id), ...named } as CatalogRecord);
  return { kind, id };
}

export function say({ element, items }: Reading, record: CatalogRecord): void {
  items.push({ record, pointer: element.path });
}

export function warn({ element, items }: Reading, warning: string): void {
  items.push({ warning, pointer: element.path });
}

/** The elements of that name inside the first one of the other: childrenIn(release, "labels", "label"). */
export function childrenIn(element: XmlElement, list: string, name: string): XmlElement[] {
  const found = childOf(element, list);
  return found ? childrenOf(found, name) : [];
}

/** The texts of a list, each once; what is empty is left out. */
export function textsIn(element: XmlElement, list: string, name: string): string[] {
  const texts = childrenIn(element, list, name).flatMap((each) => lineOf(each) ?? []);
  return [...new Set(texts)];
}

/** The ids that the addresses on a page of Discogs state. Links to Discogs itself lead to something else. */
export function idsOfAddresses(element: XmlElement, kind: "artist" | "label"): Ids {
  const found: { [scheme: string]: string[] } = {};
  for (const text of textsIn(element, "urls", "url")) {
    const address = /^[\w-]+(?:\.[\w-]+)+(?:\/|$)/.test(text) ? `https://${text}` : text;
    const id = serviceId(address, kind);
    if (id && id.scheme !== "discogs") found[id.scheme] = [...(found[id.scheme] ?? []), id.id];
  }
  return identifiers(found);
}

/** The pictures that have an address; the monthly dumps leave it empty. */
export function imagesOf(element: XmlElement): { url: string; image_type?: string }[] {
  return childrenIn(element, "images", "image").flatMap(({ attributes }) => {
    const { uri = "", type } = attributes;
    if (!/^https?:\/\//.test(uri) || !URL.canParse(uri)) return [];
    return [type ? { url: uri, image_type: type } : { url: uri }];
  });
}

/** A T without its keys that are undefined or an empty list; those that T requires cannot be. */
export function present<T extends object>(facts: MaybeUnknown<T>): T {
  return Object.fromEntries(
    Object.entries(known<T>(facts)).filter(
      ([, value]) => !Array.isArray(value) || value.length > 0,
    ),
  ) as T;
}
