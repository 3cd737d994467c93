import { FormatError } from "../error.ts";
import { escapePointer } from "../json.ts";
import type { CatalogRecord, Ids, Kind, Located, Reference } from "../record.ts";
import { type Doc, isDoc, MBID } from "./read.ts";

/** Where in the document a reader stands, and where its records go. */
export type Place = {
  readonly file: string;
  /** In a file of one document a line. */
  readonly line?: number;
  readonly pointer: string;
  /** partial or full for what the document is about, mention for all that it nests. */
  readonly scope: "full" | "partial" | "mention";
  readonly records: Collection;
  /** Reads an entity into `records` and answers a reference to it; undefined when it is hollow. */
  readonly read: <T extends EntityType>(
    type: T,
    doc: Doc,
    place: Place,
  ) => Reference<Entities[T]> | undefined;
};

/** The entities of the web service that become records, and the kinds that they become. */
export type Entities = {
  artist: "artist";
  label: "label";
  release_group: "album";
  release: "release";
  recording: "track" | "video";
  work: "work";
  genre: "genre";
};
export type EntityType = keyof Entities;

/** What a document says of an entity of that kind, apart from its MBID and its relations. */
export type Facts<K extends Kind = Kind> = K extends Kind
  ? Omit<Extract<CatalogRecord, { kind: K }>, "id" | "scope">
  : never;

/** The records of a document: one for each scope, kind and id, in the order of their first sight. */
export type Collection = Map<string, Located>;

/** The place of something nested. */
export function inside(place: Place, ...steps: (string | number)[]): Place {
  const path = steps.map((step) => `/${escapePointer(String(step))}`).join("");
  return { ...place, pointer: place.pointer + path, scope: "mention" };
}

/**
 * Maps the objects of a list to what `read` makes of them, leaving out those of which it makes
 * nothing. Undefined when there is no list: the document was not asked for it.
 */
export function each<T>(
  doc: Doc,
  key: string,
  place: Place,
  read: (item: Doc, place: Place, index: number) => T | undefined,
): T[] | undefined {
  const items = doc[key];
  if (!Array.isArray(items)) return undefined;
  return items.flatMap((item, index) => {
    const result = isDoc(item) ? read(item, inside(place, key, index), index) : undefined;
    return result === undefined ? [] : [result];
  });
}

/**
 * The MBID of an object. A nested object of which nothing at all is known has none and is no
 * object; anything else without a valid one would be lost or taken for something else, so it is
 * refused.
 */
export function mbid(doc: Doc, place: Place, what: string): string | undefined {
  const { id } = doc;
  if (typeof id === "string" && MBID.test(id)) return id;
  if (place.scope === "mention" && isHollow(doc)) return undefined;
  const found = id === null || id === undefined ? "has no id" : `has the id ${JSON.stringify(id)}`;
  throw new FormatError({
    code: "JB245",
    file: place.file,
    ...(place.line === undefined ? {} : { line: place.line }),
    pointer: place.pointer,
    reason: `the ${what} ${found}: MusicBrainz names everything by an MBID (a UUID)`,
    hint: "deliver the document as the web service wrote it, neither shortened nor anonymised",
  });
}

function isHollow(doc: Doc): boolean {
  return ["id", "name", "title", "sort-name"].every((key) => (doc[key] ?? "") === "");
}

/** Adds a record, or lets it complete a record of the same scope that was seen before. */
export function collect(record: CatalogRecord, place: Place): void {
  const key = `${record.scope} ${record.kind} ${record.id}`;
  const seen = place.records.get(key);
  if (seen) seen.record = joined(seen.record, record);
  else place.records.set(key, { record, pointer: place.pointer });
}

/** Adds something that is known of an entity in passing, or only in part. */
export function mention<K extends Kind>(
  { kind, id }: Reference<K>,
  facts: Omit<Extract<CatalogRecord, { kind: K }>, "kind" | "id" | "scope">,
  place: Place,
): void {
  collect({ kind, id, scope: "mention", ...facts } as unknown as CatalogRecord, place);
}

/**
 * The records collected. What the document is about is often mentioned inside it too; such a
 * mention only stays with the keys that say something its own record leaves open.
 */
export function collected(records: Collection): Located[] {
  return [...records.values()].flatMap(({ record, pointer }) => {
    if (record.scope !== "mention") return [{ record, pointer }];
    const rest = `${record.kind} ${record.id}`;
    const own = (records.get(`full ${rest}`) ?? records.get(`partial ${rest}`))?.record;
    if (!own) return [{ record, pointer }];
    const added = Object.entries(record).filter(([key]) => !(key in own));
    if (added.length === 0) return [];
    const { kind, id, scope } = record;
    return [
      { record: { kind, id, scope, ...Object.fromEntries(added) } as CatalogRecord, pointer },
    ];
  });
}

/** The first value of each attribute, the union of each list and of the ids. */
function joined(first: CatalogRecord, second: CatalogRecord): CatalogRecord {
  const result: { [key: string]: unknown } = { ...first };
  for (const [key, value] of Object.entries(second)) {
    const before = result[key];
    if (before === undefined) result[key] = value;
    else if (key === "ids") result[key] = joinedIds(before as Ids, value as Ids);
    else if (Array.isArray(before) && Array.isArray(value)) result[key] = union(before, value);
  }
  return result as CatalogRecord;
}

function joinedIds(first: Ids, second: Ids): Ids {
  const result = { ...first };
  for (const [scheme, value] of Object.entries(second)) {
    const values = union([result[scheme] ?? []].flat(), [value].flat());
    result[scheme] = values.length === 1 ? (values[0] as string) : values;
  }
  return result;
}

/** The items of both lists, equal ones once. */
export function union<T>(first: T[], second: T[]): T[] {
  return [...new Map([...first, ...second].map((item) => [JSON.stringify(item), item])).values()];
}
