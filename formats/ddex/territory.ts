import type { XmlElement } from "../xml.ts";
import { childrenOf } from "../xml.ts";
import { isTrue, text } from "./text.ts";

const WORLDWIDE = "Worldwide";

/** The groups of the TIS whose members are fixed by treaty or name; the others are a matter of opinion. */
const GROUPS: { [tis: string]: string } = {
  "2110": "BE LU NL",
  "2109": "EE LT LV",
  "2124": "AT CH DE",
  "2123": "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK",
  "2121":
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK",
  "2126": "CA MX US",
  "2136": WORLDWIDE,
};

/** Codes that were withdrawn for one other, and one that is often written though it never was assigned. */
const RENAMED: ReadonlyMap<string, string> = new Map([
  ["BU", "MM"],
  ["FX", "FR"],
  ["TP", "TL"],
  ["UK", "GB"],
  ["ZR", "CD"],
]);

/** Countries with several successors, and the CIS: Unicode knows one country for each, which would be too little. */
const DISSOLVED = [172, 200, 278, 530, 532, 582, 810, 890, 891];

/**
 * What a territory code stands for, as ISO 3166 codes or "Worldwide": ISO 3166-1 and 3166-2 as they are, the numbers of
 * the CISAC territory information system (which are those of ISO 3166 for countries) as the countries. Undefined when
 * it is not understood.
 */
export function territories(code: string): string[] | undefined {
  if (code.toLowerCase() === "worldwide") return [WORLDWIDE];
  if (/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/.test(code)) return [RENAMED.get(code) ?? code];
  if (/^2\d{3}$/.test(code)) return GROUPS[code]?.split(" ");
  if (!/^\d{1,3}$/.test(code) || DISSOLVED.includes(Number(code))) return undefined;
  const { region } = new Intl.Locale(`und-${code.padStart(3, "0")}`);
  return region && /^[A-Z]{2}$/.test(region) && region !== "ZZ" ? [region] : undefined;
}

function isWorldwide(code: string): boolean {
  return territories(code)?.[0] === WORLDWIDE;
}

/**
 * How general a statement is, the smaller the more: first what holds worldwide, then what is the default, then what is
 * worldwide with exceptions, then what holds for the most territories.
 */
function generality(codes: string[], excluded: number, isDefault: boolean): number {
  if (excluded === 0 && (codes.length === 0 || codes.some(isWorldwide))) return isDefault ? 0 : 1;
  if (isDefault) return 2;
  if (excluded > 0) return 3 + excluded / 10_000;
  return 5 - codes.length / 10_000;
}

/** The blocks of details of ERN 3, the most general one first and otherwise in their order. */
export function byGenerality(details: XmlElement[]): XmlElement[] {
  return sorted(details, (each) =>
    generality(
      childrenOf(each, "TerritoryCode").flatMap((code) => text(code) ?? []),
      childrenOf(each, "ExcludedTerritoryCode").length,
      false,
    ),
  );
}

/** Statements of ERN 4, which say each for itself where they apply, the most general one first and otherwise in their order. */
export function applicable(statements: XmlElement[]): XmlElement[] {
  return sorted(statements, ({ attributes }) =>
    generality(territoryOf(attributes), 0, isTrue(attributes.IsDefault)),
  );
}

/** Of statements that each apply somewhere, those for the territory of the most general one. */
export function general(statements: XmlElement[]): XmlElement[] {
  const [first] = applicable(statements);
  const place = first && territoryOf(first.attributes).join();
  return statements.filter(({ attributes }) => territoryOf(attributes).join() === place);
}

function territoryOf(attributes: XmlElement["attributes"]): string[] {
  const codes = attributes.ApplicableTerritoryCode?.split(/\s+/).filter(Boolean) ?? [];
  return codes.some(isWorldwide) ? [] : codes;
}

function sorted(elements: XmlElement[], rank: (element: XmlElement) => number): XmlElement[] {
  return elements
    .map((element) => ({ element, rank: rank(element) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ element }) => element);
}
