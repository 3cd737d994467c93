import { known, someOf } from "../known.ts";
import type { Alias, ArtistRecord, Credit, Ids, LabelRecord } from "../record.ts";
import type { XmlElement } from "../xml.ts";
import { roleOf } from "./lists.ts";
import { all, inBlock, inSequence, meaning, textAt, textsAt } from "./read.ts";

/** Who contributed or published, and the mentions that the credits refer to. */
export type Parties = { credits: Credit[]; mentions: (ArtistRecord | LabelRecord)[] };

/**
 * The contributors of a product in the order of their SequenceNumber, a credit for each of their roles. Persons who are not named
 * (list 19: anonymous, et al., a synthesised voice) are nobody one could refer to and are left out.
 */
export function contributorsOf(product: XmlElement): Parties {
  const block = inBlock(product, "DescriptiveDetail");
  const parties: Parties = { credits: [], mentions: [] };
  for (const contributor of inSequence(all(block, "Contributor"))) {
    const artist = artistOf(contributor);
    if (!artist) continue;
    parties.mentions.push(artist);
    const codes = textsAt(contributor, "ContributorRole");
    const roles = new Set((codes.length > 0 ? codes : ["Z99"]).map(roleOf));
    for (const role of roles) {
      parties.credits.push({
        contributor: { kind: "artist", id: artist.id },
        role,
        position: parties.credits.length + 1,
      });
    }
  }
  return parties;
}

function artistOf(contributor: XmlElement): ArtistRecord | undefined {
  const corporate = textAt(contributor, "CorporateName");
  const person = personName(contributor);
  const name = person ?? corporate ?? textAt(contributor, "CorporateNameInverted");
  if (name === undefined) return undefined;
  const identified = identify(
    contributor,
    ["NameIdentifier", "PersonNameIdentifier"],
    ["NameIDType", "PersonNameIDType"],
  );
  return known<ArtistRecord>({
    kind: "artist",
    id: identified.id ?? `name:${name}`.slice(0, 500),
    scope: "mention",
    ids: identified.ids,
    name,
    sort_name:
      person === undefined ? textAt(contributor, "CorporateNameInverted") : inverted(contributor),
    artist_type: person === undefined ? undefined : "person",
    aliases: someOf(otherNames(contributor, name)),
  });
}

/** The name as it is printed, else put together from its parts, else turned round from its inverted form. */
function personName(party: XmlElement): string | undefined {
  const whole = textAt(party, "PersonName");
  if (whole !== undefined) return whole;
  if (textAt(party, "KeyNames") !== undefined) {
    return joined(party, [
      "NamesBeforeKey",
      "PrefixToKey",
      "KeyNames",
      "NamesAfterKey",
      "SuffixToKey",
    ]);
  }
  const turned = textAt(party, "PersonNameInverted");
  const [, key, before] = /^([^,]+), ([^,]+)$/.exec(turned ?? "") ?? [];
  return key === undefined ? turned : `${before} ${key}`;
}

function inverted(party: XmlElement): string | undefined {
  const stated = textAt(party, "PersonNameInverted");
  if (stated !== undefined) return stated;
  const key = joined(party, ["KeyNames", "NamesAfterKey"]);
  const before = joined(party, ["NamesBeforeKey", "PrefixToKey"]);
  const suffix = textAt(party, "SuffixToKey");
  return key && [key, before, suffix].filter(Boolean).join(", ");
}

function joined(party: XmlElement, parts: string[]): string | undefined {
  const text = parts.flatMap((part) => textAt(party, part) ?? []).join(" ");
  return text === "" ? undefined : text;
}

/** List 18, types of name. */
const NAME_TYPES: { [type: string]: string } = {
  "01": "pseudonym",
  "02": "authority name",
  "03": "earlier name",
  "04": "legal name",
  "05": "transliterated name",
  "06": "later name",
};

function otherNames(contributor: XmlElement, name: string): Alias[] {
  return [...all(contributor, "AlternativeName"), ...all(contributor, "Name")].flatMap((other) => {
    const alias = personName(other) ?? textAt(other, "CorporateName");
    if (alias === undefined || alias === name || alias.length > 500) return [];
    const type = textAt(other, "NameType") ?? textAt(other, "PersonNameType") ?? "";
    return [
      known<Alias>({
        name: alias,
        sort_name: inverted(other),
        alias_type: meaning(NAME_TYPES, type),
      }),
    ];
  });
}

