import type { FormatError } from "./error.ts";
import type { Input } from "./input.ts";
import type { Mapping } from "./mapping.ts";
import type { XmlRoot } from "./xml.ts";

/**
 * The record: what every parser yields and what one line of our NDJSON is.
 *
 * `record.schema.json` beside this file says the same in JSON Schema, with the meaning of each
 * attribute; these types exist so that a parser which forgets a key does not compile.
 */

export type Kind =
  | "artist"
  | "album"
  | "release"
  | "track"
  | "work"
  | "genre"
  | "label"
  | "video"
  | "podcast"
  | "episode"
  | "book"
  | "audiobook";

/** All kinds, in the order in which the documentation lists them. */
export const KINDS = [
  "artist",
  "album",
  "release",
  "track",
  "work",
  "genre",
  "label",
  "video",
  "podcast",
  "episode",
  "book",
  "audiobook",
] as const satisfies readonly Kind[];

/**
 * How much the record claims to know: `full` (the default) replaces all its source said before,
 * `partial` replaces the keys it carries, `mention` only fills gaps.
 */
export type Scope = "full" | "partial" | "mention";

/** "YYYY", "YYYY-MM" or "YYYY-MM-DD"; whatever parts there are, are real calendar ones. */
export type PartialDate = string;

/** Another record of the same source. */
export type Reference<K extends Kind = Kind> = { kind: K; id: string };

/** Identifiers by scheme name: `{ isrc: ["GBAYE6800011"], wikidata: "Q1299" }`. */
export type Ids = { [scheme: string]: string | string[] };

export type Alias = {
  name: string;
  sort_name?: string;
  locale?: string;
  alias_type?: string;
  is_primary?: boolean;
  begin_date?: PartialDate;
  end_date?: PartialDate;
};

export type Credit = {
  contributor: Reference<"artist" | "label">;
  role: string;
  position?: number;
  credited_as?: string;
  join_phrase?: string;
  /** Of the performing right, in percent. */
  share?: number;
  mechanical_share?: number;
  synchronization_share?: number;
  attributes?: string[];
};

export type GenreEntry = { genre: Reference<"genre">; weight?: number };
/** A genre by its name: reading turns it into a reference and a mention. */
export type NamedGenre = { name: string; weight?: number };

export type Image = { url: string; image_type?: string; width?: number; height?: number };

export type TrackLine = {
  disc: number;
  position: number;
  number?: string;
  title?: string;
  duration_ms?: number;
};

export type ReleaseTrack = TrackLine &
  ({ track: Reference<"track"> } | { video: Reference<"video"> });

export type Medium = { disc: number; format?: string; title?: string };
export type LabelEntry = { label: Reference<"label">; catalog_number?: string };
export type ReleaseEvent = { country?: string; date?: PartialDate };
export type WorkEntry = { work: Reference<"work">; relation?: string; attributes?: string[] };
export type ParentEntry = { genre: Reference<"genre"> };

/**
 * What may be done with something, where and when: one term of a deal. A part that is left out does not restrict.
 * Uses and commercial models are the terms of the DDEX allowed value sets (UseType, CommercialModelType).
 */
export type Right = {
  /** ISO 3166-1 alpha-2 or 3166-2 codes, or "Worldwide". */
  territories?: string[];
  excluded_territories?: string[];
  /** OnDemandStream, NonInteractiveStream, PermanentDownload, … */
  usages?: string[];
  /** SubscriptionModel, AdvertisementSupportedModel, PayAsYouGoModel, … */
  commercial_models?: string[];
  /** A day or a date-time with offset; a day begins at 00:00 UTC. */
  valid_from?: string;
  /** The moment from which it no longer holds; of a day, its end. */
  valid_until?: string;
};

/** P-line (who owns the sound recording) or C-line (who owns the rest: texts, artwork). */
export type Copyright = { line: "P" | "C"; year?: number; text: string };

