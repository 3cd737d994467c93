import { childrenOf, type XmlElement } from "../xml.ts";
import { applicable, byGenerality, general } from "./territory.ts";
import { text } from "./text.ts";

/**
 * A release or resource as it is read: ERN 3 writes what depends on the territory into blocks of details, ERN 4.3 writes
 * what depends on the edition into editions. What is looked for stands in one of the parts.
 */
export type View = {
  element: XmlElement;
  /** The most general details, the element itself, its editions. */
  parts: XmlElement[];
  /** The details for the other territories. */
  others: XmlElement[];
};

export function viewOf(element: XmlElement): View {
  const children = childrenOf(element);
  const [details, ...others] = byGenerality(
    children.filter(({ name }) => name.endsWith("DetailsByTerritory")),
  );
  const editions = children.filter(({ name }) => /^(SoundRecording|Video)Edition$/.test(name));
  return { element, parts: [...(details ? [details] : []), element, ...editions], others };
}

/** The children of that name of all parts. */
export function every(view: View, ...names: string[]): XmlElement[] {
  return view.parts.flatMap((part) => names.flatMap((name) => childrenOf(part, name)));
}

/** The children of that name of the first part that has any, those for the most general territory. */
export function those(view: View, name: string): XmlElement[] {
  for (const part of view.parts) {
    const found = childrenOf(part, name);
    if (found.length > 0) return general(found);
  }
  return [];
}

/** The child of that name that applies most generally. */
export function that(view: View, name: string): XmlElement | undefined {
  return applicable(those(view, name))[0];
}

/** Its text, of the first of these names that there is. */
export function textIn(view: View, ...names: string[]): string | undefined {
  for (const name of names) {
    const found = text(that(view, name));
    if (found !== undefined) return found;
  }
  return undefined;
}
