import { known } from "../known.ts";
import type { Reference } from "../record.ts";
import { identifiers } from "../services.ts";
import { each, type Facts, mention, type Place } from "./collect.ts";
import { trackList } from "./media.ts";
import { aliases, artistCredit, date, genres, lifeSpan } from "./parts.ts";
import {
  areaName,
  country,
  type Doc,
  flag,
  integer,
  isDoc,
  oneOf,
  text,
  texts,
  word,
  words,
} from "./read.ts";

const ARTIST_TYPES = ["person", "group", "orchestra", "choir", "character", "other"] as const;
const ALBUM_TYPES = ["album", "single", "ep", "broadcast", "other"] as const;

export function readArtist(doc: Doc, id: string, place: Place): Facts<"artist"> {
  const own: Reference<"artist"> = { kind: "artist", id };
  for (const [key, type] of [
    ["release-groups", "release_group"],
    ["releases", "release"],
    ["recordings", "recording"],
  ] as const) {
    each(doc, key, place, (item, at) => {
      const made = place.read(type, item, at);
      // Nested without credits, they are here because the artist is in their credit line.
      if (!made || "artist-credit" in item) return;
      mention(made, { credits: [{ contributor: own, role: "artist" }] }, at);
    });
  }
  each(doc, "works", place, (work, at) => place.read("work", work, at));
  return known<Facts<"artist">>({
    kind: "artist",
    ids: identifiers({ isni: texts(doc.isnis), ipi: texts(doc.ipis) }),
    name: text(doc.name),
    sort_name: text(doc["sort-name"]),
    disambiguation: text(doc.disambiguation),
    artist_type: oneOf(doc.type, ARTIST_TYPES, "other"),
    gender: word(doc.gender),
    country: country(doc.country),
    area: areaName(doc.area),
    begin_area: areaName(doc["begin-area"]),
    end_area: areaName(doc["end-area"]),
    ...lifeSpan(doc["life-span"]),
    ended: isDoc(doc["life-span"]) ? flag(doc["life-span"].ended) : undefined,
    aliases: aliases(doc, place),
    genres: genres(doc, place),
  });
}

export function readLabel(doc: Doc, id: string, place: Place): Facts<"label"> {
  const own: Reference<"label"> = { kind: "label", id };
  each(doc, "releases", place, (release, at) => {
    const made = place.read("release", release, at);
    if (made && !("label-info" in release)) mention(made, { labels: [{ label: own }] }, at);
  });
  return known<Facts<"label">>({
    kind: "label",
    ids: identifiers({ isni: texts(doc.isnis), ipi: texts(doc.ipis) }),
    name: text(doc.name),
    sort_name: text(doc["sort-name"]),
    disambiguation: text(doc.disambiguation),
    label_type: word(doc.type),
    label_code: integer(doc["label-code"]) || undefined,
    country: country(doc.country),
    area: areaName(doc.area),
    ...lifeSpan(doc["life-span"]),
    ended: isDoc(doc["life-span"]) ? flag(doc["life-span"].ended) : undefined,
    aliases: aliases(doc, place),
    genres: genres(doc, place),
  });
}

export function readReleaseGroup(doc: Doc, id: string, place: Place): Facts<"album"> {
  const album: Reference<"album"> = { kind: "album", id };
  each(doc, "releases", place, (release, at) => {
    const made = place.read("release", release, at);
    if (made) mention(made, { album }, at);
  });
  return known<Facts<"album">>({
    kind: "album",
    title: text(doc.title),
    disambiguation: text(doc.disambiguation),
    album_type: oneOf(doc["primary-type"], ALBUM_TYPES, "other"),
    secondary_types: words(doc["secondary-types"]),
    first_release_date: date(doc["first-release-date"]),
    credits: artistCredit(doc, place),
    aliases: aliases(doc, place),
    genres: genres(doc, place),
  });
}

export function readWork(doc: Doc, _id: string, place: Place): Facts<"work"> {
  const languages = texts(doc.languages) ?? text(doc.language)?.split(",");
  return known<Facts<"work">>({
    kind: "work",
    ids: identifiers({ iswc: texts(doc.iswcs) }),
    title: text(doc.title),
    disambiguation: text(doc.disambiguation),
    work_type: word(doc.type),
    languages: languages?.filter((language) => /^[a-z]{2,3}$/.test(language)),
    aliases: aliases(doc, place),
    genres: genres(doc, place),
  });
}

export function readGenre(doc: Doc): Facts<"genre"> {
  const name = text(doc.name);
  return known<Facts<"genre">>({
    kind: "genre",
    ids: identifiers({ genre: name }),
    name,
    disambiguation: text(doc.disambiguation),
  });
}

/** A recording is a track, or a video when it says so. */
export function readRecording(doc: Doc, id: string, place: Place): Facts<"track" | "video"> {
  const kind = doc.video === true ? "video" : "track";
  each(doc, "releases", place, (release, at) => {
    const made = place.read("release", release, at);
    const tracks = trackList(release, at, { kind, id });
    if (made && tracks) mention(made, { tracks }, at);
  });
  return known<Facts<"track" | "video">>({
    kind,
    ids: identifiers({ isrc: texts(doc.isrcs) }),
    title: text(doc.title),
    disambiguation: text(doc.disambiguation),
    duration_ms: integer(doc.length),
    first_release_date: date(doc["first-release-date"]),
    credits: artistCredit(doc, place),
    aliases: aliases(doc, place),
    genres: genres(doc, place),
  });
}
