import type { CatalogRecord, EpisodeRecord, Item, PodcastRecord } from "../../formats/record.ts";
import { deliver, itemsOf } from "./delivery.ts";

const NAMESPACES = [
  'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"',
  'xmlns:podcast="https://podcastindex.org/namespace/1.0"',
  'xmlns:atom="http://www.w3.org/2005/Atom"',
  'xmlns:content="http://purl.org/rss/1.0/modules/content/"',
  'xmlns:psc="http://podlove.org/simple-chapters"',
  'xmlns:media="http://search.yahoo.com/mrss/"',
].join(" ");

/** A feed in RSS 2.0 of a podcast named Harbour Talk. */
export function rss(channel: string, title = "<title>Harbour Talk</title>"): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" ${NAMESPACES}><channel>${title}<link>https://harbour.example/</link>${channel}</channel></rss>`;
}

/** An item with a title, a guid and an enclosure, and more. */
export function item(more = "", guid = "<guid>urn:x:1</guid>"): string {
  return `<item><title>One</title>${guid}<enclosure url="https://harbour.example/1.mp3" length="1000" type="audio/mpeg"/>${more}</item>`;
}

/** What a feed yields. */
export type Outcome = {
  items: Item[];
  records: CatalogRecord[];
  warnings: string[];
  podcast: PodcastRecord;
  episodes: EpisodeRecord[];
};

/** Reads a feed as a delivery; throws what is refused. */
export async function read(feed: string | Buffer, name = "feed.xml"): Promise<Outcome> {
  const items = await itemsOf(await deliver(feed, name));
  const records: CatalogRecord[] = [];
  const warnings: string[] = [];
  for (const each of items) {
    if ("refused" in each) throw each.refused;
    if ("record" in each) records.push(each.record);
    if ("warning" in each) warnings.push(`${each.pointer}: ${each.warning}`);
  }
  return {
    items,
    records,
    warnings,
    podcast: records.find((each) => each.kind === "podcast") as PodcastRecord,
    episodes: records.filter((each) => each.kind === "episode"),
  };
}
