import { FormatError } from "../error.ts";
import { known, someOf } from "../known.ts";
import type {
  AudiobookRecord,
  BookRecord,
  CatalogRecord,
  Copyright,
  Item,
  Reference,
  Scope,
} from "../record.ts";
import type { XmlElement } from "../xml.ts";
import { descriptionOf, imagesOf } from "./collateral.ts";
import { dateOf, onixDate } from "./date.ts";
import { chaptersOf, durationMs, pageCount } from "./extent.ts";
import { idsOf, isbnOf } from "./identifier.ts";
import { EDITION_TYPES, formatOf, isAudio, isBook } from "./lists.ts";
import { contributorsOf, publishersOf } from "./party.ts";
import { all, inBlock, meaning, textAt, textsAt } from "./read.ts";
import { salesOf } from "./sales-rights.ts";
import { genresOf } from "./subject.ts";
import { titlesOf } from "./title.ts";

/** What the message says for all its products. */
export type Defaults = { language: string | undefined };

/** List 1: delete; test records. */
const DELETE = "05";
const TESTS = ["88", "89"];
/** List 1 of release 2.1: updates of the supply, the market, or both, and of nothing else. */
const SUPPLY_ONLY = ["12", "13", "14"];
/** List 1: a block update; notices of sale and acquisition, which say who publishes it now and little else. */
const PARTIAL = ["04", "08", "09"];

/**
 * The records of a Product with reference names: the artists and labels it credits as mentions, then the book or audiobook. What is no book, a
 * test or a deletion is told in a warning. A deletion takes away all rights, for there is no more to be sold; the record stays,
 * since ids that were ever issued must go on answering. Without RecordReference, or without a title where all is stated: refused.
 */
export function* itemsOf(product: XmlElement, file: string, defaults: Defaults): Generator<Item> {
  const pointer = product.path;
  const refuse = (reason: string, hint: string): Item => ({
    pointer,
    refused: new FormatError({ code: "JB246", file, pointer, line: product.line, reason, hint }),
  });
  const id = textAt(product, "RecordReference");
  if (id === undefined) {
    yield refuse("the product has no RecordReference", "every product of ONIX names its record");
    return;
  }
  const form = textAt(inBlock(product, "DescriptiveDetail"), "ProductForm");
  const notification = textAt(product, "NotificationType") ?? "03";
  if (TESTS.includes(notification)) {
    yield {
      pointer,
      warning: `product ${id} is a test (NotificationType ${notification}): passed over`,
    };
    return;
  }
  if (SUPPLY_ONLY.includes(notification)) {
    const warning = `product ${id} is an update of its supply (NotificationType ${notification}): nothing of it has a place, passed over`;
    yield { pointer, warning };
    return;
  }
  if (notification === DELETE) {
    yield* deletion(product, id, form);
    return;
  }
  if (form === undefined && PARTIAL.includes(notification)) {
    const warning = `product ${id} is a partial update that does not say its ProductForm: whether it is a book or an audiobook is not known, passed over`;
    yield { pointer, warning };
    return;
  }
  if (!isBook(form ?? "")) {
    yield { pointer, warning: `product ${id} of the form ${form} is no book: passed over` };
    return;
  }
  const scope: Scope = PARTIAL.includes(notification) ? "partial" : "full";
  const titles = titlesOf(product);
  if (titles.title === undefined && scope === "full") {
    yield refuse(`product ${id} has no title`, "deliver a TitleDetail, or a Title in 2.1");
    return;
  }
  const contributors = contributorsOf(product);
  const publishers = publishersOf(product);
  const sales = salesOf(product);
  const related = relatedBook(product);
  const isAudiobook = isAudioProduct(product);
  const mentions: CatalogRecord[] = [...contributors.mentions, ...publishers.mentions];
  if (isAudiobook && related) mentions.push(related);
  for (const mention of mentions) yield { record: mention, pointer };
  if (sales.unclear.length > 0) {
    yield {
      pointer,
      warning: `product ${id}: sales rights of ${sales.unclear.join(", ").slice(0, 200)} have no ISO 3166 code and are left out`,
    };
  }
  const common = {
    id,
    scope,
    ids: idsOf(product),
    title: titles.title,
    subtitle: titles.subtitle,
    description: descriptionOf(product),
    publisher: publishers.publisher,
    published_date: publishedDate(product),
    language:
      languageOf(product) ?? (scope === "full" ? languageTag(defaults.language) : undefined),
    aliases: someOf(titles.aliases),
    credits: someOf([...contributors.credits, ...publishers.credits]),
    genres: someOf(genresOf(product)),
    images: imagesOf(product),
    rights: sales.rights,
    copyrights: someOf(copyrightsOf(product)),
  };
  const record: BookRecord | AudiobookRecord = isAudiobook
    ? known<AudiobookRecord>({
        kind: "audiobook",
        ...common,
        duration_ms: durationMs(product),
        abridged: abridgedOf(product),
        book: related && { kind: "book", id: related.id },
        chapters: chaptersOf(product),
      })
    : known<BookRecord>({
        kind: "book",
        ...common,
        page_count: pageCount(product),
        edition: editionOf(product),
        format: form && formatOf(form),
        series: titles.series,
        series_position: titles.series_position,
      });
  yield { record, pointer };
}

