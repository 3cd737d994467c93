import type { Right } from "../record.ts";
import { childOf, type XmlElement } from "../xml.ts";
import { dateOf, onixDate } from "./date.ts";
import { FOR_SALE, NOT_FOR_SALE, WITHDRAWN } from "./lists.ts";
import { all, inBlock, textAt, textsAt } from "./read.ts";

/** Where a product may be sold; `unclear` is what could not be expressed. */
export type Sales = { rights: Right[] | undefined; unclear: string[] };

/** The countries and regions of one statement. */
type Area = {
  /** WORLD: everywhere. */
  isWorld: boolean;
  /** ROW: wherever no other statement says something else. */
  isRest: boolean;
  included: string[];
  excluded: string[];
  unknown: string[];
};

/**
 * The sales rights of a product (list 46), a term for each statement that it may be sold: the territories of the statement, and the rest
 * of the world as Worldwide without all that is named. Where it may not be sold is taken out of Worldwide. No term at all, once
 * it is clear: an empty list. That is also said of a product that is cancelled or withdrawn (list 64). Of the rest of the world nothing is
 * known unless it is stated, so a product that only says where it may not be sold has no terms that could be stated.
 */
export function salesOf(product: XmlElement): Sales {
  const block = inBlock(product, "PublishingDetail");
  if (WITHDRAWN.includes(textAt(block, "PublishingStatus") ?? "")) {
    return { rights: [], unclear: [] };
  }
  const statements = [
    ...all(block, "SalesRights").map((each) => ({
      type: textAt(each, "SalesRightsType") ?? "",
      area: areaOf(each),
    })),
    ...all(block, "NotForSale").map((each) => ({ type: "03", area: areaOf(each) })),
  ];
  const rest = textAt(block, "ROWSalesRightsType") ?? "";
  if (statements.length === 0 && rest === "") return { rights: undefined, unclear: [] };
  const allowed = statements.filter(({ type }) => FOR_SALE.includes(type)).map(({ area }) => area);
  const denied = statements
    .filter(({ type }) => NOT_FOR_SALE.includes(type))
    .map(({ area }) => area);
  const nowhere = denied.flatMap(({ included }) => included);
  const since = embargo(product);
  const term = (territories: string[], excluded: string[]): Right => ({
    territories,
    ...(excluded.length > 0 ? { excluded_territories: [...new Set(excluded)] } : {}),
    ...(since ? { valid_from: since } : {}),
  });
  const rights = allowed.flatMap((area) => {
    if (area.isWorld) return [term(["Worldwide"], [...area.excluded, ...nowhere])];
    return area.included.length > 0 ? [term(area.included, area.excluded)] : [];
  });
  const isRestFree = FOR_SALE.includes(rest) || allowed.some(({ isRest }) => isRest);
  const isWorldNamed = statements.some(({ area }) => area.isWorld);
  const unclear = statements.flatMap(({ area }) => area.unknown);
  // With a region nobody can tell, the rest of the world cannot be told either.
  if (isRestFree && !isWorldNamed && unclear.length === 0) {
    rights.push(
      term(
        ["Worldwide"],
        statements.flatMap(({ area }) => area.included),
      ),
    );
  }
  if (rights.length > 0) return { rights, unclear };
  const isRestDenied =
    NOT_FOR_SALE.includes(rest) || denied.some(({ isRest, isWorld }) => isRest || isWorld);
  const isNowhere = allowed.length === 0 && !isRestFree && isRestDenied;
  return { rights: isNowhere ? [] : undefined, unclear };
}

function areaOf(statement: XmlElement): Area {
  const territory = childOf(statement, "Territory");
  const codes = (name: string, from = territory) =>
    textsAt(from, name).flatMap((text) => text.toUpperCase().split(" "));
  const regions = [...codes("RegionsIncluded"), ...codes("RightsTerritory", statement)];
  const included = [
    ...codes("CountriesIncluded"),
    ...codes("RightsCountry", statement),
    ...regions,
  ];
  const excluded = [...codes("CountriesExcluded"), ...codes("RegionsExcluded")];
  return {
    isWorld: included.includes("WORLD"),
    isRest: included.includes("ROW"),
    included: [...new Set(included.filter(isPlace))],
    excluded: [...new Set(excluded.filter(isPlace))],
    unknown: [...included.filter((code) => code !== "WORLD" && code !== "ROW"), ...excluded].filter(
      (code) => !isPlace(code),
    ),
  };
}

/** A country of list 91 or a region of list 49 that ISO 3166-2 knows. ECZ (the Eurozone) and airside sales (GB-AIR, GB-APS) are none. */
function isPlace(code: string): boolean {
  return /^[A-Z]{2}(?:-[A-Z0-9]{1,3})?$/.test(code) && !/-(?:AIR|APS)$/.test(code);
}

/** The day from which it may be sold: the sales embargo (list 163: 02), in 2.1 the OnSaleDate of the first supplier. */
function embargo(product: XmlElement): string | undefined {
  const dates = all(inBlock(product, "PublishingDetail"), "PublishingDate");
  const stated = dateOf(dates.find((each) => textAt(each, "PublishingDateRole") === "02"));
  const date = stated ?? onixDate(textAt(childOf(product, "SupplyDetail"), "OnSaleDate"));
  return date?.length === 10 ? date : undefined;
}
