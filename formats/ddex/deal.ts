import { distinct, known, someOf } from "../known.ts";
import type { Right } from "../record.ts";
import { childOf, childrenOf, type XmlElement } from "../xml.ts";
import { type Message, warn } from "./message.ts";
import { lessTakedown, type Takedown } from "./takedown.ts";
import { territories } from "./territory.ts";
import { isTrue, term, text } from "./text.ts";
import { moment } from "./time.ts";

/** What the deals say of a release: its rights, and whether it was taken down and none remain. */
export type Deals = { rights?: Right[]; withdrawn: boolean };

/** One DealTerms, read: rights, or a takedown. Neither when it could not be understood. */
type Terms = { rights: Right[]; takedown?: Takedown };

/**
 * What the deals of a message say, by the reference of the release. A term is a right for each of its validity periods; what
 * cannot be understood of it makes it no right, never a wider one.
 */
export function dealsOf(
  message: Message,
  releases: ReadonlyMap<string, unknown>,
): Map<string, Deals> {
  const terms = new Map<string, Terms[]>();
  const list = childOf(message.root, "DealList");
  if (!list) return new Map();
  let channels = 0;
  for (const deal of childrenOf(list, "ReleaseDeal")) {
    const read = childrenOf(deal, "Deal").flatMap((each) =>
      childrenOf(each, "DealTerms").map((found) => {
        if (isForChannels(found)) channels += 1;
        return readTerms(message, each, found);
      }),
    );
    const references = childrenOf(deal, "DealReleaseReference");
    if (references.length === 0) warn(message, deal, "a deal for no release: passed over");
    for (const element of references) {
      const reference = text(element) ?? "";
      if (releases.has(reference)) {
        const all = terms.get(reference) ?? [];
        for (const each of read) all.push(each);
        terms.set(reference, all);
      } else {
        warn(
          message,
          element,
          `a deal for ${reference}, which is no release of this message: passed over`,
        );
      }
    }
  }
  if (channels > 0) {
    const text = `${channels} of the deals are for particular distribution channels; their rights are kept without that`;
    warn(message, list, text);
  }
  const stated = message.statedAt;
  return new Map([...terms].map(([reference, all]) => [reference, together(all, stated)]));
}

function together(terms: Terms[], statedAt: string | undefined): Deals {
  const takedowns = terms.flatMap(({ takedown }) => takedown ?? []);
  let rights = distinct(terms.flatMap((each) => each.rights));
  for (const takedown of takedowns) {
    rights = rights.flatMap((right) => lessTakedown(right, takedown, statedAt));
  }
  if (rights.length > 0) return { rights: distinct(rights), withdrawn: false };
  return takedowns.length > 0 ? { rights: [], withdrawn: true } : { withdrawn: false };
}

function readTerms(message: Message, deal: XmlElement, terms: XmlElement): Terms {
  const what = known<Right>({
    usages: someOf(usages(terms)),
    commercial_models: someOf(distinct(termsOf(terms, "CommercialModelType"))),
  });
  if (["TakeDown", "AllDealsCancelled"].some((name) => isTrue(text(childOf(terms, name))))) {
    return { rights: [], takedown: { ...readTakedown(message, terms), ...what } };
  }
  const where = readTerritories(message, terms);
  const periods = readPeriods(message, terms, "the term is passed over");
  if (!where || !periods) return { rights: [] };
  if (childrenOf(deal, "DealResourceReferenceList").length > 0) {
    warn(message, deal, "a deal for some of the resources only: passed over");
    return { rights: [] };
  }
  const order = text(childOf(terms, "PreOrderReleaseDate"));
  if (isTrue(text(childOf(terms, "IsPreOrderDeal"))) && order === undefined) {
    warn(message, terms, "a deal for taking orders before the release: passed over");
    return { rights: [] };
  }
  const opening = order === undefined ? undefined : moment(order, "first");
  if (order !== undefined && opening === undefined) {
    const given = order.slice(0, 40);
    warn(message, terms, `the date of release "${given}" is none: the term is passed over`);
    return { rights: [] };
  }
  const open = opening === undefined ? {} : { valid_from: opening };
  return {
    rights: periods.map((period) => known<Right>({ ...where, ...what, ...period, ...open })),
  };
}

