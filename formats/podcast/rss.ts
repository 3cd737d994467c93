import type { RssFeed } from "feedsmith";
import type { Feed, FeedItem } from "./feed.ts";
import {
  alternateEnclosures,
  chaptersOf,
  image,
  imagesOf,
  itunesCategories,
  mediaEnclosures,
  personsOf,
  valuesOf,
} from "./namespaces.ts";

/** RSS 0.91 to 2.0 with the namespaces that podcasts use. */
export function fromRss(feed: RssFeed.Feed<string>, version: string): Feed {
  const { itunes, podcast, googleplay, atom, dc } = feed;
  const links = atom?.links ?? [];
  return {
    version,
    title: feed.title ?? itunes?.title ?? dc?.titles?.[0] ?? atom?.title?.value,
    author:
      itunes?.author ??
      googleplay?.author ??
      itunes?.owner?.name ??
      feed.managingEditor?.name ??
      dc?.creators?.[0] ??
      atom?.authors?.[0]?.name,
    description:
      feed.description ??
      itunes?.summary ??
      googleplay?.description ??
      itunes?.subtitle ??
      dc?.descriptions?.[0],
    language: feed.language ?? dc?.languages?.[0],
    link: feed.link ?? links.find(({ rel = "alternate" }) => rel === "alternate")?.href,
    addresses: [
      itunes?.newFeedUrl ?? googleplay?.newFeedUrl,
      ...links.filter(({ rel }) => rel === "self").map(({ href }) => href),
    ].filter((address) => address !== undefined),
    guid: podcast?.guid,
    explicit: itunes?.explicit ?? isExplicit(googleplay?.explicit),
    type: itunes?.type,
    copyright: feed.copyright ?? dc?.rights?.[0],
    categories: firstOf(
      itunesCategories(itunes?.categories),
      googleplay?.categories,
      feed.categories?.map(({ name }) => name),
    ),
    images: [
      image(itunes?.image ?? googleplay?.image?.href, "front"),
      ...imagesOf(podcast?.images),
      image(feed.image?.url, "logo", feed.image?.width, feed.image?.height),
    ],
    persons: personsOf(podcast?.persons),
    values: valuesOf(podcast?.values),
    dates: [feed.lastBuildDate, feed.pubDate, atom?.updated, dc?.dates?.[0]],
    base: feed.xml?.base,
    isPodcast: itunes !== undefined || podcast !== undefined || googleplay !== undefined,
    items: (feed.items ?? []).map(rssItem),
    pointer: (index) => `/rss/channel/item[${index + 1}]`,
  };
}

function rssItem(item: RssFeed.Item<string>): FeedItem {
  const { itunes, podcast, googleplay, atom, dc } = item;
  const links = atom?.links ?? [];
  return {
    title:
      item.title ??
      itunes?.title ??
      dc?.titles?.[0] ??
      atom?.title?.value ??
      item.media?.title?.value,
    link: item.link ?? links.find(({ rel = "alternate" }) => rel === "alternate")?.href,
    description:
      item.description ??
      itunes?.summary ??
      item.content?.encoded ??
      googleplay?.description ??
      itunes?.subtitle ??
      atom?.summary?.value ??
      dc?.descriptions?.[0],
    guid: item.guid?.value ?? atom?.id,
    explicit: itunes?.explicit ?? isExplicit(googleplay?.explicit),
    images: [
      image(itunes?.image ?? googleplay?.image?.href, "front"),
      ...imagesOf(podcast?.images),
      ...(item.media?.thumbnails ?? []).map(({ url, width, height }) =>
        image(url, "thumbnail", width, height),
      ),
    ],
    persons: personsOf(podcast?.persons),
    values: valuesOf(podcast?.values),
    enclosures: firstOf(
      item.enclosures?.map(({ url, type, length }) => ({ url, type, bytes: length })),
      links
        .filter(({ rel }) => rel === "enclosure")
        .map(({ href, type, length }) => ({ url: href, type, bytes: length })),
      mediaEnclosures(item.media),
      alternateEnclosures(podcast?.alternateEnclosures),
    ),
    season: itunes?.season ?? podcast?.season?.number,
    seasonName: podcast?.season?.name,
    episode: itunes?.episode ?? podcast?.episode?.number,
    episodeType: itunes?.episodeType,
    duration: itunes?.duration,
    dates: [item.pubDate, atom?.published, dc?.dates?.[0], atom?.updated],
    chapters: chaptersOf(item.psc),
    chaptersUrl: podcast?.chapters?.url,
    transcripts: (podcast?.transcripts ?? []).map(({ type, ...rest }) => ({
      ...rest,
      ...(type !== undefined && { media_type: type }),
    })),
    base: item.xml?.base,
    isEpisode: itunes !== undefined || podcast !== undefined,
  };
}

function isExplicit(flag: boolean | "clean" | undefined): boolean | undefined {
  return flag === "clean" ? false : flag;
}

/** The first list with something in it, without what is missing. */
function firstOf<T>(...lists: ((T | undefined)[] | undefined)[]): T[] {
  for (const list of lists) {
    const known = list?.filter((each) => each !== undefined) ?? [];
    if (known.length > 0) return known;
  }
  return [];
}
