import { known, someOf } from "../known.ts";
import type { Medium, ReleaseTrack } from "../record.ts";
import { childOf, childrenOf, type XmlElement } from "../xml.ts";
import { inSequence } from "./credit.ts";
import { type Message, warn } from "./message.ts";
import type { Recording, Resources } from "./resource.ts";
import { text } from "./text.ts";
import { whole } from "./title.ts";
import { every, those, type View } from "./view.ts";

/** What is on a release, and which media that are. */
export type TrackList = { tracks?: ReleaseTrack[]; media?: Medium[]; recordings: Recording[] };

type Disc = { title?: string | undefined; recordings: Recording[] };

/** Where references of a group to whole releases lead: a bundle is made of those. */
type Shelf = {
  message: Message;
  resources: Resources;
  release(reference: string): View | undefined;
};

/** The releases a list has the recordings of already: each once, or a bundle could contain itself. */
type Inside = Set<XmlElement>;

/**
 * The track list of a release. Each group directly inside the outermost one is a medium, unless it is the part of a work; groups
 * further inside (works, sides) follow each other on it. Media and positions are numbered from 1 in the sequence that is stated.
 * Pictures, booklets and other resources that have no record are left out.
 */
export function trackList(view: View, shelf: Shelf): TrackList {
  const groups = those(view, "ResourceGroup");
  const inside: Inside = new Set([view.element]);
  const discs =
    groups.length > 0
      ? groups.flatMap((group) => discsOf(group, shelf, inside))
      : [{ recordings: listed(view, shelf) }];
  const filled = discs.filter(({ recordings }) => recordings.length > 0);
  const tracks = filled.flatMap(({ recordings }, index) =>
    recordings.map((recording, place) => line(index + 1, place + 1, recording)),
  );
  const media = filled.map(({ title }, index) => known<Medium>({ disc: index + 1, title }));
  return known<TrackList>({
    tracks: someOf(tracks),
    media: someOf(media),
    recordings: filled.flatMap(({ recordings }) => recordings),
  });
}

function line(disc: number, position: number, recording: Recording): ReleaseTrack {
  const { reference, title, duration_ms } = recording;
  const where = known<{ disc: number; position: number; title?: string; duration_ms?: number }>({
    disc,
    position,
    title,
    duration_ms,
  });
  return reference.kind === "track"
    ? { ...where, track: reference }
    : { ...where, video: reference };
}

/** The media of an outermost group; what stands beside them, among it or without any, is a medium of its own. */
function discsOf(group: XmlElement, shelf: Shelf, inside: Inside): Disc[] {
  const loose: Disc = { recordings: [] };
  const discs: Disc[] = [];
  for (const part of parts(group)) {
    if (part.name === "ResourceGroup" && part.attributes.ResourceGroupType !== "MultiWorkPart") {
      discs.push({ title: mediumTitle(part), recordings: recordingsIn(part, shelf, inside) });
    } else {
      for (const each of recordingsIn(part, shelf, inside)) loose.recordings.push(each);
    }
  }
  return [...discs, loose];
}

/** The groups and items of a group in their sequence. */
function parts(group: XmlElement): XmlElement[] {
  return inSequence(
    childrenOf(group).filter(({ name }) =>
      /^ResourceGroup(ContentItem|ReleaseReference)?$/.test(name),
    ),
  );
}

function recordingsIn(part: XmlElement, shelf: Shelf, inside: Inside): Recording[] {
  if (part.name === "ResourceGroupContentItem") return items(part, shelf);
  if (part.name === "ResourceGroupReleaseReference") return bundled(part, shelf, inside);
  return parts(part).flatMap((each) => recordingsIn(each, shelf, inside));
}

function items(item: XmlElement, shelf: Shelf): Recording[] {
  return references(item).flatMap((element) => found(element, shelf));
}

function references(element: XmlElement): XmlElement[] {
  return childrenOf(element, "ReleaseResourceReference");
}

function found(element: XmlElement, { message, resources }: Shelf): Recording[] {
  const reference = text(element) ?? "";
  const resource = resources.get(reference);
  if (!resource) {
    warn(message, element, `the resource ${reference} is not in the ResourceList: passed over`);
    return [];
  }
  return resource.recording ? [resource.recording] : [];
}

/** The recordings of another release of the message that is part of this one. */
function bundled(element: XmlElement, shelf: Shelf, inside: Inside): Recording[] {
  const reference = text(element) ?? "";
  const view = shelf.release(reference);
  if (!view || inside.has(view.element)) {
    const why = view ? "is in the list already" : "is not in the ReleaseList";
    warn(shelf.message, element, `the release ${reference} ${why}: passed over`);
    return [];
  }
  inside.add(view.element);
  const groups = those(view, "ResourceGroup");
  if (groups.length === 0) return listed(view, shelf);
  return groups.flatMap((group) => recordingsIn(group, shelf, inside));
}

/** Without groups: the resources in the order in which they are referred to. */
function listed(view: View, shelf: Shelf): Recording[] {
  return ownReferences(view).flatMap((element) => found(element, shelf));
}

/** The references of a release to its resources, outside its groups. */
export function ownReferences(view: View): XmlElement[] {
  const lists = every(view, "ReleaseResourceReferenceList").flatMap(references);
  return lists.length > 0 ? lists : every(view, "ReleaseResourceReference");
}

/** A title that only counts ("Disc-1", "Component 2") is none. */
function mediumTitle(group: XmlElement): string | undefined {
  const title = ["DisplayTitle", "Title", "AdditionalTitle"]
    .map((name) => childOf(group, name))
    .flatMap((element) => (element ? (whole(element) ?? []) : []))[0];
  return title === undefined || /^(disc|disk|cd|component|volume|side)[\s#-]*\d+$/i.test(title)
    ? undefined
    : title;
}
