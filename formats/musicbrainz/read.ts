/** Reading single values of a web-service document: what is not there or not usable is undefined. */

export type Doc = { readonly [key: string]: unknown };

export const MBID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export function isDoc(value: unknown): value is Doc {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A text with something in it. MusicBrainz writes "" and null alike for what is not there. */
export function text(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

/** A text from a list that MusicBrainz may extend: types, roles, packagings. */
export function word(value: unknown): string | undefined {
  return text(value)?.toLowerCase();
}

/** One of the words that we know; `other` when it is a word that we do not. */
export function oneOf<W extends string>(
  value: unknown,
  words: readonly W[],
  other?: W,
): W | undefined {
  const given = word(value);
  if (!given) return undefined;
  return words.find((each) => each === given) ?? other;
}

export function matching(value: unknown, pattern: RegExp): string | undefined {
  const given = text(value);
  return given && pattern.test(given) ? given : undefined;
}

export function integer(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined;
}

export function flag(value: unknown): boolean | undefined {
  return typeof value === "boolean" ? value : undefined;
}

/** The texts of a list; undefined when there is no list, that is when it was not asked for. */
export function texts(value: unknown): string[] | undefined {
  return Array.isArray(value) ? value.flatMap((each) => text(each) ?? []) : undefined;
}

export function words(value: unknown): string[] | undefined {
  return texts(value)?.map((each) => each.toLowerCase());
}

/** A country as its ISO 3166-1 code. */
export function country(value: unknown): string | undefined {
  return matching(value, /^[A-Z]{2}$/);
}

/** The country code of an area, which has one only when the area is a country. */
export function areaCountry(area: unknown): string | undefined {
  return isDoc(area) ? country(texts(area["iso-3166-1-codes"])?.[0]) : undefined;
}

export function areaName(area: unknown): string | undefined {
  return isDoc(area) ? text(area.name) : undefined;
}
