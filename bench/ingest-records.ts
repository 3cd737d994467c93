import { createHash } from "node:crypto";
import type { CatalogRecord } from "../formats/record.ts";

/** Makes the nth record of a run; records of another run share no id with it. */
export type Producer = (run: string, n: number) => CatalogRecord;

const BASE62 = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const tracksPerArtist = 20;
const tracksPerRelease = 12;

/** A recording of 330 bytes: an mbid, an ISRC, a Spotify id, and a credit of an artist that twenty of them share. */
export const track: Producer = (run, n) => {
  const artist = Math.floor(n / tracksPerArtist);
  return {
    kind: "track",
    id: `t-${run}-${n}`,
    title: `Song number ${n} of the morning`,
    duration_ms: 180_000 + (n % 99_999),
    ids: {
      mbid: uuid(`${run} m ${n}`),
      isrc: isrc(`${run} ${n}`),
      spotify: spotify(`${run} ${n}`),
    },
    credits: [
      {
        contributor: { kind: "artist", id: `a-${run}-${artist}` },
        role: "artist",
        credited_as: `The Band ${artist}`,
      },
    ],
  };
};

/** An artist with three ids, an alias and a genre that many share. */
export const artist: Producer = (run, n) => ({
  kind: "artist",
  id: `a-${run}-${n}`,
  name: `The Band ${n}`,
  sort_name: `Band ${n}, The`,
  country: "GB",
  artist_type: "group",
  ids: {
    mbid: uuid(`${run} a ${n}`),
    spotify: spotify(`${run} a ${n}`),
    discogs: String(1 + number(`${run} ${n}`, 1e9)),
  },
  aliases: [{ name: `Band ${n}` }],
  genres: [{ genre: { kind: "genre", id: `genre-${n % 30}` }, weight: 3 }],
});

/** An edition with its album, label, medium, and twelve tracks that nobody has described. */
export const release: Producer = (run, n) => ({
  kind: "release",
  id: `r-${run}-${n}`,
  title: `Album ${n}`,
  release_date: "1997-05-21",
  country: "GB",
  status: "official",
  ids: { mbid: uuid(`${run} r ${n}`), spotify: spotify(`${run} r ${n}`) },
  album: { kind: "album", id: `al-${run}-${n}` },
  credits: [
    { contributor: { kind: "artist", id: `a-${run}-${Math.floor(n / 3)}` }, role: "artist" },
  ],
  labels: [{ label: { kind: "label", id: `l-${n % 50}` }, catalog_number: `CAT ${n}` }],
  media: [{ disc: 1, format: "CD" }],
  tracks: Array.from({ length: tracksPerRelease }, (_, nth) => ({
    disc: 1,
    position: nth + 1,
    track: { kind: "track", id: `t-${run}-${n * tracksPerRelease + nth}` },
  })),
});

function hash(text: string): string {
  return createHash("md5").update(text).digest("hex");
}

function number(text: string, below: number): number {
  return Number.parseInt(hash(text).slice(0, 12), 16) % below;
}

function uuid(text: string): string {
  const hex = hash(text);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20),
  ].join("-");
}

function spotify(text: string): string {
  let rest = BigInt(`0x${hash(text)}`) >> 3n; // below 2^128 with room to spare
  let id = "";
  for (let digit = 0; digit < 22; digit++) {
    id = BASE62[Number(rest % 62n)] + id;
    rest /= 62n;
  }
  return id;
}

function isrc(text: string): string {
  const letters = hash(text)
    .replace(/[^a-f]/g, "")
    .padEnd(3, "a")
    .slice(0, 3)
    .toUpperCase();
  return `GB${letters}${String(number(text, 1e7)).padStart(7, "0")}`;
}
