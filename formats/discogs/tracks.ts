import { distinct } from "../known.ts";
import type { Credit, ReleaseTrack, TrackLine, TrackRecord } from "../record.ts";
import { childOf, childrenOf, lineOf, textOf, type XmlElement } from "../xml.ts";
import { creditLine, roleCredits } from "./credits.ts";
import { discsOf, linesNamed } from "./positions.ts";
import { childrenIn, present, type Reading, say } from "./reading.ts";

/** A line of the track list: the element, those around it that speak of it too, and its title in full. */
type Line = {
  element: XmlElement;
  around: XmlElement[];
  position: string;
  title: string | undefined;
  /** What stands above it and heads it. */
  heading: string | undefined;
};

/** What a release says beside its tracks. */
type Whole = {
  id: string;
  /** How many media it is said to have, 0 when that is not said. */
  media: number;
  credits: Credit[];
  /** ISRCs and the positions they are said to be of, undefined for those of the only track. */
  isrcs: { isrc: string; position: string | undefined }[];
};

export type TrackList = {
  tracks: ReleaseTrack[];
  /** Of the discs that a heading names. */
  titles: Map<number, string>;
  /** Those of the release that are of no single track. */
  credits: Credit[];
};

/** "Various" says that the tracks have different artists, not that this one has it. */
const VARIOUS = "194";

/**
 * The track list, and a record of each track. Discogs numbers no tracks, so each is known by its release and its position
 * there ("249504/A1"), or, where there is no position or two share one, by its place in the list ("249504/#3").
 */
export function readTracks(reading: Reading, whole: Whole): TrackList {
  const lines = linesOf(reading.element);
  const positions = lines.map(({ position }) => position);
  const discs = discsOf(positions, whole.media);
  const { credits, ofLines } = distributed(reading, positions);
  const counts = new Map<number, number>();
  const names = idsOfLines(whole.id, positions);
  const tracks = lines.map((line, index): ReleaseTrack => {
    const disc = discs[index] as number;
    const position = (counts.get(disc) ?? 0) + 1;
    counts.set(disc, position);
    const id = names[index] as string;
    const duration_ms = milliseconds(textOf(childOf(line.element, "duration")));
    say(
      reading,
      present<TrackRecord>({
        kind: "track",
        id,
        // Without a title it cannot be full; its words still replace those of the last time.
        scope: line.title === undefined ? "partial" : undefined,
        ids: isrcsOf(line.position, whole, lines.length),
        title: line.title,
        duration_ms,
        credits: distinct([
          ...lineArtists(reading, line, whole),
          ...[line.element, ...line.around].flatMap((element) =>
            roleCredits(reading, element).map(({ credit }) => credit),
          ),
          ...(ofLines.get(index) ?? []),
        ]),
      }),
    );
    const number = line.position === "" ? undefined : line.position;
    const facts = { disc, position, number, title: line.title, duration_ms };
    return { ...present<TrackLine>(facts), track: { kind: "track", id } };
  });
  return { tracks, titles: titlesOf(lines, discs), credits };
}

function linesOf(release: XmlElement): Line[] {
  const all = childrenIn(release, "tracklist", "track");
  const isNumbered = all.some((track) => !isSilent(track));
  let heading: string | undefined;
  return all.flatMap((track): Line[] => {
    const title = lineOf(childOf(track, "title"));
    const parts = childrenIn(track, "sub_tracks", "track");
    if (parts.length === 0 && isNumbered && isSilent(track)) {
      heading = title;
      return [];
    }
    const above = heading;
    heading = undefined;
    // Parts without positions of their own are what is heard within one track.
    if (parts.length === 0 || parts.every((part) => positionOf(part) === "")) {
      return [{ element: track, around: [], position: positionOf(track), title, heading: above }];
    }
    return parts.map((part, index) => ({
      element: part,
      around: [track],
      position: positionOf(part),
      title: [title, lineOf(childOf(part, "title"))].filter(Boolean).join(": ") || undefined,
      heading: index === 0 ? above : undefined,
    }));
  });
}

/** A line that heads others has neither a position nor a length nor anybody. */
function isSilent(track: XmlElement): boolean {
  return (
    positionOf(track) === "" &&
    textOf(childOf(track, "duration")) === undefined &&
    childrenOf(track).every(({ name }) => name !== "artists" && name !== "sub_tracks")
  );
}

function positionOf(track: XmlElement): string {
  return textOf(childOf(track, "position")) ?? "";
}

function idsOfLines(release: string, positions: string[]): string[] {
  const counts = new Map<string, number>();
  for (const position of positions) counts.set(position, (counts.get(position) ?? 0) + 1);
  return positions.map((position, index) => {
    const isOwn = position !== "" && counts.get(position) === 1 && position.length <= 100;
    return `${release}/${isOwn ? position : `#${index + 1}`}`;
  });
}

/** Those of the track, or of what it is a part of, or of the whole release. */
function lineArtists(reading: Reading, line: Line, whole: Whole): Credit[] {
  for (const element of [line.element, ...line.around]) {
    const own = creditLine(reading, element);
    if (own.length > 0) return own;
  }
  return whole.credits.some(({ contributor }) => contributor.id === VARIOUS) ? [] : whole.credits;
}

/** The roles of the release: those that name tracks go to them, the others stay with it. */
function distributed(
  reading: Reading,
  positions: string[],
): { credits: Credit[]; ofLines: Map<number, Credit[]> } {
  const credits: Credit[] = [];
  const ofLines = new Map<number, Credit[]>();
  for (const { credit, tracks } of roleCredits(reading, reading.element)) {
    const lines = tracks === undefined ? undefined : linesNamed(tracks, positions);
    if (tracks === undefined) credits.push(credit);
    else if (!lines) {
      credits.push({ ...credit, attributes: [...(credit.attributes ?? []), `tracks: ${tracks}`] });
    } else for (const line of lines) ofLines.set(line, [...(ofLines.get(line) ?? []), credit]);
  }
  return { credits: distinct(credits), ofLines };
}

function isrcsOf(
  position: string,
  { isrcs }: Whole,
  lines: number,
): { isrc: string[] } | undefined {
  const own = isrcs.filter((each) =>
    each.position === undefined ? lines === 1 && isrcs.length === 1 : each.position === position,
  );
  return own.length === 0 ? undefined : { isrc: own.map(({ isrc }) => isrc) };
}

/** A heading is the title of a disc when it stands above its first line and is the only one there. */
function titlesOf(lines: Line[], discs: number[]): Map<number, string> {
  const titles = new Map<number, string>();
  if (new Set(discs).size < 2) return titles;
  for (const disc of new Set(discs)) {
    const own = lines.filter((_, index) => discs[index] === disc);
    const headings = own.filter(({ heading }) => heading !== undefined);
    const [first] = own;
    if (headings.length === 1 && first?.heading) titles.set(disc, first.heading);
  }
  return titles;
}

/** "4:45" and "1:02:03"; anything else says nothing that can be counted on. */
function milliseconds(duration: string | undefined): number | undefined {
  if (!duration || !/^\d{1,4}(?::\d{2}){1,2}$/.test(duration)) return undefined;
  const seconds = duration.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
  return seconds === 0 ? undefined : seconds * 1000;
}