/** That artist is a member of this one, or a group this one is a member of, or the same person under another name. */
export type ArtistRelation = {
  artist: Reference<"artist">;
  relation: "member" | "group" | "alias";
  begin_date?: PartialDate;
  end_date?: PartialDate;
  ended?: boolean;
};

export type Chapter = {
  start_ms: number;
  end_ms?: number;
  title?: string;
  url?: string;
  image_url?: string;
};
export type Transcript = { url: string; media_type?: string; language?: string; rel?: string };

/** The value block of the podcast namespace: how listeners may pay, and whom. */
export type Value = {
  type: string;
  method: string;
  suggested?: string;
  recipients: {
    name?: string;
    type: string;
    address: string;
    split: number;
    fee?: boolean;
    custom_key?: string;
    custom_value?: string;
  }[];
};

type Base<K extends Kind> = {
  kind: K;
  id: string;
  scope?: Scope;
  ids?: Ids;
  aliases?: Alias[];
  images?: Image[];
};

type Tagged = { genres?: (GenreEntry | NamedGenre)[] };
type Credited = Tagged & { credits?: Credit[] };
type Owned = { rights?: Right[]; copyrights?: Copyright[] };

export type ArtistRecord = Base<"artist"> &
  Tagged & {
    name?: string;
    sort_name?: string;
    disambiguation?: string;
    artist_type?: "person" | "group" | "orchestra" | "choir" | "character" | "other";
    gender?: string;
    country?: string;
    area?: string;
    begin_area?: string;
    end_area?: string;
    begin_date?: PartialDate;
    end_date?: PartialDate;
    ended?: boolean;
    /** 0 to 100. */
    popularity?: number;
    relations?: ArtistRelation[];
  };

export type AlbumRecord = Base<"album"> &
  Credited &
  Owned & {
    title?: string;
    disambiguation?: string;
    album_type?: "album" | "single" | "ep" | "broadcast" | "other";
    secondary_types?: string[];
    first_release_date?: PartialDate;
    popularity?: number;
  };

export type ReleaseRecord = Base<"release"> &
  Credited &
  Owned & {
    title?: string;
    disambiguation?: string;
    status?: "official" | "promotion" | "bootleg" | "pseudo-release" | "withdrawn" | "cancelled";
    release_date?: PartialDate;
    country?: string;
    packaging?: string;
    language?: string;
    script?: string;
    barcode?: string;
    album?: Reference<"album">;
    labels?: LabelEntry[];
    media?: Medium[];
    tracks?: ReleaseTrack[];
    release_events?: ReleaseEvent[];
  };

export type TrackRecord = Base<"track"> &
  Credited &
  Owned & {
    title?: string;
    disambiguation?: string;
    duration_ms?: number;
    first_release_date?: PartialDate;
    explicit?: boolean;
    popularity?: number;
    works?: WorkEntry[];
  };

export type WorkRecord = Base<"work"> &
  Credited & { title?: string; disambiguation?: string; work_type?: string; languages?: string[] };

export type GenreRecord = Base<"genre"> & {
  name?: string;
  disambiguation?: string;
  description?: string;
  parents?: ParentEntry[];
};

export type LabelRecord = Base<"label"> &
  Tagged & {
    name?: string;
    sort_name?: string;
    disambiguation?: string;
    label_type?: string;
    label_code?: number;
    country?: string;
    area?: string;
    begin_date?: PartialDate;
    end_date?: PartialDate;
    ended?: boolean;
    parent?: Reference<"label">;
  };

export type VideoRecord = Base<"video"> &
  Credited &
  Owned & {
    title?: string;
    disambiguation?: string;
    duration_ms?: number;
    video_type?: string;
    first_release_date?: PartialDate;
    track?: Reference<"track">;
  };

export type PodcastRecord = Base<"podcast"> &
  Credited &
  Owned & {
    title?: string;
    author?: string;
    description?: string;
    language?: string;
    website_url?: string;
    feed_url?: string;
    explicit?: boolean;
    podcast_type?: "episodic" | "serial";
    copyright?: string;
    value?: Value[];
  };

