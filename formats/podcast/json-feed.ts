import type { JsonFeed } from "feedsmith";
import type { Feed, FeedItem } from "./feed.ts";
import { image } from "./namespaces.ts";

/** JSON Feed 1.0 and 1.1: episodes are items with attachments. */
export function fromJsonFeed(feed: JsonFeed.Feed<string>, version: string): Feed {
  return {
    version,
    title: feed.title,
    author: feed.authors?.[0]?.name,
    description: feed.description,
    language: feed.language,
    link: feed.home_page_url,
    addresses: feed.feed_url === undefined ? [] : [feed.feed_url],
    categories: [],
    images: [image(feed.icon, "front"), image(feed.favicon, "icon")],
    persons: [],
    values: [],
    dates: [],
    isPodcast: false,
    items: (feed.items ?? []).map(jsonItem),
    pointer: (index) => `/items/${index}`,
  };
}

function jsonItem(item: JsonFeed.Item<string>): FeedItem {
  const attachments = item.attachments ?? [];
  return {
    title: item.title,
    link: item.url ?? item.external_url,
    description: item.summary ?? item.content_text ?? item.content_html,
    guid: item.id,
    images: [image(item.image, "front"), image(item.banner_image, "banner")],
    persons: [],
    values: [],
    enclosures: attachments.map(({ url, mime_type, size_in_bytes }) => ({
      url,
      type: mime_type,
      bytes: size_in_bytes,
    })),
    duration: attachments[0]?.duration_in_seconds,
    dates: [item.date_published],
    chapters: [],
    transcripts: [],
    isEpisode: false,
  };
}
