import type { RdfFeed } from "feedsmith";
import type { Feed, FeedItem } from "./feed.ts";
import { image, mediaEnclosures } from "./namespaces.ts";

/** RSS 0.90 and 1.0 (RDF): no podcast of today is one, but feeds of the time had enclosures by media:content. */
export function fromRdf(feed: RdfFeed.Feed<string>, version: string): Feed {
  const { atom, dc } = feed;
  return {
    version,
    title: feed.title ?? dc?.titles?.[0],
    author: dc?.creators?.[0],
    description: feed.description ?? dc?.descriptions?.[0],
    language: dc?.languages?.[0],
    link: feed.link,
    addresses: (atom?.links ?? [])
      .filter(({ rel }) => rel === "self")
      .flatMap(({ href }) => href ?? []),
    copyright: dc?.rights?.[0],
    categories: dc?.subjects ?? [],
    images: [image(feed.image?.url, "logo")],
    persons: [],
    values: [],
    dates: [dc?.dates?.[0], atom?.updated],
    base: feed.xml?.base,
    isPodcast: false,
    items: (feed.items ?? []).map(rdfItem),
    pointer: (index) => `/RDF/item[${index + 1}]`,
  };
}

function rdfItem(item: RdfFeed.Item<string>): FeedItem {
  const { atom, dc } = item;
  return {
    title: item.title ?? dc?.titles?.[0],
    link: item.link,
    description: item.description ?? item.content?.encoded ?? dc?.descriptions?.[0],
    guid: item.rdf?.about ?? atom?.id,
    images: [],
    persons: [],
    values: [],
    enclosures: mediaEnclosures(item.media),
    dates: [dc?.dates?.[0], atom?.published],
    chapters: [],
    transcripts: [],
    base: item.xml?.base,
    isEpisode: false,
  };
}