function* deletion(product: XmlElement, id: string, form: string | undefined): Generator<Item> {
  const pointer = product.path;
  if (form === undefined || !isBook(form)) {
    const warning = `product ${id} is deleted by its source, without saying whether it is a book or an audiobook: nothing was changed`;
    yield { pointer, warning };
    return;
  }
  const kind = isAudioProduct(product) ? "audiobook" : "book";
  yield { pointer, warning: `${kind} ${id} is deleted by its source: it stays, without rights` };
  yield { pointer, record: { kind, id, scope: "partial", rights: [] } };
}

function isAudioProduct(product: XmlElement): boolean {
  const block = inBlock(product, "DescriptiveDetail");
  return isAudio(textAt(block, "ProductForm") ?? "", textsAt(block, "ProductFormDetail"), [
    ...textsAt(block, "PrimaryContentType"),
    ...textsAt(block, "ProductContentType"),
  ]);
}

/** The publication date: list 163, role 01; in 2.1 an element of its own. */
function publishedDate(product: XmlElement): string | undefined {
  const block = inBlock(product, "PublishingDetail");
  const dates = all(block, "PublishingDate");
  return (
    dateOf(dates.find((each) => textAt(each, "PublishingDateRole") === "01")) ??
    onixDate(textAt(block, "PublicationDate"))
  );
}

/** The first language of the text (list 22: 01) as a tag of BCP 47, with its script and country where they are stated. */
function languageOf(product: XmlElement): string | undefined {
  const block = inBlock(product, "DescriptiveDetail");
  const language = all(block, "Language").find((each) => textAt(each, "LanguageRole") === "01");
  const code = textAt(language, "LanguageCode") ?? textsAt(block, "LanguageOfText")[0];
  return languageTag(code, textAt(language, "ScriptCode"), textAt(language, "CountryCode"));
}

function languageTag(...parts: (string | undefined)[]): string | undefined {
  const [language, ...others] = parts;
  if (language === undefined) return undefined;
  try {
    return Intl.getCanonicalLocales([language, ...others.filter(Boolean)].join("-"))[0];
  } catch {
    return undefined; // no code of ISO 639
  }
}

/** The edition as it is printed, else its number and what kind of edition it is (list 21). */
function editionOf(product: XmlElement): string | undefined {
  const block = inBlock(product, "DescriptiveDetail");
  const statement = textAt(block, "EditionStatement");
  if (statement !== undefined) return statement;
  const number = textAt(block, "EditionNumber");
  const types = editionTypes(block).flatMap((code) => meaning(EDITION_TYPES, code) ?? []);
  const parts = [...(number && /^\d+$/.test(number) ? [`${ordinal(Number(number))} edition`] : [])];
  return [...parts, ...types].join(", ") || undefined;
}