/** What of a takedown is not understood makes it wider, never narrower. */
function readTakedown(message: Message, terms: XmlElement): Takedown {
  const included = readCodes(message, terms, "TerritoryCode", TAKEN_DOWN_WHOLLY);
  const excluded = readCodes(message, terms, "ExcludedTerritoryCode", "it is taken for taken down");
  const periods = readPeriods(message, terms, "the takedown holds at once");
  return known<Takedown>({
    territories: included.unknown > 0 ? undefined : someOf(included.codes),
    excluded_territories: someOf(excluded.codes),
    from: periods?.[0]?.valid_from,
  });
}

const TAKEN_DOWN_WHOLLY = "the takedown is taken for all of the world";

function usages(terms: XmlElement): string[] {
  const inside = childrenOf(terms, "Usage").flatMap((usage) => termsOf(usage, "UseType"));
  return distinct([...inside, ...termsOf(terms, "UseType")]);
}

function termsOf(element: XmlElement, name: string): string[] {
  return childrenOf(element, name).flatMap((each) => term(each) ?? []);
}

type Where = Pick<Right, "territories" | "excluded_territories">;

/** Undefined, with a warning, when that would hold somewhere it must not, or nowhere that is known. */
function readTerritories(message: Message, terms: XmlElement): Where | undefined {
  const included = readCodes(message, terms, "TerritoryCode", "that territory is passed over");
  const excluded = readCodes(message, terms, "ExcludedTerritoryCode", "the term is passed over");
  if (excluded.unknown > 0) return undefined;
  if (included.codes.length === 0 && included.unknown > 0) return undefined;
  const isRest = included.codes.length === 0 && excluded.codes.length > 0;
  const isWhole = isRest || included.codes.includes("Worldwide");
  return known<Where>({
    territories: isWhole ? ["Worldwide"] : someOf(included.codes),
    excluded_territories: someOf(excluded.codes),
  });
}

/** The territories of that element, and how many of them are not known; `outcome` tells what becomes of those. */
function readCodes(
  message: Message,
  terms: XmlElement,
  name: string,
  outcome: string,
): { codes: string[]; unknown: number } {
  const codes: string[] = [];
  let unknown = 0;
  for (const element of childrenOf(terms, name)) {
    const code = text(element) ?? "";
    const found = territories(code);
    if (found) codes.push(...found);
    else {
      unknown += 1;
      warn(message, element, `the territory "${code.slice(0, 40)}" is not known: ${outcome}`);
    }
  }
  return { codes: distinct(codes), unknown };
}

type Period = Pick<Right, "valid_from" | "valid_until">;

/** Undefined, with a warning, when a date is none. */
function readPeriods(message: Message, terms: XmlElement, outcome: string): Period[] | undefined {
  const periods: Period[] = [];
  for (const period of childrenOf(terms, "ValidityPeriod")) {
    const from = edge(period, "Start", "first");
    const until = edge(period, "End", "last");
    if (from === null || until === null) {
      warn(message, period, `a validity period with a date that is none: ${outcome}`);
      return undefined;
    }
    periods.push(known<Period>({ valid_from: from, valid_until: until }));
  }
  return periods.length > 0 ? periods : [{}];
}

/** The moment, undefined when none is stated, null when it is not one. */
function edge(
  period: XmlElement,
  name: "Start" | "End",
  side: "first" | "last",
): string | undefined | null {
  const given = text(childOf(period, `${name}DateTime`)) ?? text(childOf(period, `${name}Date`));
  return given === undefined ? undefined : (moment(given, side) ?? null);
}

function isForChannels(terms: XmlElement): boolean {
  return [terms, ...childrenOf(terms, "Usage")].some((each) =>
    childrenOf(each).some(({ name }) => /^(Excluded)?DistributionChannel$/.test(name)),
  );
}
