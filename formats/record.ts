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
  share?: number;
  attributes?: string[];
};

export type GenreEntry = { genre: Reference<"genre">; weight?: number };

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

type Base<K extends Kind> = {
  kind: K;
  id: string;
  scope?: Scope;
  ids?: Ids;
  aliases?: Alias[];
  images?: Image[];
};

type Tagged = { genres?: GenreEntry[] };
type Credited = Tagged & { credits?: Credit[] };

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
  };

export type AlbumRecord = Base<"album"> &
  Credited & {
    title?: string;
    disambiguation?: string;
    album_type?: "album" | "single" | "ep" | "broadcast" | "other";
    secondary_types?: string[];
    first_release_date?: PartialDate;
  };

export type ReleaseRecord = Base<"release"> &
  Credited & {
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
  Credited & {
    title?: string;
    disambiguation?: string;
    duration_ms?: number;
    first_release_date?: PartialDate;
    explicit?: boolean;
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
  Credited & {
    title?: string;
    disambiguation?: string;
    duration_ms?: number;
    video_type?: string;
    first_release_date?: PartialDate;
    track?: Reference<"track">;
  };

export type PodcastRecord = Base<"podcast"> &
  Credited & {
    title?: string;
    author?: string;
    description?: string;
    language?: string;
    website_url?: string;
    feed_url?: string;
    explicit?: boolean;
    podcast_type?: "episodic" | "serial";
    copyright?: string;
  };

export type EpisodeRecord = Base<"episode"> &
  Credited & {
    title?: string;
    description?: string;
    season?: number;
    episode_number?: number;
    episode_type?: "full" | "trailer" | "bonus";
    duration_ms?: number;
    published_at?: string;
    explicit?: boolean;
    enclosure_url?: string;
    enclosure_type?: string;
    enclosure_bytes?: number;
    podcast?: Reference<"podcast">;
  };

export type BookRecord = Base<"book"> &
  Credited & {
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
  Credited & {
    title?: string;
    subtitle?: string;
    description?: string;
    publisher?: string;
    published_date?: PartialDate;
    language?: string;
    duration_ms?: number;
    abridged?: boolean;
    book?: Reference<"book">;
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

/**
 * A record and where it stood in its file: "line 12" in NDJSON, a JSON pointer in a document.
 */
export type Located = { record: CatalogRecord; pointer: string };

/** A delivery format: how to know it by its first bytes, and how to read it. */
export type Format = {
  name: string;
  /** True when the first bytes of a file look like this format. The name is a hint, never proof. */
  detect(head: Buffer, fileName: string): boolean;
  /** The source whose ids the format carries, when the format says so itself. */
  source?: string;
  /** Yields the records of a file in its order. Throws FormatError. */
  parse(path: string): AsyncIterable<Located>;
};
