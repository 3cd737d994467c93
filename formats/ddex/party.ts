import { distinct, known, someOf } from "../known.ts";
import type { Alias, Ids, Reference } from "../record.ts";
import { childOf, childrenOf, type XmlElement } from "../xml.ts";
import {
  bounded,
  type Identifier,
  identifiersIn,
  idsOf,
  keyOf,
  partyIdentifier,
} from "./identifier.ts";
import { add, type Message, warn } from "./message.ts";
import { normalised, text } from "./text.ts";

/** Who a message names: as an artist, a label or both. */
export type Party = {
  /** Its id within the source: from its best identifier, else from its name. */
  id: string;
  name?: string;
  sort_name?: string;
  aliases?: Alias[];
  identifiers: Identifier[];
  element: XmlElement;
};

/**
 * The party an element names: by its reference to the PartyList (ERN 4), or with its name and ids inside (ERN 3).
 * Undefined, with a warning, when the reference leads nowhere or nothing is said of it.
 */
export function partyOf(message: Message, element: XmlElement): Party | undefined {
  const reference = text(
    childrenOf(element).find(({ name }) => name.endsWith("PartyReference")) ?? bare(element),
  );
  const stated = reference === undefined ? element : message.parties.get(reference);
  if (!stated) {
    warn(message, element, `the party ${reference} is not in the PartyList: passed over`);
    return undefined;
  }
  const party = readParty(stated);
  if (!party) warn(message, element, "a party without name and id: passed over");
  return party;
}

/** In ERN 4 a label is referred to by an element that holds nothing but the reference. */
function bare(element: XmlElement): XmlElement | undefined {
  return element.name === "ReleaseLabelReference" ? element : undefined;
}

/** A party of which nothing but a name is known. */
export function namedParty(name: string, element: XmlElement): Party {
  return { id: bounded(`name:${normalised(name)}`), name, identifiers: [], element };
}

function readParty(element: XmlElement): Party | undefined {
  const identifiers = childrenOf(element, "PartyId").flatMap((each) =>
    childrenOf(each).length > 0 ? identifiersIn([each]) : (partyIdentifier(each) ?? []),
  );
  const names = childrenOf(element, "PartyName");
  // The name without a language is the party's own; of several with one, the first.
  const own = names.find(({ attributes }) => !attributes.LanguageAndScriptCode) ?? names[0];
  const name = own && fullName(own);
  const id = keyOf(identifiers) ?? (name && bounded(`name:${normalised(name)}`));
  if (id === undefined) return undefined;
  const aliases = names.flatMap((each) => otherNames(each, name));
  return known<Party>({
    id,
    name,
    sort_name: own && sortName(own),
    aliases: someOf(distinct(aliases)),
    identifiers,
    element,
  });
}

function fullName(element: XmlElement): string | undefined {
  const whole = text(childOf(element, "FullName"));
  if (whole !== undefined) return whole;
  const parts = ["NamesBeforeKeyName", "KeyName", "NamesAfterKeyName"].flatMap(
    (part) => text(childOf(element, part)) ?? [],
  );
  return parts.length > 0 ? parts.join(" ") : text(element);
}

function sortName(element: XmlElement): string | undefined {
  const indexed = text(childOf(element, "FullNameIndexed"));
  if (indexed !== undefined) return indexed;
  const key = text(childOf(element, "KeyName"));
  const before = text(childOf(element, "NamesBeforeKeyName"));
  return key !== undefined && before !== undefined ? `${key}, ${before}` : undefined;
}

function otherNames(element: XmlElement, own: string | undefined): Alias[] {
  const locale = element.attributes.LanguageAndScriptCode?.trim() || undefined;
  const ascii = text(childOf(element, "FullNameAsciiTranscribed"));
  return [fullName(element), ascii].flatMap((name) =>
    name === undefined || name === own || name.length > 500 ? [] : [known<Alias>({ name, locale })],
  );
}

/** Adds the party as an artist. */
export function artist(message: Message, party: Party): Reference<"artist"> {
  return added(message, "artist", party);
}

/** Adds the party as a label. */
export function label(message: Message, party: Party): Reference<"label"> {
  return added(message, "label", party);
}

function added<K extends "artist" | "label">(
  message: Message,
  kind: K,
  party: Party,
): Reference<K> {
  const { id, name, sort_name, aliases, identifiers, element } = party;
  const facts = known<{ name?: string; sort_name?: string; aliases?: Alias[]; ids?: Ids }>({
    name,
    sort_name,
    aliases,
    ids: idsOf(kind, identifiers),
  });
  add(message, { kind, id, scope: "partial", ...facts }, element);
  return { kind, id };
}
