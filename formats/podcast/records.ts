import { FormatError } from "../error.ts";
import type { EpisodeRecord, Item, PodcastRecord } from "../record.ts";
import { creditsOf } from "./credits.ts";
import { dateTime } from "./date.ts";
import { milliseconds } from "./duration.ts";
import type { Described, Enclosure, Feed, FeedItem } from "./feed.ts";
import { episodeId, podcastGuid, podcastId, sharedGuids } from "./identity.ts";
import {
  type Bases,
  chaptersFrom,
  imagesFrom,
  languageTag,
  transcriptsFrom,
  valuesFrom,
} from "./parts.ts";
import { author, line } from "./title.ts";
import { feedAddress, webAddress } from "./url.ts";

/** The podcast that episodes are read for: its id, and what addresses are relative to. */
type Place = { podcast: string; bases: Bases; shared: ReadonlySet<string> };

/** Longest name of a genre. */
const LONGEST_GENRE = 200;

/**
 * A feed as records: what it says of itself, the podcast, each person before what credits it, the episodes in the order of the feed.
 * `endsEarly`: the last item may lack a part, so its episode claims no more than it says. Throws JB245 when nothing says which podcast it is.
 */
export function* recordsFrom(feed: Feed, file: string, endsEarly: boolean): Generator<Item> {
  const warnings: { warning: string; pointer: string }[] = [];
  const warn = (warning: string) => warnings.push({ warning, pointer: channelOf(feed) });
  const dates = feed.items.map((item) => dateOf(item));
  const statedAt = stated(feed, dates, warn);
  yield { about: { version: feed.version, ...(statedAt !== undefined && { statedAt }) } };

  const known = {
    guid: feed.guid,
    addresses: feed.addresses.flatMap(
      (address) => feedAddress(address, [feed.base, feed.link]) ?? [],
    ),
    link: webAddress(feed.link, [feed.base, feed.addresses[0]]),
    title: line(feed.title),
  };
  const id = podcastId(known);
  if (id === undefined) {
    yield* warnings;
    throw new FormatError({
      code: "JB245",
      file,
      pointer: channelOf(feed),
      reason:
        "the feed names no guid, address, website or title: which podcast it is cannot be known",
      hint: "deliver the feed as it was produced; every feed of a podcast has a title and a link",
    });
  }
  const place: Place = {
    podcast: id,
    bases: [feed.base, known.link, known.addresses[0]],
    shared: sharedGuids(feed),
  };
  const { credits, artists } = creditsOf(feed.persons, id, place.bases);
  for (const record of artists) yield { record, pointer: channelOf(feed) };
  yield { record: podcastFrom(feed, id, known, credits, place, warn), pointer: channelOf(feed) };
  yield* warnings;
  yield* episodesFrom(feed, place, dates, new Set(artists.map((each) => each.id)), endsEarly);
}

function channelOf(feed: Feed): string {
  return (
    feed
      .pointer(0)
      .replace(/\/(?:item|entry)\[1\]$/, "")
      .replace(/^\/items\/0$/, "") || "/"
  );
}

function podcastFrom(
  feed: Feed,
  id: string,
  known: { addresses: string[]; link: string | undefined; title: string | undefined },
  credits: PodcastRecord["credits"] & object,
  { bases }: Place,
  warn: (text: string) => void,
): PodcastRecord {
  const guid = podcastGuid(feed.guid);
  if (feed.guid !== undefined && guid === undefined) {
    warn(`podcast:guid is ${JSON.stringify(feed.guid.slice(0, 60))}, which is no UUID`);
  }
  const language = languageTag(feed.language);
  if (feed.language !== undefined && language === undefined) {
    warn(`the language is ${JSON.stringify(feed.language.slice(0, 40))}, which is no language tag`);
  }
  if (feed.link !== undefined && known.link === undefined) {
    warn(`the link is ${JSON.stringify(feed.link.slice(0, 80))}, which is no web address`);
  }
  if (known.title === undefined) warn("the feed has no title");
  const type = feed.type?.trim().toLowerCase();
  const isType = type === "episodic" || type === "serial";
  if (type !== undefined && !isType) warn(`itunes:type is ${JSON.stringify(type.slice(0, 40))}`);
  const by = author(feed.author);
  const copyright = line(feed.copyright);
  const genres = genresOf(feed.categories);
  return {
    kind: "podcast",
    id,
    ...(known.title === undefined ? { scope: "partial" } : { title: known.title }),
    ...((feed.guid !== undefined || known.addresses.length > 0) && {
      ids: {
        ...(feed.guid !== undefined && { podcast_guid: guid ?? feed.guid.slice(0, 2000) }),
        ...(known.addresses.length > 0 && { feed_url: [...new Set(known.addresses)] }),
      },
    }),
    ...(by !== undefined && { author: by }),
    ...(feed.description !== undefined && { description: feed.description }),
    ...(language !== undefined && { language }),
    ...(known.link !== undefined && { website_url: known.link }),
    ...(known.addresses[0] !== undefined && { feed_url: known.addresses[0] }),
    ...(feed.explicit !== undefined && { explicit: feed.explicit }),
    ...(isType && { podcast_type: type }),
    ...(copyright !== undefined && { copyright }),
    ...(genres.length > 0 && { genres }),
    ...(credits.length > 0 && { credits }),
    ...shown(feed, bases, warn),
  };
}

