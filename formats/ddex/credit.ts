import { distinct, known, someOf } from "../known.ts";
import type { Credit } from "../record.ts";
import { childOf, childrenOf, type XmlElement } from "../xml.ts";
import type { Message } from "./message.ts";
import { artist, namedParty, type Party, partyOf } from "./party.ts";
import { isTrue, term, text, words } from "./text.ts";
import { every, textIn, those, type View } from "./view.ts";

/**
 * The credit line and the contributors of a release or resource. The line are the display artists in their sequence, with main
 * or featured among the attributes; each role of a contributor is a credit of its own, with the instruments as attributes.
 */
export function credits(message: Message, view: View): Credit[] | undefined {
  return someOf(distinct([...creditLine(message, view), ...contributions(message, view)]));
}

/** The names of the display artists as one text, as they are printed. */
export function artistName(view: View): string | undefined {
  return textIn(view, "DisplayArtistName");
}

function creditLine(message: Message, view: View): Credit[] {
  const printed = artistName(view);
  const display = inSequence(those(view, "DisplayArtist"));
  const artists = display.flatMap((element) => {
    const party = partyOf(message, element);
    return party ? [{ party, attributes: displayRoles(element) }] : [];
  });
  if (display.length === 0 && printed !== undefined) {
    artists.push({ party: namedParty(printed, view.element), attributes: [] });
  }
  const joins = joinPhrases(
    printed,
    artists.map(({ party }) => party),
  );
  return artists.map(({ party, attributes }, index) => {
    const alone = artists.length === 1 && printed !== party.name ? printed : undefined;
    return known<Credit>({
      contributor: artist(message, party),
      role: "artist",
      position: index + 1,
      credited_as: alone,
      join_phrase: joins[index] || undefined,
      attributes: someOf(attributes),
    });
  });
}

/** MainArtist is main, FeaturedArtist featured; Artist says nothing. */
function displayRoles(element: XmlElement): string[] {
  const roles = ["ArtistRole", "DisplayArtistRole", "ArtisticRole"].flatMap((name) =>
    childrenOf(element, name).flatMap((role) => term(role) ?? []),
  );
  return [...new Set(roles)].filter((role) => role !== "Artist").map(displayRole);
}

function displayRole(role: string): string {
  return words(role.replace(/^(Main|Featured)Artist$/, "$1"));
}

/** What stands between the names in the printed line, when it is made of the names and nothing else. */
function joinPhrases(printed: string | undefined, parties: Party[]): string[] {
  const names = parties.map(({ name }) => name);
  if (printed === undefined || names.some((name) => name === undefined)) return [];
  const joins: string[] = [];
  let at = 0;
  for (const [index, name] of (names as string[]).entries()) {
    const start = printed.indexOf(name, at);
    if (start < 0 || (index === 0 && start > 0)) return [];
    if (index > 0) joins.push(printed.slice(at, start));
    at = start + name.length;
  }
  return at === printed.length ? joins : [];
}

/** Elements by their SequenceNumber; those without one stay behind. */
export function inSequence(elements: readonly XmlElement[]): XmlElement[] {
  const number = (element: XmlElement) => {
    const given = element.attributes.SequenceNumber ?? text(childOf(element, "SequenceNumber"));
    return given !== undefined && /^\d+$/.test(given) ? Number(given) : Number.POSITIVE_INFINITY;
  };
  return [...elements].sort((a, b) => {
    const [first, second] = [number(a), number(b)];
    return first === second ? 0 : first - second;
  });
}

const CONTRIBUTORS = ["Contributor", "ResourceContributor", "IndirectResourceContributor"];

function contributions(message: Message, view: View): Credit[] {
  return inSequence(every(view, ...CONTRIBUTORS)).flatMap((element) =>
    contribution(message, element),
  );
}

/** The credits of one contributor, of a resource or a musical work. */
export function contribution(message: Message, element: XmlElement): Credit[] {
  const party = partyOf(message, element);
  if (!party) return [];
  const children = childrenOf(element);
  const attributes = [
    ...children.flatMap((child) =>
      child.name === "InstrumentType" ? words(term(child) ?? "").trim() || [] : [],
    ),
    ...(isTrue(text(childOf(element, "HasMadeFeaturedContribution"))) ? ["featured"] : []),
  ];
  const roles = children.flatMap((child) =>
    child.name.endsWith("Role") ? (term(child) ?? []) : [],
  );
  const contributor = artist(message, party);
  return (roles.length > 0 ? roles : ["Contributor"]).map((role) =>
    known<Credit>({ contributor, role: contributorRole(role), attributes: someOf(attributes) }),
  );
}

/** "artist" is the credit line, so that a contributor who is called no more than that is a performer. */
function contributorRole(role: string): string {
  return /^(Main|Featured|Contributing)?Artist$/.test(role) ? "performer" : words(role);
}
