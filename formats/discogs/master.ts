import { leadingDate } from "../partial-date.ts";
import type { AlbumRecord, NamedGenre, ReleaseRecord, VideoRecord } from "../record.ts";
import { childOf, lineOf, textOf, type XmlElement } from "../xml.ts";
import { creditLine } from "./credits.ts";
import {
  childrenIn,
  ids,
  imagesOf,
  numberOf,
  present,
  type Reading,
  say,
  textsIn,
} from "./reading.ts";

/** A master, which is the album that its releases are editions of. */
export function readMaster(reading: Reading, id: string): void {
  const { element } = reading;
  const title = lineOf(childOf(element, "title"));
  const main = numberOf(textOf(childOf(element, "main_release")));
  if (main) {
    say(
      reading,
      present<ReleaseRecord>({
        kind: "release",
        id: main,
        scope: "mention",
        ids: ids("release", main),
        title,
        album: { kind: "album", id },
      }),
    );
  }
  sayVideos(reading);
  say(
    reading,
    present<AlbumRecord>({
      kind: "album",
      id,
      ids: ids("album", id),
      title,
      first_release_date: leadingDate(textOf(childOf(element, "year")) ?? ""),
      credits: creditLine(reading, element),
      genres: genresOf(element),
      images: imagesOf(element),
    }),
  );
}

/** Genres and styles alike: the first is the shelf, the second what it is. */
export function genresOf(element: XmlElement): NamedGenre[] {
  const names = [...textsIn(element, "genres", "genre"), ...textsIn(element, "styles", "style")];
  return [...new Set(names)].filter((name) => name.length <= 200).map((name) => ({ name }));
}

/**
 * The films on YouTube that people have put beside an album, in passing: their ids are those of YouTube, since Discogs has none
 * for them. It does not say whose they are, so they carry no credits.
 */
export function sayVideos(reading: Reading): void {
  const seen = new Set<string>();
  for (const video of childrenIn(reading.element, "videos", "video")) {
    const url = URL.parse(video.attributes.src ?? "");
    const isYouTube = url && `.${url.hostname}`.endsWith(".youtube.com");
    const [id] = /^[\w-]{11}$/.exec((isYouTube && url.searchParams.get("v")) || "") ?? [];
    if (!id || seen.has(id)) continue;
    seen.add(id);
    const seconds = Number(video.attributes.duration);
    say(
      reading,
      present<VideoRecord>({
        kind: "video",
        id,
        scope: "mention",
        ids: { youtube: id },
        title: lineOf(childOf(video, "title")),
        duration_ms: seconds > 0 && seconds < 1_000_000 ? Math.round(seconds * 1000) : undefined,
      }),
    );
  }
}