function genresOf(categories: readonly string[]): { name: string }[] {
  const names = new Map<string, string>();
  for (const category of categories) {
    const name = line(category);
    if (name !== undefined && [...name].length <= LONGEST_GENRE && !names.has(name.toLowerCase()))
      names.set(name.toLowerCase(), name);
  }
  return [...names.values()].map((name) => ({ name }));
}

function* episodesFrom(
  feed: Feed,
  place: Place,
  dates: (string | undefined)[],
  credited: Set<string>,
  endsEarly: boolean,
): Generator<Item> {
  const heard = feed.items.map(({ enclosures }) => enclosures.filter(isHeard));
  if (!feed.isPodcast && !feed.items.some(({ isEpisode }, at) => isEpisode || heard[at]?.length)) {
    if (feed.items.length > 0) {
      const warning = `no item has an enclosure: a feed to be read, not heard; its ${feed.items.length} items are no episodes`;
      yield { warning, pointer: channelOf(feed) };
    }
    return;
  }
  const taken = new Set<string>();
  for (const [index, item] of feed.items.entries()) {
    const pointer = feed.pointer(index);
    const warnings: string[] = [];
    const warn = (warning: string) => warnings.push(warning);
    const bases = [webAddress(item.base, place.bases), ...place.bases];
    const enclosure = enclosureOf(heard[index] ?? [], bases, warn);
    const guid = item.guid?.trim();
    const isShared = guid !== undefined && place.shared.has(guid);
    const link = webAddress(item.link, bases);
    const id = episodeId(
      place.podcast,
      { ...item, link },
      enclosure.enclosure_url,
      dates[index],
      isShared,
    );
    if (id === undefined) warn("an item without guid, enclosure, link and title was passed over");
    else if (taken.has(id))
      warn(`the episode ${JSON.stringify(id.slice(0, 80))} comes again: the first one was taken`);
    else {
      taken.add(id);
      if (isShared)
        warn(
          `several items have the guid ${JSON.stringify(guid.slice(0, 80))}: it says of none which it is`,
        );
      else if (!guid) warn("no guid: known by its enclosure, or its link and date");
      const { credits, artists } = creditsOf(item.persons, place.podcast, bases);
      for (const record of artists) {
        if (credited.has(record.id)) continue;
        credited.add(record.id);
        yield { record, pointer };
      }
      const isLast = endsEarly && index === feed.items.length - 1;
      const facts = episodeFrom(item, dates[index], bases, warn);
      const record: EpisodeRecord = {
        kind: "episode",
        id,
        ...((isLast || facts.title === undefined) && { scope: "partial" }),
        ...(guid && !isShared && { ids: { episode_guid: [...guid].slice(0, 2000).join("") } }),
        ...facts,
        ...enclosure,
        podcast: { kind: "podcast", id: place.podcast },
        ...(credits.length > 0 && { credits }),
      };
      yield { record, pointer };
    }
    for (const warning of warnings) yield { warning, pointer };
  }
}