/** The publisher as the record names it, its credits as publisher and imprint, and their labels. */
export function publishersOf(product: XmlElement): Parties & { publisher: string | undefined } {
  const block = inBlock(product, "PublishingDetail");
  const publishers = all(block, "Publisher");
  // List 45: 01 publisher; others are co-publishers, sponsors, former publishers.
  const main =
    publishers.find((each) => (textAt(each, "PublishingRole") ?? "01") === "01") ?? publishers[0];
  const publisher = labelOf(
    main ?? block,
    "PublisherName",
    "PublisherIdentifier",
    "PublisherIDType",
  );
  const imprint = labelOf(
    all(block, "Imprint")[0] ?? block,
    "ImprintName",
    "ImprintIdentifier",
    "ImprintIDType",
  );
  const isOther = imprint && imprint.id !== publisher?.id && imprint.name !== publisher?.name;
  if (isOther && publisher) imprint.parent = { kind: "label", id: publisher.id };
  const labels = [
    ...(publisher ? [{ label: publisher, role: "publisher" }] : []),
    ...(isOther ? [{ label: imprint, role: "imprint" }] : []),
    ...(imprint && !publisher ? [{ label: imprint, role: "publisher" }] : []),
  ].filter(({ role }, at, every) => at === 0 || role !== every[0]?.role);
  return {
    publisher: publisher?.name ?? imprint?.name,
    mentions: labels.map(({ label }) => label),
    credits: labels.map(({ label, role }) => ({
      contributor: { kind: "label", id: label.id },
      role,
    })),
  };
}

function labelOf(
  party: XmlElement,
  nameTag: string,
  identifier: string,
  type: string,
): LabelRecord | undefined {
  const name = textAt(party, nameTag);
  if (name === undefined) return undefined;
  const identified = identify(party, [identifier], [type]);
  return known<LabelRecord>({
    kind: "label",
    id: identified.id ?? proprietary(party) ?? `name:${name}`.slice(0, 500),
    scope: "mention",
    ids: identified.ids,
    name,
  });
}

/** In 2.1 publishers and imprints have a code of a scheme (01 proprietary) with its name. */
function proprietary(party: XmlElement): string | undefined {
  const value = textAt(party, "NameCodeValue");
  if (value === undefined || party.name === "Product") return undefined;
  return named(
    textAt(party, "NameCodeTypeName") ?? `${party.name} ${textAt(party, "NameCodeType")}`,
    value,
  );
}

/** List 44: schemes of name identifiers, those we have a scheme for and those that merely tell names apart. */
const NAME_SCHEMES: { [type: string]: string } = { "16": "isni", "31": "viaf" };
const OTHER_SCHEMES: { [type: string]: string } = { "21": "orcid", "25": "gnd", "18": "naco" };

/**
 * The ids of a party, and the one by which the source's records refer to it: an ISNI, a VIAF or ORCID number, another public one, then
 * the sender's own.
 */
function identify(
  party: XmlElement,
  composites: string[],
  types: string[],
): { id: string | undefined; ids: Ids | undefined } {
  const ids: { [scheme: string]: string } = {};
  const names: string[] = [];
  for (const identifier of composites.flatMap((composite) => all(party, composite))) {
    const type = types.flatMap((each) => textAt(identifier, each) ?? [])[0] ?? "";
    const value = textAt(identifier, "IDValue");
    if (value === undefined) continue;
    const scheme = meaning(NAME_SCHEMES, type);
    if (scheme) ids[scheme] ??= value;
    const other =
      meaning(OTHER_SCHEMES, type) ?? textAt(identifier, "IDTypeName") ?? `list 44 ${type}`;
    if (!scheme) names.push(named(other, value));
  }
  const [[scheme, value] = []] = Object.entries(ids).sort(([a], [b]) => a.localeCompare(b));
  const isOrcid = names.find((name) => name.startsWith("orcid:"));
  return {
    id: scheme && value ? named(scheme, value.replace(/[\s-]/g, "")) : (isOrcid ?? names[0]),
    ids: scheme ? ids : undefined,
  };
}

function named(scheme: string, value: string): string {
  return `${scheme}:${value}`.slice(0, 500);
}
