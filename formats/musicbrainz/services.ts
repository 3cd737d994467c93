import type { Ids } from "../record.ts";
import { type Doc, isDoc, text } from "./read.ts";

/**
 * Services whose ids we know: the scheme, and the pattern of its URLs with the id as its group.
 * A pattern without a group takes the whole URL, for services that have no other id.
 */
const SERVICES: [scheme: string, url: RegExp][] = [
  ["spotify", /^https?:\/\/open\.spotify\.com\/(?:intl-\w+\/)?[a-z]+\/([0-9A-Za-z]{22})/],
  ["discogs", /^https?:\/\/(?:www\.)?discogs\.com\/(?:artist|label|master|release)\/(\d+)/],
  ["wikidata", /^https?:\/\/(?:www\.)?wikidata\.org\/(?:wiki|entity)\/(Q\d+)/],
  ["apple_music", /^https?:\/\/music\.apple\.com\/.*[?&]i=(\d+)/],
  ["apple_music", /^https?:\/\/(?:music|itunes)\.apple\.com\/.*\/(?:id)?(\d+)(?:[?#]|$)/],
  ["deezer", /^https?:\/\/(?:www\.)?deezer\.com\/(?:[a-z]{2}\/)?(?:artist|album|track)\/(\d+)/],
  [
    "tidal",
    /^https?:\/\/(?:listen\.)?tidal\.com\/(?:browse\/)?(?:artist|album|track|video)\/(\d+)/,
  ],
  ["youtube", /^https?:\/\/(?:www\.|m\.)?youtube\.com\/watch\?(?:.*&)?v=([\w-]{11})/],
  ["youtube", /^https?:\/\/youtu\.be\/([\w-]{11})/],
  ["youtube", /^https?:\/\/(?:www\.)?youtube\.com\/channel\/(UC[\w-]{22})/],
  ["bandcamp", /^https?:\/\/[\w-]+\.bandcamp\.com(?:\/|$)/],
];

/** The ids that the URL relations of a document state; those that have ended no longer hold. */
export function idsOfUrls(doc: Doc): Ids {
  const ids: { [scheme: string]: string[] } = {};
  for (const relation of Array.isArray(doc.relations) ? doc.relations : []) {
    if (!isDoc(relation) || relation.ended === true || !isDoc(relation.url)) continue;
    const found = serviceId(text(relation.url.resource) ?? "");
    if (found) ids[found.scheme] = [...(ids[found.scheme] ?? []), found.id];
  }
  return identifiers(ids);
}

/** The id that a URL of a known service carries. */
export function serviceId(url: string): { scheme: string; id: string } | undefined {
  for (const [scheme, pattern] of SERVICES) {
    const match = pattern.exec(url);
    if (match) return { scheme, id: match[1] ?? url };
  }
  return undefined;
}

/** Identifiers without the schemes that have no value; a single value is not wrapped in a list. */
export function identifiers(given: { [scheme: string]: string[] | string | undefined }): Ids {
  const ids: Ids = {};
  for (const [scheme, value] of Object.entries(given)) {
    const values = [...new Set([value ?? []].flat())];
    if (values.length > 0) ids[scheme] = values.length === 1 ? (values[0] as string) : values;
  }
  return ids;
}