function episodeFrom(
  item: FeedItem,
  published: string | undefined,
  bases: Bases,
  warn: (text: string) => void,
): Partial<EpisodeRecord> {
  const title = line(item.title);
  if (title === undefined) warn("no title");
  const date = item.dates.find((each) => each !== undefined);
  if (date !== undefined && published === undefined) {
    warn(`the date ${JSON.stringify(date.slice(0, 60))} makes no sense and was left out`);
  }
  const type = item.episodeType?.trim().toLowerCase();
  const isType = type === "full" || type === "trailer" || type === "bonus";
  if (type !== undefined && !isType)
    warn(`itunes:episodeType is ${JSON.stringify(type.slice(0, 40))}`);
  const season = numbered(item.season, "season", warn);
  const episode = numbered(item.episode, "episode number", warn);
  const seasonName = line(item.seasonName);
  const duration = milliseconds(item.duration);
  const chapters = chaptersFrom(item.chapters, bases, warn);
  const chaptersUrl = webAddress(item.chaptersUrl, bases);
  const transcripts = transcriptsFrom(item.transcripts, bases);
  return {
    ...(title !== undefined && { title }),
    ...(item.description !== undefined && { description: item.description }),
    ...(season !== undefined && { season }),
    ...(seasonName !== undefined && { season_name: seasonName }),
    ...(episode !== undefined && { episode_number: episode }),
    ...(isType && { episode_type: type }),
    ...(duration !== undefined && duration < 2 ** 31 && { duration_ms: duration }),
    ...(published !== undefined && { published_at: published }),
    ...(item.explicit !== undefined && { explicit: item.explicit }),
    ...(chapters.length > 0 && { chapters }),
    ...(chaptersUrl !== undefined && { chapters_url: chaptersUrl }),
    ...(transcripts.length > 0 && { transcripts }),
    ...shown(item, bases, warn),
  };
}

/** Numbers of seasons and episodes count from 0 and are whole: podcast:episode may be 3.5, which the catalog has no place for. */
function numbered(
  given: number | undefined,
  what: string,
  warn: (text: string) => void,
): number | undefined {
  if (given === undefined) return undefined;
  if (Number.isInteger(given) && given >= 0 && given < 2 ** 31) return given;
  warn(`the ${what} ${given} is no whole number and was left out`);
  return undefined;
}

function shown(
  { images, values }: Described,
  bases: Bases,
  warn: (text: string) => void,
): Pick<EpisodeRecord, "images" | "value"> {
  const pictures = imagesFrom(images, bases);
  const value = valuesFrom(values, warn);
  return {
    ...(pictures.length > 0 && { images: pictures }),
    ...(value.length > 0 && { value }),
  };
}

/** Blogs enclose pictures and pages; what is heard or seen is any other type, or none. */
function isHeard({ type }: Enclosure): boolean {
  return !/^(?:image|text)\//i.test(type?.trim() ?? "");
}

function enclosureOf(
  enclosures: readonly Enclosure[],
  bases: Bases,
  warn: (text: string) => void,
): Pick<EpisodeRecord, "enclosure_url" | "enclosure_type" | "enclosure_bytes"> {
  const usable = enclosures.flatMap((enclosure) => {
    const url = webAddress(enclosure.url, bases);
    if (url !== undefined) return [{ ...enclosure, url }];
    warn(`the enclosure ${JSON.stringify((enclosure.url ?? "").slice(0, 80))} is no web address`);
    return [];
  });
  const [first, ...others] = usable;
  if (!first) {
    if (enclosures.length === 0) warn("no enclosure: an episode without anything to hear");
    return {};
  }
  if (others.length > 0) warn(`${others.length} more enclosures were passed over`);
  const type = first.type?.trim();
  const { bytes } = first;
  return {
    enclosure_url: first.url,
    ...(type && { enclosure_type: type.toLowerCase() }),
    ...(Number.isSafeInteger(bytes) &&
      (bytes as number) > 0 && { enclosure_bytes: bytes as number }),
  };
}

function dateOf({ dates }: FeedItem): string | undefined {
  for (const date of dates) {
    const read = date === undefined ? undefined : dateTime(date);
    if (read !== undefined) return read;
  }
  return undefined;
}

/** When the feed was made, as it says; not when it already holds what came later. */
function stated(
  feed: Feed,
  published: readonly (string | undefined)[],
  warn: (text: string) => void,
): string | undefined {
  const given = feed.dates.find((each) => each !== undefined);
  const read = feed.dates.flatMap((date) => (date === undefined ? [] : (dateTime(date) ?? [])))[0];
  if (given !== undefined && read === undefined) {
    warn(
      `the date of the feed ${JSON.stringify(given.slice(0, 60))} makes no sense and was left out`,
    );
  }
  const isStale = published.some(
    (date) => read !== undefined && date !== undefined && Date.parse(date) > Date.parse(read),
  );
  return isStale ? undefined : read;
}
