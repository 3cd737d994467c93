import { known } from "../known.ts";
import type { Medium, Reference, ReleaseTrack, TrackLine } from "../record.ts";
import { each, inside, mention, type Place } from "./collect.ts";
import { artistCredit } from "./parts.ts";
import { type Doc, integer, isDoc, text } from "./read.ts";

type Recording = Reference<"track" | "video">;

export function media(doc: Doc, place: Place): Medium[] | undefined {
  return each(doc, "media", place, (medium, _, index) =>
    known<Medium>({
      disc: disc(medium, index),
      format: text(medium.format),
      title: text(medium.title),
    }),
  );
}

/**
 * The track list of a release, as far as the document shows it; undefined when it shows none.
 * `within` is the recording that encloses the release: search answers list under it the tracks
 * that are this recording, without repeating it.
 */
export function trackList(doc: Doc, place: Place, within?: Recording): ReleaseTrack[] | undefined {
  const discs = each(doc, "media", place, (medium, at, index) => {
    if (!hasTracks(medium)) return undefined;
    return tracksOf(medium, at, disc(medium, index), within);
  });
  const tracks = discs?.flat() ?? [];
  return tracks.length > 0 ? tracks : undefined;
}

/** False when a document shows only some tracks of a release, as search answers do. */
export function isWhole(doc: Doc): boolean {
  const all = Array.isArray(doc.media) ? doc.media.filter(isDoc) : [];
  return all.every((medium) => shown(medium) >= (integer(medium["track-count"]) ?? 0));
}

/** Where the tracks of a medium stand: lookups say `tracks`, search answers `track`. */
const LISTS = ["tracks", "track", "data-tracks"] as const;

function hasTracks(medium: Doc): boolean {
  return isDoc(medium.pregap) || LISTS.some((key) => Array.isArray(medium[key]));
}

function shown(medium: Doc): number {
  const lists = LISTS.map((key) => medium[key]).filter(Array.isArray);
  return lists.flat().length + (isDoc(medium.pregap) ? 1 : 0);
}

function disc(medium: Doc, index: number): number {
  return integer(medium.position) || index + 1;
}

function tracksOf(medium: Doc, place: Place, disc: number, within?: Recording): ReleaseTrack[] {
  const { pregap } = medium;
  const hidden = isDoc(pregap)
    ? track(pregap, inside(place, "pregap"), { disc, position: 0 }, within)
    : undefined;
  const offset = integer(medium["track-offset"]) ?? 0;
  const listed = LISTS.flatMap(
    (key) =>
      each(medium, key, place, (item, at, index) => {
        const position = integer(item.position) ?? offset + index + 1;
        return track(item, at, { disc, position }, within);
      }) ?? [],
  );
  return hidden ? [hidden, ...listed] : listed;
}

function track(
  doc: Doc,
  place: Place,
  where: { disc: number; position: number },
  within?: Recording,
): ReleaseTrack | undefined {
  const recording = isDoc(doc.recording) ? readRecordingOf(doc, place) : within;
  if (!recording) return undefined;
  const { kind, id } = recording;
  const line = known<TrackLine>({
    ...where,
    number: text(doc.number),
    title: text(doc.title),
    duration_ms: integer(doc.length),
  });
  return kind === "video" ? { ...line, video: { kind, id } } : { ...line, track: { kind, id } };
}

/** A recording shown without its credit line is by those whom the track credits. */
function readRecordingOf(doc: Doc, place: Place): Recording | undefined {
  const recording = doc.recording as Doc;
  const reference = place.read("recording", recording, inside(place, "recording"));
  if (!reference || "artist-credit" in recording) return reference;
  const credits = artistCredit(doc, place);
  if (credits) mention(reference, { credits }, place);
  return reference;
}
