import { deliver, type LooseRecord } from "../catalog-builder.ts";
import type { TestDatabase } from "../database.ts";

export const radioheadMbid = "a74b1b7f-71a5-4011-9441-d0b5e4122711";

const radiohead = { kind: "artist", id: "radiohead" };
const queen = { kind: "artist", id: "queen" };
const bowie = { kind: "artist", id: "bowie" };
const artistCredit = [{ contributor: radiohead, role: "artist" }];

const records: LooseRecord[] = [
  {
    kind: "artist",
    id: "radiohead",
    name: "Radiohead",
    country: "GB",
    begin_date: "1991",
    ids: { mbid: radioheadMbid, spotify: "4Z8W4fKeB5YxbusRsdQVPb", discogs: "3840" },
    aliases: [{ name: "On a Friday", begin_date: "1985" }],
    genres: [{ genre: { kind: "genre", id: "art rock" }, weight: 3 }],
    images: [{ url: "https://example.org/radiohead.jpg", image_type: "artist" }],
  },
  { kind: "artist", id: "queen", name: "Queen" },
  { kind: "artist", id: "bowie", name: "David Bowie" },
  { kind: "genre", id: "rock", name: "rock", ids: { genre: "rock" } },
  {
    kind: "genre",
    id: "art rock",
    name: "art rock",
    ids: { genre: "art rock" },
    parents: [{ genre: { kind: "genre", id: "rock" } }],
  },
  { kind: "label", id: "parlophone", name: "Parlophone", ids: { discogs: "2294" } },
  {
    kind: "album",
    id: "ok-computer",
    title: "OK Computer",
    album_type: "album",
    first_release_date: "1997-05-21",
    ids: { discogs: "3840" },
    credits: [
      ...artistCredit,
      { contributor: { kind: "artist", id: "nigel" }, role: "producer", credited_as: "Nigel G." },
    ],
  },
  ...Array.from(
    { length: 24 },
    (_, index): LooseRecord => ({
      kind: "album",
      id: `bootleg-${index}`,
      title: `Bootleg ${index}`,
      first_release_date: String(2000 + index),
      credits: artistCredit,
    }),
  ),
  {
    kind: "release",
    id: "ok-computer-gb",
    title: "OK Computer",
    status: "official",
    release_date: "1997-06-16",
    country: "GB",
    album: { kind: "album", id: "ok-computer" },
    credits: artistCredit,
    labels: [{ label: { kind: "label", id: "parlophone" }, catalog_number: "CDNODATA 02" }],
    media: [{ disc: 1, format: "CD" }],
    tracks: [
      { disc: 1, position: 1, number: "1", track: { kind: "track", id: "airbag" } },
      { disc: 1, position: 2, number: "2", track: { kind: "track", id: "paranoid-android" } },
    ],
    release_events: [{ country: "GB", date: "1997-06-16" }],
  },
  { kind: "track", id: "airbag", title: "Airbag", credits: artistCredit },
  {
    kind: "track",
    id: "paranoid-android",
    title: "Paranoid Android",
    duration_ms: 383_000,
    ids: { isrc: "GBAYE9700104" },
    credits: artistCredit,
    works: [{ work: { kind: "work", id: "paranoid-android" } }],
  },
  {
    kind: "track",
    id: "under-pressure",
    title: "Under Pressure",
    credits: [
      { contributor: queen, role: "artist", position: 1, join_phrase: " & " },
      { contributor: bowie, role: "artist", position: 2, credited_as: "Bowie" },
    ],
  },
  {
    kind: "work",
    id: "paranoid-android",
    title: "Paranoid Android",
    ids: { iswc: "T-011.321.100-8" },
  },
  { kind: "podcast", id: "show", title: "A Show" },
  { kind: "episode", id: "one", title: "One", podcast: { kind: "podcast", id: "show" } },
  { kind: "book", id: "book", title: "A Book" },
  { kind: "audiobook", id: "read", title: "A Book, read", book: { kind: "book", id: "book" } },
  { kind: "video", id: "clip", title: "A Clip", track: { kind: "track", id: "airbag" } },
];

/** A small catalog with something of every kind and every relation, its search documents built. */
export async function fillCatalog({ sql }: TestDatabase): Promise<void> {
  await deliver(sql, "local", records);
  await sql`select descriptor.refresh(1000)`;
}
