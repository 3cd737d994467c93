import type { EntityType } from "./collect.ts";
import { type Doc, isDoc, text } from "./read.ts";

/** What a document turned out to be. */
export type DocumentKind =
  | { entity: EntityType }
  | { list: string; entity: EntityType }
  | { foreign: string };

/** The lists that browse requests, searches and lookups by ISRC, ISWC or disc id answer with. */
const LISTS: { [key: string]: EntityType } = {
  artists: "artist",
  labels: "label",
  "release-groups": "release_group",
  releases: "release",
  recordings: "recording",
  works: "work",
  genres: "genre",
};

/**
 * Recognises a document by its keys: the web service does not write into an answer what it
 * answers. The first rule that fits wins, so the more particular ones stand first.
 */
const RULES: [kind: DocumentKind, fits: (doc: Doc) => boolean][] = [
  [{ foreign: "an error message of the web service" }, (doc) => "error" in doc],
  [{ foreign: "a list of collections" }, (doc) => "collections" in doc],
  [{ foreign: "a collection" }, (doc) => "editor" in doc],
  [{ foreign: "an area" }, (doc) => "iso-3166-1-codes" in doc || "iso-3166-2-codes" in doc],
  [{ foreign: "a place" }, (doc) => "coordinates" in doc || "address" in doc],
  [{ foreign: "an event" }, (doc) => "setlist" in doc || "cancelled" in doc],
  [{ foreign: "a URL" }, (doc) => "resource" in doc],
  [{ foreign: "a medium of a release" }, (doc) => "format-id" in doc && "track-count" in doc],
  [{ foreign: "a track of a medium" }, (doc) => "number" in doc && "recording" in doc],
  [{ entity: "label" }, (doc) => "label-code" in doc],
  [{ entity: "artist" }, (doc) => "sort-name" in doc && has(doc, "gender", "begin-area", "ipis")],
  [{ entity: "release_group" }, (doc) => has(doc, "primary-type", "secondary-types")],
  [{ entity: "release" }, (doc) => has(doc, "text-representation", "release-events", "packaging")],
  [{ entity: "release" }, (doc) => has(doc, "media", "status", "release-group", "label-info")],
  [{ entity: "recording" }, (doc) => "title" in doc && has(doc, "video", "length", "isrcs")],
  [{ entity: "work" }, (doc) => "title" in doc && has(doc, "iswcs", "languages", "language")],
  [{ foreign: "an entity of a kind that is not understood" }, (doc) => "type-id" in doc],
  [{ entity: "genre" }, (doc) => text(doc.name) !== undefined && "disambiguation" in doc],
];

export function kindOf(doc: Doc): DocumentKind {
  const list = Object.keys(LISTS).find((key) => Array.isArray(doc[key]) && isAnswer(doc, key));
  if (list) return { list, entity: LISTS[list] as EntityType };
  return RULES.find(([, fits]) => fits(doc))?.[0] ?? { foreign: unknown(doc) };
}

/** An entity nests lists too; an answer has no title or name of its own. */
function isAnswer(doc: Doc, key: string): boolean {
  const items = doc[key] as unknown[];
  return !has(doc, "title", "name", "sort-name") && items.every(isDoc);
}

function has(doc: Doc, ...keys: string[]): boolean {
  return keys.some((key) => key in doc);
}

function unknown(doc: Doc): string {
  const keys = Object.keys(doc).slice(0, 8).join(", ");
  return keys === "" ? "an empty object" : `an object with the keys ${keys}`;
}
