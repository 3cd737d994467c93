import { known } from "../known.ts";
import type { Reference, TrackRecord, VideoRecord } from "../record.ts";
import { childOf, childrenOf, type XmlElement } from "../xml.ts";
import { copyrights } from "./copyright.ts";
import { artistName, credits } from "./credit.ts";
import { genres } from "./genre.ts";
import { bounded, type Identifier, identifiersIn, idsOf, keyOf } from "./identifier.ts";
import { add, byReference, type Message, warn } from "./message.ts";
import { isTrue, normalised, term, text, words } from "./text.ts";
import { milliseconds, partialDate } from "./time.ts";
import { titles } from "./title.ts";
import { every, textIn, type View, viewOf } from "./view.ts";
import { performed, type Works } from "./work.ts";

/** What releases are made of: a sound recording or video, which has a record, or something that has none. */
export type Resource = {
  element: XmlElement;
  recording?: Recording;
};

export type Recording = {
  reference: Reference<"track"> | Reference<"video">;
  title?: string;
  duration_ms?: number;
  language?: string;
  hasIsrc: boolean;
};

/** The resources of a message by their reference. */
export type Resources = ReadonlyMap<string, Resource>;

/**
 * Adds the sound recordings of a message as tracks and its videos as videos. `homes` says which release carries a
 * resource, for the id of one that has none of its own.
 */
export function readResources(
  message: Message,
  works: Works,
  homes: ReadonlyMap<string, string>,
): Resources {
  const list = childOf(message.root, "ResourceList");
  const elements = list ? childrenOf(list) : [];
  const resources = new Map<string, Resource>();
  const referred = byReference(message, elements, "ResourceReference");
  const seen = new Map<string, string | undefined>();
  for (const element of elements) {
    const reference = text(childOf(element, "ResourceReference"));
    const home = reference === undefined ? undefined : homes.get(reference);
    const place = home === undefined ? undefined : bounded(`${home}#${reference}`);
    const resource = readResource(message, element, works, place, seen);
    if (reference !== undefined && referred.get(reference) === element) {
      resources.set(reference, resource);
    }
  }
  return resources;
}

/** `place` is what it is called within the release that carries it, `seen` the titles of the recordings before it by their id. */
function readResource(
  message: Message,
  element: XmlElement,
  works: Works,
  place: string | undefined,
  seen: Map<string, string | undefined>,
): Resource {
  const kind = KINDS.get(element.name);
  if (!kind) return { element };
  const view = viewOf(element);
  const identifiers = identifiersIn(every(view, "SoundRecordingId", "VideoId", "ResourceId"));
  const named = titles(view);
  const own = keyOf(identifiers);
  const fallback = place ?? nameless(view, named.title);
  const isTaken = own !== undefined && isAnother(named.title, seen.get(`${kind} ${own}`));
  if (isTaken) {
    const titles = [named.title, seen.get(`${kind} ${own}`)].map((title) => title?.slice(0, 80));
    warn(message, element, `"${titles[0]}" has the id of "${titles[1]}" (${own}): kept apart`);
  }
  const id = isTaken ? (fallback ?? own) : (own ?? fallback);
  if (id === undefined) {
    warn(message, element, "a recording without id, title and release: passed over");
    return { element };
  }
  seen.set(`${kind} ${id}`, named.title);
  const duration_ms = milliseconds(textIn(view, "Duration"));
  if (duration_ms === undefined && textIn(view, "Duration") !== undefined) {
    const given = textIn(view, "Duration")?.slice(0, 40);
    warn(message, element, `the duration "${given}" is none: left out`);
  }
  const facts = {
    ids: idsOf(kind, identifiers),
    ...named,
    duration_ms,
    first_release_date: partialDate(
      textIn(view, "OriginalResourceReleaseDate", "OriginalReleaseDate", "FirstPublicationDate"),
    ),
    credits: credits(message, view),
    genres: genres(view),
    copyrights: copyrights(view),
  };
  // What a recording is taken from is told in passing.
  const scope = isTrue(element.attributes.IsSupplemental) ? "mention" : "partial";
  if (kind === "track") {
    const more = { explicit: explicit(view), works: performed(message, view, works) };
    add(message, known<TrackRecord>({ kind, id, scope, ...facts, ...more }), element);
  } else {
    const [type] = every(view, "Type", "VideoType").flatMap((each) => term(each) ?? []);
    const video_type = type && words(type);
    add(message, known<VideoRecord>({ kind, id, scope, ...facts, video_type }), element);
  }
  const recording = known<Recording>({
    reference: { kind, id } as Recording["reference"],
    title: named.title,
    duration_ms,
    language: languageOf(textIn(view, "LanguageOfPerformance")),
    hasIsrc: hasIsrc(identifiers),
  });
  return { element, recording };
}

const KINDS: ReadonlyMap<string, "track" | "video"> = new Map([
  ["SoundRecording", "track"],
  ["Video", "video"],
] as const);

function hasIsrc(identifiers: Identifier[]): boolean {
  return identifiers.some(({ type }) => type === "ISRC");
}

/** Two recordings of one message that have one id and two titles are not the same one. */
function isAnother(title: string | undefined, before: string | undefined): boolean {
  return title !== undefined && before !== undefined && normalised(title) !== normalised(before);
}

/** Neither an id nor a release that carries it: the name has to do. */
function nameless(view: View, title: string | undefined): string | undefined {
  if (title === undefined) return undefined;
  return bounded(`name:${normalised(`${artistName(view) ?? ""}/${title}`)}`);
}

/** NotExplicit and an edited version say no; NoAdviceAvailable and Unknown say nothing. */
function explicit(view: View): boolean | undefined {
  const warning = textIn(view, "ParentalWarningType");
  if (warning === "Explicit") return true;
  return warning === "NotExplicit" || warning === "ExplicitContentEdited" ? false : undefined;
}

/** The language of a tag: "ja" of "ja-Jpan". */
export function languageOf(tag: string | undefined): string | undefined {
  return /^([a-z]{2,3})(?:-|$)/.exec(tag ?? "")?.[1];
}