function editionTypes(block: XmlElement): string[] {
  return [...textsAt(block, "EditionType"), ...textsAt(block, "EditionTypeCode")];
}

function abridgedOf(product: XmlElement): boolean | undefined {
  const types = editionTypes(inBlock(product, "DescriptiveDetail"));
  if (types.includes("ABR")) return true;
  return types.includes("UBR") ? false : undefined;
}

const SUFFIXES: { [category: string]: string } = { one: "st", two: "nd", few: "rd", other: "th" };
const ordinals = new Intl.PluralRules("en", { type: "ordinal" });

function ordinal(number: number): string {
  return `${number}${SUFFIXES[ordinals.select(number)]}`;
}

/** Copyright lines that name their owner; list 219: C, P, D (database). A year alone names nobody. */
function copyrightsOf(product: XmlElement): Copyright[] {
  return all(inBlock(product, "PublishingDetail"), "CopyrightStatement").flatMap((statement) => {
    const line = textAt(statement, "CopyrightType") ?? "C";
    const owners = all(statement, "CopyrightOwner").flatMap(
      (owner) => textAt(owner, "CorporateName") ?? textAt(owner, "PersonName") ?? [],
    );
    if (owners.length === 0 || (line !== "C" && line !== "P")) return [];
    const years = textsAt(statement, "CopyrightYear")
      .map((text) => Number(text.slice(0, 4)))
      .filter((year) => year >= 1800 && year <= 2200);
    const year = years.length > 0 ? { year: Math.max(...years) } : {};
    return [{ line, ...year, text: owners.join(", ") }];
  });
}

/** List 51: is based on the printed product (13); an alternative format of it (06). */
const BASED_ON = "13";
const ALTERNATIVE = "06";

/**
 * The book that is read: the printed product it is based on, an alternative format that says it is a book, else the manifestation of the same work that
 * is named by its ISBN. An alternative format of unknown form may be another audiobook, so it is not taken.
 */
function relatedBook(product: XmlElement): BookRecord | undefined {
  const block = inBlock(product, "RelatedMaterial");
  const products = all(block, "RelatedProduct").map((related) => ({
    codes: [...textsAt(related, "ProductRelationCode"), ...textsAt(related, "RelationCode")],
    form: textAt(related, "ProductForm"),
    isbn: isbnsOf(related)[0],
  }));
  const own = isbnsOf(product);
  const isOther = (isbn: string | undefined) => isbn !== undefined && !own.includes(isbn);
  const isPrinted = (form: string | undefined) => form !== undefined && /^[BDEP]/.test(form);
  const found =
    products.find(({ codes, isbn }) => codes.includes(BASED_ON) && isOther(isbn)) ??
    products.find(
      ({ codes, form, isbn }) => codes.includes(ALTERNATIVE) && isPrinted(form) && isOther(isbn),
    );
  const isbn = found?.isbn ?? worksOf(product, block).find(isOther);
  return isbn === undefined ? undefined : mentionOf(isbn);
}

function isbnsOf(product: XmlElement): string[] {
  return [idsOf(product)?.isbn ?? []].flat();
}

/** List 16, identifiers of works: 15 is the ISBN-13 of a manifestation. List 164: 01 manifestation of. */
function worksOf(product: XmlElement, block: XmlElement): string[] {
  const works = all(block, "RelatedWork").filter(
    (each) => textAt(each, "WorkRelationCode") === "01",
  );
  return [...works, product]
    .flatMap((each) => all(each, "WorkIdentifier"))
    .filter((each) => textAt(each, "WorkIDType") === "15")
    .flatMap((each) => textAt(each, "IDValue") ?? [])
    .map(isbnOf);
}

function mentionOf(isbn: string): BookRecord & Reference<"book"> {
  return { kind: "book", id: `isbn:${isbn}`, scope: "mention", ids: { isbn } };
}
