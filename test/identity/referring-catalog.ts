import { type AnySql, bind, deliver, entityOf, type LooseRecord } from "../catalog-builder.ts";

/** A reference to a record of the same source. */
const to = (kind: string, id: string) => ({ kind, id });
const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;

/** What two sources say of the same few things: everything that can refer to something does. */
const first: LooseRecord[] = [
  {
    kind: "artist",
    id: "ann",
    name: "Ann",
    country: "GB",
    ids: { mbid: uuid(1), discogs: "1", ipi: "00014107338" },
    aliases: [{ name: "Annie" }, { name: "Anna", locale: "de", is_primary: true }],
    genres: [{ genre: to("genre", "rock"), weight: 3 }],
    images: [{ url: "https://example.com/ann.jpg", width: 10, height: 10 }],
  },
  {
    kind: "artist",
    id: "anne",
    name: "Anne",
    gender: "female",
    ids: { mbid: uuid(2), discogs: "2" },
    aliases: [{ name: "Annie", sort_name: "Annie, A." }],
    genres: [
      { genre: to("genre", "rock"), weight: 5 },
      { genre: to("genre", "pop"), weight: 1 },
    ],
    relations: [
      { artist: to("artist", "ann"), relation: "alias" },
      { artist: to("artist", "trio"), relation: "group", begin_date: "1990" },
    ],
  },
  { kind: "artist", id: "bob", name: "Bob", ids: { mbid: uuid(3), discogs: "3" } },
  {
    kind: "artist",
    id: "trio",
    name: "Trio",
    relations: [
      { artist: to("artist", "ann"), relation: "member", begin_date: "1990" },
      { artist: to("artist", "bob"), relation: "member", begin_date: "1990", end_date: "1992" },
      { artist: to("artist", "bob"), relation: "member", begin_date: "1999", ended: true },
    ],
  },
  { kind: "genre", id: "rock", name: "Rock" },
  {
    kind: "genre",
    id: "rock-n-roll",
    name: "Rock'n'roll",
    parents: [{ genre: to("genre", "rock") }],
  },
  { kind: "genre", id: "pop", name: "Pop", parents: [{ genre: to("genre", "rock-n-roll") }] },
  { kind: "label", id: "big", name: "Big", ids: { discogs: "10" } },
  { kind: "label", id: "big-too", name: "Big Records", ids: { discogs: "11" }, country: "US" },
  { kind: "label", id: "small", name: "Small", parent: to("label", "big") },
  { kind: "label", id: "smaller", name: "Smaller", parent: to("label", "big-too") },
  { kind: "label", id: "inner", name: "Inner", parent: to("label", "small") },
  {
    kind: "work",
    id: "song",
    title: "Song",
    ids: { iswc: "T0345246801" },
    credits: [{ role: "composer", contributor: to("artist", "ann"), share: 50 }],
  },
  { kind: "work", id: "song-too", title: "The Song" },
  {
    kind: "album",
    id: "album",
    title: "Album",
    credits: [
      { role: "artist", contributor: to("artist", "ann"), join_phrase: " & " },
      { role: "artist", contributor: to("artist", "anne"), credited_as: "A." },
    ],
  },
  { kind: "album", id: "album-too", title: "Album (remaster)", album_type: "album" },
  {
    kind: "track",
    id: "one",
    title: "One",
    duration_ms: 1000,
    ids: { isrc: ["GBAYE6800011", "GBAYE6800012"] },
    rights: [{ territories: ["GB"], valid_from: "2020-01-01" }],
    copyrights: [{ line: "P", year: 1999, text: "Big" }],
    credits: [{ role: "artist", contributor: to("artist", "anne") }],
    works: [{ work: to("work", "song"), relation: "performance" }],
  },
  {
    kind: "track",
    id: "two",
    title: "Two",
    ids: { isrc: "GBAYE6800011" },
    credits: [{ role: "artist", contributor: to("artist", "bob") }],
    works: [{ work: to("work", "song-too") }],
  },
  { kind: "video", id: "clip", title: "Clip", track: to("track", "one") },
  { kind: "video", id: "clip-too", title: "Clip (live)", track: to("track", "two") },
  {
    kind: "release",
    id: "release",
    title: "Release",
    album: to("album", "album"),
    ids: { gtin: "036000291452" },
    media: [{ disc: 1, format: "CD" }],
    rights: [
      { territories: ["Worldwide"], excluded_territories: ["US"] },
      { usages: ["Download"] },
    ],
    tracks: [
      { disc: 1, position: 1, number: "1", track: to("track", "one") },
      { disc: 1, position: 2, number: "2", track: to("track", "two") },
      { disc: 1, position: 3, video: to("video", "clip") },
    ],
    labels: [
      { label: to("label", "big"), catalog_number: "B-1" },
      { label: to("label", "big-too"), catalog_number: "B-1" },
    ],
    release_events: [{ country: "GB", date: "1999-01" }],
    credits: [{ role: "artist", contributor: to("artist", "anne") }],
  },
  { kind: "release", id: "release-too", title: "Release", album: to("album", "album-too") },
  { kind: "podcast", id: "pod", title: "Pod", ids: { feed_url: "https://example.com/feed" } },
  { kind: "podcast", id: "pod-too", title: "Pod (moved)" },
  { kind: "episode", id: "pilot", title: "Pilot", podcast: to("podcast", "pod") },
  {
    kind: "episode",
    id: "second",
    title: "Second",
    podcast: to("podcast", "pod-too"),
    chapters: [{ start_ms: 0 }],
    transcripts: [{ url: "https://example.com/t" }],
  },
  { kind: "book", id: "book", title: "Book", ids: { isbn: "9781857982183" } },
  { kind: "book", id: "book-too", title: "Book, 2nd edition" },
  {
    kind: "audiobook",
    id: "read",
    title: "Book, read",
    book: to("book", "book-too"),
    credits: [{ role: "narrator", contributor: to("artist", "ann") }],
  },
];
const second: LooseRecord[] = [
  {
    kind: "artist",
    id: "a",
    name: "ANN",
    begin_date: "1970",
    ids: { discogs: "1", spotify: "0000000000000000000001" },
    aliases: [{ name: "A" }],
  },
  { kind: "artist", id: "b", name: "BOB", ids: { mbid: uuid(4), discogs: "3" } },
  { kind: "label", id: "l", name: "BIG", ids: { discogs: "10" } },
  {
    kind: "track",
    id: "t",
    title: "ONE",
    explicit: true,
    ids: { isrc: "GBAYE6800012", spotify: "0000000000000000000002" },
    credits: [{ role: "producer", contributor: to("artist", "b") }],
  },
];

export const catalogSources = { first: "first", second: "second" } as const;

/**
 * A catalog in which entities of all twelve kinds are referred to by credits, track lists, genres, labels, parents, works, albums,
 * podcasts, books and relations. Every kind has a pair that may be merged: see `pairs`.
 */
export async function fillReferringCatalog(sql: AnySql): Promise<void> {
  await sql`
    insert into ingest.source (source, title, priority) values ('first', 'First', 200), ('second', 'Second', 100)`;
  await deliver(sql, "first", first);
  await deliver(sql, "second", second);
  const written = (await entityOf(sql, "first", "artist", "anne")) as string;
  await bind(sql, "artist", written, "wikidata", "Q1");
}

/** Records of the source `first` that may be merged: the survivor's, then the loser's. */
export const pairs = {
  artist: ["ann", "anne"],
  genre: ["rock", "rock-n-roll"],
  label: ["big-too", "big"],
  work: ["song", "song-too"],
  album: ["album-too", "album"],
  track: ["two", "one"],
  video: ["clip", "clip-too"],
  release: ["release-too", "release"],
  podcast: ["pod-too", "pod"],
  episode: ["pilot", "second"],
  book: ["book", "book-too"],
} as const;
