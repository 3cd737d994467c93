import { createHash } from "node:crypto";
import type { Feed, FeedItem } from "./feed.ts";
import { feedKey } from "./url.ts";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Longest id of a record; what is longer ends in a hash of all of it. */
const LONGEST = 500;

/** What a podcast says of who it is; addresses are whole ones already. */
export type Known = {
  guid: string | undefined;
  addresses: string[];
  link: string | undefined;
  title: string | undefined;
};

/** podcast:guid in lower case, when it is a UUID. */
export function podcastGuid(guid: string | undefined): string | undefined {
  return guid !== undefined && UUID.test(guid.trim()) ? guid.trim().toLowerCase() : undefined;
}

/** The id of a podcast in its source: its GUID, else the address of its feed, else its website, else its title; undefined without any. */
export function podcastId({ guid, addresses, link, title }: Known): string | undefined {
  const address = addresses[0] ?? link;
  const id = podcastGuid(guid) ?? (address === undefined ? title : feedKey(address));
  return id === undefined ? undefined : bounded(id);
}

/** The id of a person: its address when the feed gives one, else its name, which says who it is within one podcast only. */
export function personId(podcast: string, name: string, href: string | undefined): string {
  return bounded(href ?? `${podcast}#${name.toLowerCase().replace(/\s+/g, " ")}`);
}

/**
 * The id of an episode in its source: its guid, else the address of what is heard, else its link and date, else its title. A guid that is
 * no address and no UUID says which episode it is within its podcast only ("12"), and so do the link and the title.
 */
export function episodeId(
  podcast: string,
  item: FeedItem,
  enclosure: string | undefined,
  published: string | undefined,
  isShared: boolean,
): string | undefined {
  const guid = item.guid?.trim();
  if (guid && !isShared) return bounded(isGlobal(guid) ? guid : `${podcast}#${guid}`);
  if (enclosure !== undefined) return bounded(enclosure);
  const rest = [item.link, published ?? item.title].filter((each) => each !== undefined);
  return rest.length === 0 ? undefined : bounded(`${podcast}#${rest.join(" ")}`);
}

/** The guids that several items of a feed bear: they name none of them. */
export function sharedGuids(feed: Feed): Set<string> {
  const seen = new Map<string, string>();
  const shared = new Set<string>();
  for (const { guid, enclosures } of feed.items) {
    const key = guid?.trim();
    if (!key) continue;
    const heard = enclosures[0]?.url ?? "";
    if (seen.has(key) && seen.get(key) !== heard) shared.add(key);
    seen.set(key, heard);
  }
  return shared;
}

function isGlobal(guid: string): boolean {
  return UUID.test(guid) || /^(?:https?:\/\/[^/]|urn:|tag:)\S+$/i.test(guid);
}

function bounded(id: string): string {
  // Postgres and JSON Schema count characters, not UTF-16 units.
  if ([...id].length <= LONGEST) return id;
  const digest = createHash("sha256").update(id).digest("hex");
  return `${[...id].slice(0, 400).join("")}#${digest}`;
}
