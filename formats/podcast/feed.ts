import type { Image, Transcript } from "../record.ts";

/** A person as a feed credits one (podcast:person). */
export type Person = {
  name: string;
  role?: string | undefined;
  group?: string | undefined;
  href?: string | undefined;
  image?: string | undefined;
};

/** A value block as it stands in the feed, whether it is complete or not. */
export type ValueBlock = {
  type?: string | undefined;
  method?: string | undefined;
  suggested?: string | undefined;
  recipients: {
    name?: string | undefined;
    type?: string | undefined;
    address?: string | undefined;
    split?: number | undefined;
    fee?: boolean | undefined;
    customKey?: string | undefined;
    customValue?: string | undefined;
  }[];
};

export type Enclosure = {
  url?: string | undefined;
  type?: string | undefined;
  bytes?: number | undefined;
};

/** What a channel and an item both have, as the feed states it: addresses may be relative, dates are not read yet. */
export type Described = {
  title?: string | undefined;
  link?: string | undefined;
  description?: string | undefined;
  guid?: string | undefined;
  explicit?: boolean | undefined;
  /** The first one is the one that is shown. */
  images: (Image | undefined)[];
  persons: Person[];
  values: ValueBlock[];
  /** xml:base. */
  base?: string | undefined;
};

/** A feed of any format. */
export type Feed = Described & {
  /** "RSS 2.0", "Atom 1.0", "JSON Feed 1.1". */
  version: string;
  author?: string | undefined;
  language?: string | undefined;
  /** Where it says that it is found, the best one first. */
  addresses: string[];
  type?: string | undefined;
  copyright?: string | undefined;
  /** Categories for listeners; main ones before those inside them. */
  categories: string[];
  /** When it was made, the best one first. */
  dates: (string | undefined)[];
  /** It says things that only podcasts say. */
  isPodcast: boolean;
  items: FeedItem[];
  /** XPath, or JSON pointer, of an item by its index from 0. */
  pointer(index: number): string;
};

/** An item of a feed, an episode or not. */
export type FeedItem = Described & {
  enclosures: Enclosure[];
  season?: number | undefined;
  seasonName?: string | undefined;
  episode?: number | undefined;
  episodeType?: string | undefined;
  /** In seconds. */
  duration?: number | undefined;
  dates: (string | undefined)[];
  /** Starts as they are spelled. */
  chapters: {
    start?: string | undefined;
    title?: string | undefined;
    url?: string | undefined;
    image?: string | undefined;
  }[];
  chaptersUrl?: string | undefined;
  transcripts: Partial<Transcript>[];
  /** It says things that only episodes say. */
  isEpisode: boolean;
};
