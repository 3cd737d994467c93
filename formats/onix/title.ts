import type { Alias } from "../record.ts";
import type { XmlElement } from "../xml.ts";
import { all, inBlock, inSequence, meaning, textAt } from "./read.ts";

/** What a product is called, and the series it belongs to. */
export type Titles = {
  title: string | undefined;
  subtitle: string | undefined;
  series: string | undefined;
  series_position: string | undefined;
  aliases: Alias[];
};

/** List 15: titles beside the one on the product, as types of alias. The distributor's (10) is none. */
const OTHER_TITLES: { [type: string]: string } = {
  "03": "original title",
  "05": "abbreviated title",
  "06": "translated title",
  "08": "former title",
  "11": "alternative title",
};

/** Levels of list 149. */
const [PRODUCT, COLLECTION, SUBCOLLECTION] = ["01", "02", "03"];

/** The titles of a product: TitleDetail and Collection in 3.x, Title and Series in 2.1. */
export function titlesOf(product: XmlElement): Titles {
  const block = inBlock(product, "DescriptiveDetail");
  const isBlocks = all(block, "TitleDetail").length > 0;
  const details = all(block, isBlocks ? "TitleDetail" : "Title");
  const main = mainOf(details);
  const own = isBlocks ? composed(main) : titleOf(main);
  return {
    title: own ?? textAt(main, "TitleStatement") ?? textAt(block, "DistinctiveTitle"),
    subtitle: textAt(isBlocks ? elementAt(main, PRODUCT) : main, "Subtitle"),
    ...(isBlocks ? collection(block, main) : series(block)),
    aliases: details.flatMap((detail) => {
      const alias_type = meaning(OTHER_TITLES, textAt(detail, "TitleType"));
      const name = isBlocks ? composed(detail) : titleOf(detail);
      return alias_type && name && name !== own && name.length <= 500 ? [{ name, alias_type }] : [];
    }),
  };
}

/** The distinctive title (01), else one of no stated type (00, or none in 2.1), else the first. */
function mainOf(details: XmlElement[]): XmlElement | undefined {
  const ofType = (type: string | undefined) =>
    details.find((detail) => textAt(detail, "TitleType") === type);
  return ofType("01") ?? ofType("00") ?? ofType(undefined) ?? details[0];
}

/** The title of one element, its prefix before it. */
function titleOf(element: XmlElement | undefined): string | undefined {
  const text = textAt(element, "TitleText");
  if (text !== undefined) return text;
  const [prefix, rest] = [textAt(element, "TitlePrefix"), textAt(element, "TitleWithoutPrefix")];
  return prefix && rest ? `${prefix} ${rest}` : rest;
}

function elementAt(detail: XmlElement | undefined, ...levels: string[]): XmlElement | undefined {
  return all(detail, "TitleElement").find((element) =>
    levels.includes(textAt(element, "TitleElementLevel") ?? PRODUCT),
  );
}

/** The title at the level of the product; a part that only has a number is named by what it is a part of. */
function composed(detail: XmlElement | undefined): string | undefined {
  const element = elementAt(detail, PRODUCT);
  const title = titleOf(element);
  if (title !== undefined) return title;
  const whole = inSequence(all(detail, "TitleElement")).flatMap((each) => titleOf(each) ?? []);
  const part = textAt(element, "PartNumber");
  return whole.length > 0 ? [...whole, ...(part ? [part] : [])].join(", ") : undefined;
}

type InSeries = Pick<Titles, "series" | "series_position">;

/** The publisher's own collection (10) before those that others ascribe (20). */
function collection(block: XmlElement, main: XmlElement | undefined): InSeries {
  const collections = all(block, "Collection");
  const chosen =
    collections.find((each) => textAt(each, "CollectionType") === "10") ?? collections[0];
  const detail = mainOf(all(chosen, "TitleDetail")) ?? (chosen ? undefined : main);
  const named = elementAt(detail, COLLECTION) ?? elementAt(detail, SUBCOLLECTION);
  const name = titleOf(named ?? (chosen && elementAt(detail, PRODUCT)));
  const parts = all(detail, "TitleElement").flatMap((each) => textAt(each, "PartNumber") ?? []);
  return {
    series: name,
    series_position: name && (parts.at(-1) ?? sequenceNumber(chosen)),
  };
}

/** List 197: the order of titles (02), else of publication (03), else the first that is stated. */
function sequenceNumber(collection: XmlElement | undefined): string | undefined {
  const sequences = all(collection, "CollectionSequence");
  const ofType = (type: string) =>
    sequences.find((each) => textAt(each, "CollectionSequenceType") === type);
  return textAt(ofType("02") ?? ofType("03") ?? sequences[0], "CollectionSequenceNumber");
}

function series(product: XmlElement): InSeries {
  const [first] = all(product, "Series");
  const name = textAt(first, "TitleOfSeries") ?? titleOf(mainOf(all(first, "Title")));
  return { series: name, series_position: name && textAt(first, "NumberWithinSeries") };
}