export type EpisodeRecord = Base<"episode"> &
  Credited &
  Owned & {
    title?: string;
    description?: string;
    season?: number;
    season_name?: string;
    episode_number?: number;
    episode_type?: "full" | "trailer" | "bonus";
    duration_ms?: number;
    published_at?: string;
    explicit?: boolean;
    enclosure_url?: string;
    enclosure_type?: string;
    enclosure_bytes?: number;
    podcast?: Reference<"podcast">;
    chapters?: Chapter[];
    chapters_url?: string;
    transcripts?: Transcript[];
    value?: Value[];
  };

export type BookRecord = Base<"book"> &
  Credited &
  Owned & {
    title?: string;
    subtitle?: string;
    description?: string;
    publisher?: string;
    published_date?: PartialDate;
    language?: string;
    page_count?: number;
    edition?: string;
    format?: string;
    series?: string;
    series_position?: string;
  };

export type AudiobookRecord = Base<"audiobook"> &
  Credited &
  Owned & {
    title?: string;
    subtitle?: string;
    description?: string;
    publisher?: string;
    published_date?: PartialDate;
    language?: string;
    duration_ms?: number;
    abridged?: boolean;
    book?: Reference<"book">;
    chapters?: Chapter[];
  };

export type CatalogRecord =
  | ArtistRecord
  | AlbumRecord
  | ReleaseRecord
  | TrackRecord
  | WorkRecord
  | GenreRecord
  | LabelRecord
  | VideoRecord
  | PodcastRecord
  | EpisodeRecord
  | BookRecord
  | AudiobookRecord;

/** A record and where it stood in its input: "line 12", a JSON pointer, an XPath. */
export type Located = { record: CatalogRecord; pointer: string };

/** One that cannot be taken; those after it can. */
export type Refused = { refused: FormatError; pointer: string };

/** Something that was read all the same, and that the deliverer should know of. */
export type Warned = { warning: string; pointer: string };

/** What a document says of itself. Comes before the first record. */
export type About = {
  about: {
    /** Of the format: "3.8.2". */
    version?: string;
    /** When the document was made: RFC 3339. */
    statedAt?: string;
    /** Its own id: a message id, a batch number. */
    messageId?: string;
    /** Who sends it, as the document names the party. */
    sender?: string;
  };
};

/** What a parser yields, in the order of the input. */
export type Item = Located | Refused | Warned | About;

/** The beginning of an input, as formats are told apart by. */
export type Head = {
  /** A hint, never proof. */
  name: string;
  bytes: Buffer;
  /** The bytes as text, as far as that is possible. */
  text: string;
  /** The first element, when the text is XML. */
  root: XmlRoot | undefined;
  /** The keys of the object the text begins with, when it is JSON; those that stand in the head. */
  keys: readonly string[] | undefined;
};

export type ParseOptions = {
  /** How columns or keys become records, for formats that have no meaning of their own. */
  mapping?: Mapping | undefined;
};

/** A delivery format: how to know it by its first bytes, and how to read it. */
export type Format = {
  name: string;
  /** What it is, for people: "DDEX ERN 3.7 to 4.3". */
  title: string;
  /** The version when it says one ("" when it does not), when the beginning of an input looks like this format; else undefined. */
  detect(head: Head): string | undefined;
  /** Whether an input that has no mark of its own may be read as this format; asked only when the format is named. */
  fits?(head: Head): string | undefined;
  /** The source whose ids the format carries, when the format says so itself. */
  source?: string;
  /**
   * The records of an input in its order, what must be refused, and warnings. Throws FormatError when nothing further can be
   * read. The same input always yields the same items. Records need not be checked against the schema: readItems does.
   */
  parse(input: Input, options: ParseOptions): AsyncIterable<Item>;
};
