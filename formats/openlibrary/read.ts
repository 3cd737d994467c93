import { someOf } from "../known.ts";
import { type Doc, isDoc, text } from "../musicbrainz/read.ts";

/** What a text of Open Library says: a string, or an object { type, value }. */
export function textOf(value: unknown): string | undefined {
  return text(isDoc(value) ? value.value : value)?.trim();
}

/** The items of a list; those of a single value where a list is meant. */
export function listOf(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** The texts of a list that hold something. */
export function textsOf(value: unknown): string[] {
  return listOf(value).flatMap((each) => textOf(each) ?? []);
}

/** The id in a reference: OL34184A of { key: "/authors/OL34184A" } or of the key alone. */
export function idOf(reference: unknown, letter: "A" | "M" | "W"): string | undefined {
  const key = text(isDoc(reference) ? reference.key : reference);
  const [, id] = /^\/(?:authors|books|works)\/(OL\d+[AMW])$/.exec(key ?? "") ?? [];
  return id?.endsWith(letter) ? id : undefined;
}

/** The type of a thing: "edition" of { type: { key: "/type/edition" } }; without one, what its key is that of. */
export function typeOf(doc: Doc): string | undefined {
  const key = text(isDoc(doc.type) ? doc.type.key : doc.type);
  const stated = /^\/type\/([a-z_]+)$/.exec(key ?? "")?.[1];
  if (stated !== undefined) return stated;
  if (idOf(doc, "M")) return "edition";
  if (idOf(doc, "W")) return "work";
  return idOf(doc, "A") && "author";
}

/** Addresses of pictures by their numbers; -1 is a picture that was taken away. */
export function picturesOf(numbers: unknown, of: "a" | "b", image_type: string) {
  const urls = listOf(numbers).flatMap((number) =>
    Number.isSafeInteger(number) && (number as number) > 0
      ? [`https://covers.openlibrary.org/${of}/id/${number}-L.jpg`]
      : [],
  );
  return someOf([...new Set(urls)].map((url) => ({ url, image_type })));
}
