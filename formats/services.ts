import type { Ids, Kind } from "./record.ts";

/**
 * Services whose ids we know: the scheme, the path of its URLs with the id as its group, and the
 * kinds that such a URL names. An artist's page often links to a single album or video of the
 * artist as well: such a link names that, not the artist.
 */
const SERVICES: [scheme: string, host: string, path: RegExp, kinds: Kind[]][] = [
  ["spotify", "open.spotify.com", /\/artist\/([0-9A-Za-z]{22})/, ["artist"]],
  ["spotify", "open.spotify.com", /\/album\/([0-9A-Za-z]{22})/, ["album", "release"]],
  ["spotify", "open.spotify.com", /\/track\/([0-9A-Za-z]{22})/, ["track"]],
  ["discogs", "discogs.com", /\/artist\/(\d+)/, ["artist"]],
  ["discogs", "discogs.com", /\/label\/(\d+)/, ["label"]],
  ["discogs", "discogs.com", /\/master\/(\d+)/, ["album"]],
  ["discogs", "discogs.com", /\/release\/(\d+)/, ["release"]],
  [
    "wikidata",
    "wikidata.org",
    /\/(?:wiki|entity)\/(Q\d+)/,
    ["artist", "album", "release", "track", "work", "genre", "label", "video"],
  ],
  ["viaf", "viaf.org", /\/viaf\/(\d+)/, ["artist", "label", "work"]],
  ["apple_music", "apple.com", /\/artist\/(?:[^/?]+\/)?(?:id)?(\d+)/, ["artist"]],
  ["apple_music", "apple.com", /\/album\/[^?]*\?(?:[^#]*&)?i=(\d+)/, ["track"]],
  ["apple_music", "apple.com", /\/song\/(?:[^/?]+\/)?(\d+)/, ["track"]],
  [
    "apple_music",
    "apple.com",
    /\/album\/(?:[^/?]+\/)?(?:id)?(\d+)(?!.*[?&]i=)/,
    ["album", "release"],
  ],
  ["apple_music", "apple.com", /\/music-video\/(?:[^/?]+\/)?(\d+)/, ["video"]],
  ["deezer", "deezer.com", /\/artist\/(\d+)/, ["artist"]],
  ["deezer", "deezer.com", /\/album\/(\d+)/, ["album", "release"]],
  ["deezer", "deezer.com", /\/track\/(\d+)/, ["track"]],
  ["tidal", "tidal.com", /\/artist\/(\d+)/, ["artist"]],
  ["tidal", "tidal.com", /\/album\/(\d+)/, ["album", "release"]],
  ["tidal", "tidal.com", /\/track\/(\d+)/, ["track"]],
  ["tidal", "tidal.com", /\/video\/(\d+)/, ["video"]],
  ["youtube", "youtube.com", /\/channel\/(UC[\w-]{22})/, ["artist", "label"]],
  ["youtube", "youtube.com", /\/watch\?(?:[^#]*&)?v=([\w-]{11})/, ["track", "video"]],
  ["youtube", "youtu.be", /^\/([\w-]{11})/, ["track", "video"]],
  // Bandcamp's ids are its addresses.
  ["bandcamp", "bandcamp.com", /^\/(?:music\/?)?$/, ["artist", "label"]],
  ["bandcamp", "bandcamp.com", /^\/album\/[^/]+/, ["album", "release"]],
  ["bandcamp", "bandcamp.com", /^\/track\/[^/]+/, ["track"]],
];

/** The scheme and the id that the address of a service names, when such an address names a thing of that kind; else undefined. */
export function serviceId(
  address: string | undefined,
  kind: Kind,
): { scheme: string; id: string } | undefined {
  const url = address === undefined ? null : URL.parse(address);
  if (!url) return undefined;
  for (const [scheme, host, path, kinds] of SERVICES) {
    if (!kinds.includes(kind) || !`.${url.hostname}`.endsWith(`.${host}`)) continue;
    const match = path.exec(url.pathname + url.search);
    if (match) return { scheme, id: match[1] ?? url.href };
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
