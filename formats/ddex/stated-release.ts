import { childOf, childrenOf, type XmlElement } from "../xml.ts";
import { artistName } from "./credit.ts";
import { bounded, type Identifier, identifiersIn, keyOf } from "./identifier.ts";
import { byReference, type Message } from "./message.ts";
import { isTrue, normalised, text } from "./text.ts";
import { titles } from "./title.ts";
import { every, those, type View, viewOf } from "./view.ts";

/** A release of the message, before anything of it was read but its ids. */
export type Stated = {
  element: XmlElement;
  reference: string | undefined;
  view: View;
  identifiers: Identifier[];
  /** The id of its records within the source; undefined when there is nothing to make it of. */
  id: string | undefined;
  /** It makes one recording available by itself; what it says belongs to the recording. */
  isTrack: boolean;
};

/** The releases of a message. */
export function statedReleases(message: Message): Stated[] {
  const list = childOf(message.root, "ReleaseList");
  const elements = list
    ? childrenOf(list).filter(({ name }) => /^(Track)?Release$/.test(name))
    : [];
  byReference(message, elements, "ReleaseReference");
  return elements.map((element) => {
    const view = viewOf(element);
    const identifiers = identifiersIn(every(view, "ReleaseId"));
    return {
      element,
      reference: text(childOf(element, "ReleaseReference")),
      view,
      identifiers,
      id: keyOf(identifiers) ?? nameless(view),
      isTrack: isTrackRelease(element),
    };
  });
}

/** In ERN 4 an element of its own, in ERN 3 a type. */
function isTrackRelease(element: XmlElement): boolean {
  if (element.name === "TrackRelease") return true;
  if (isTrue(element.attributes.IsMainRelease)) return false;
  return childrenOf(element, "ReleaseType").some((type) =>
    /^(Video)?TrackRelease$/.test(text(type) ?? ""),
  );
}

/** Without an id, artist and title have to do. */
function nameless(view: View): string | undefined {
  const { title } = titles(view);
  if (title === undefined) return undefined;
  const [first] = those(view, "DisplayArtist");
  const artist = artistName(view) ?? text(first && childOf(first, "PartyName", "FullName")) ?? "";
  return bounded(`name:${normalised(`${artist}/${title}`)}`);
}

/** By the reference of a resource, the id of the first release that is made of it, albums before track releases. */
export function homesOf(releases: readonly Stated[]): Map<string, string> {
  const homes = new Map<string, string>();
  for (const { element, id } of [...releases].sort(
    (a, b) => Number(a.isTrack) - Number(b.isTrack),
  )) {
    if (id === undefined) continue;
    for (const each of below(element, /^(Linked)?ReleaseResourceReference$/)) {
      const reference = text(each);
      if (reference !== undefined && !homes.has(reference)) homes.set(reference, id);
    }
  }
  return homes;
}

/** All elements of such a name inside one, at any depth. */
export function below(element: XmlElement, name: RegExp): XmlElement[] {
  return childrenOf(element).flatMap((child) =>
    name.test(child.name) ? [child] : below(child, name),
  );
}
