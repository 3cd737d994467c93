import type { AtomFeed } from "feedsmith";
import type { Feed, FeedItem } from "./feed.ts";
import { chaptersOf, image, itunesCategories, mediaEnclosures } from "./namespaces.ts";

/** Atom 0.3 and 1.0; enclosures are links. */
export function fromAtom(feed: AtomFeed.Feed<string>, version: string): Feed {
  const { itunes, googleplay, dc, links = [] } = feed;
  const categories = itunesCategories(itunes?.categories);
  return {
    version,
    title: feed.title?.value ?? itunes?.title ?? dc?.titles?.[0],
    author: itunes?.author ?? feed.authors?.[0]?.name ?? dc?.creators?.[0],
    description:
      feed.subtitle?.value ?? itunes?.summary ?? itunes?.subtitle ?? dc?.descriptions?.[0],
    language: dc?.languages?.[0] ?? feed.xml?.lang,
    link: links.find(({ rel = "alternate" }) => rel === "alternate")?.href,
    addresses: [
      itunes?.newFeedUrl,
      ...links.filter(({ rel }) => rel === "self").map(({ href }) => href),
    ].filter((address) => address !== undefined),
    explicit: itunes?.explicit,
    type: itunes?.type,
    copyright: feed.rights?.value ?? dc?.rights?.[0],
    categories:
      categories.length > 0
        ? categories
        : (feed.categories ?? []).flatMap(({ label, term }) => label ?? term ?? []),
    images: [image(itunes?.image, "front"), image(feed.logo, "logo"), image(feed.icon, "icon")],
    persons: [],
    values: [],
    dates: [feed.updated, dc?.dates?.[0]],
    base: feed.xml?.base,
    isPodcast: itunes !== undefined || googleplay !== undefined,
    items: (feed.entries ?? []).map(atomEntry),
    pointer: (index) => `/feed/entry[${index + 1}]`,
  };
}

function atomEntry(entry: AtomFeed.Entry<string>): FeedItem {
  const { itunes, dc, links = [] } = entry;
  const enclosures = links
    .filter(({ rel }) => rel === "enclosure")
    .map(({ href, type, length }) => ({ url: href, type, bytes: length }));
  return {
    title: entry.title?.value ?? itunes?.title ?? dc?.titles?.[0],
    link: links.find(({ rel = "alternate" }) => rel === "alternate")?.href,
    description:
      entry.summary?.value ?? entry.content?.value ?? itunes?.summary ?? dc?.descriptions?.[0],
    guid: entry.id,
    explicit: itunes?.explicit,
    images: [image(itunes?.image, "front")],
    persons: [],
    values: [],
    enclosures: enclosures.length > 0 ? enclosures : mediaEnclosures(entry.media),
    season: itunes?.season,
    episode: itunes?.episode,
    episodeType: itunes?.episodeType,
    duration: itunes?.duration,
    dates: [entry.published, dc?.dates?.[0], entry.updated],
    chapters: chaptersOf(entry.psc),
    transcripts: [],
    base: entry.xml?.base,
    isEpisode: itunes !== undefined,
  };
}
