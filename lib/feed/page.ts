/** An update as `feed.update` has it. */
export type FeedRow = {
  /** The cursor that continues right after this update. */
  next_cursor: string;
  id: number;
  /** ISO 8601. */
  at: string;
  kind: string;
  juke_id: string;
  op: "upsert" | "delete" | "merge" | "split";
  version: number;
  /** Null of a new entity. */
  changed: string[] | null;
  actor: string | null;
  delivery_id: number | null;
};

/** What one read of the feed returned. */
export type FeedPage = {
  updates: FeedRow[];
  /** What continues after the page; it moves on even when nothing was left of the page. */
  cursor: string;
};

/** Which page to read. */
export type FeedQuery = {
  /** Null begins with the oldest update. */
  cursor: string | null;
  /** Updates at most. */
  limit: number;
  /** Only of these kinds of entities; null: all. */
  kinds: readonly string[] | null;
  /** Not beyond this cursor; without it, up to this moment. */
  until?: string;
};

/** Where pages come from. */
export type FeedSource = {
  /** The cursor of this moment. */
  head(): Promise<string>;
  read(query: FeedQuery): Promise<FeedPage>;
};
