import { repairIsbn } from "../isbn.ts";
import { known, someOf } from "../known.ts";
import { type Doc, integer, isDoc } from "../musicbrainz/read.ts";
import type {
  Alias,
  ArtistRecord,
  AudiobookRecord,
  BookRecord,
  CatalogRecord,
  Credit,
  Ids,
  LabelRecord,
  NamedGenre,
} from "../record.ts";
import { typedDate } from "./date.ts";
import { idOf, listOf, picturesOf, textOf, textsOf } from "./read.ts";

/** The records of a thing: those it refers to as mentions, then its own. */
export type Read = { mentions: CatalogRecord[]; record: BookRecord | AudiobookRecord };

const AUDIO = /\baudio\b|\baudio ?(?:book|cd|cassette)|\bmp3\b|\bsound recording\b/i;

/** An edition as a book, or as an audiobook when its physical format says so. */
export function readEdition(doc: Doc, id: string): Read {
  const people = [...authorsOf(doc), ...contributorsOf(doc)];
  const [publisher] = textsOf(doc.publishers);
  const label = publisher === undefined ? undefined : labelOf(publisher);
  const format = textOf(doc.physical_format);
  const prefix = textOf(doc.title_prefix);
  const title = textOf(doc.title);
  const series = seriesOf(textsOf(doc.series)[0]);
  const common = {
    id,
    ids: idsOf(doc, id),
    title: prefix && title ? `${prefix} ${title}` : title,
    subtitle: textOf(doc.subtitle),
    description: textOf(doc.description),
    publisher,
    published_date: typedDate(textOf(doc.publish_date) ?? ""),
    language: languageOf(doc),
    aliases: someOf(otherTitles(doc, title)),
    credits: someOf([
      ...creditsOf(people),
      ...(label
        ? [{ contributor: { kind: "label" as const, id: label.id }, role: "publisher" }]
        : []),
    ]),
    genres: someOf(genresOf(doc)),
    images: picturesOf(doc.covers, "b", "front"),
  };
  const mentions = [...people.map(({ artist }) => artist), ...(label ? [label] : [])];
  if (format !== undefined && AUDIO.test(format)) {
    return { mentions, record: known<AudiobookRecord>({ kind: "audiobook", ...common }) };
  }
  const record = known<BookRecord>({
    kind: "book",
    ...common,
    page_count: integer(doc.number_of_pages) || undefined,
    edition: textOf(doc.edition_name),
    format: format?.toLowerCase(),
    series: series?.name,
    series_position: series?.position,
  });
  return { mentions, record };
}

/** A work as a book without what only editions have: date, publisher, pages. */
export function readWork(doc: Doc, id: string): Read {
  const people = authorsOf(doc);
  const record = known<BookRecord>({
    kind: "book",
    id,
    ids: { openlibrary: id },
    title: textOf(doc.title),
    subtitle: textOf(doc.subtitle),
    description: textOf(doc.description),
    aliases: someOf(otherTitles(doc, textOf(doc.title))),
    credits: someOf(creditsOf(people)),
    genres: someOf(genresOf(doc)),
    images: picturesOf(doc.covers, "b", "front"),
  });
  return { mentions: people.map(({ artist }) => artist), record };
}

type Person = { artist: ArtistRecord; role: string };

/** Authors by key; those of a work stand one level deeper and may have a role. */
function authorsOf(doc: Doc): Person[] {
  return listOf(doc.authors).flatMap((entry) => {
    const isNested = isDoc(entry) && entry.author !== undefined;
    const id = idOf(isNested ? entry.author : entry, "A");
    if (id === undefined) return [];
    const role = (isNested && textOf(entry.role)) || "author";
    const ids = { openlibrary: id };
    return [{ artist: { kind: "artist", id, scope: "mention", ids }, role: role.toLowerCase() }];
  });
}

/** Contributors by name and role: [{ "role": "Illustrator", "name": "Quentin Blake" }]. */
function contributorsOf(doc: Doc): Person[] {
  return listOf(doc.contributors).flatMap((entry) => {
    const name = isDoc(entry) ? textOf(entry.name) : undefined;
    if (name === undefined) return [];
    const id = `name:${name}`.slice(0, 500);
    const role = (isDoc(entry) && textOf(entry.role)) || "contributor";
    return [{ artist: { kind: "artist", id, scope: "mention", name }, role: role.toLowerCase() }];
  });
}

function creditsOf(people: Person[]): Credit[] {
  return people.map(({ artist, role }, at) => ({
    contributor: { kind: "artist", id: artist.id },
    role: role === "reader" || role === "read by" ? "narrator" : role,
    position: at + 1,
  }));
}

function labelOf(name: string): LabelRecord {
  return { kind: "label", id: `name:${name}`.slice(0, 500), scope: "mention", name };
}

/** ISBNs once, as 13 digits; one whose check digit is wrong as it came, for it is evidence. */
function idsOf(doc: Doc, id: string): Ids {
  const stated = [...textsOf(doc.isbn_13), ...textsOf(doc.isbn_10)];
  const isbn = [...new Set(stated.map((each) => repairIsbn(each)?.isbn13 ?? each))];
  const identifiers = isDoc(doc.identifiers) ? doc.identifiers : {};
  const asin = textsOf(identifiers.amazon).filter((each) => /^B[0-9A-Z]{9}$/.test(each));
  return {
    openlibrary: id,
    ...(isbn.length > 0 ? { isbn } : {}),
    ...(asin.length > 0 ? { asin } : {}),
  };
}

function languageOf(doc: Doc): string | undefined {
  const key = listOf(doc.languages)[0];
  const [, code] = /^\/languages\/([a-z]{3})$/.exec(textOf(isDoc(key) ? key.key : key) ?? "") ?? [];
  return code && Intl.getCanonicalLocales(code)[0];
}

function otherTitles(doc: Doc, title: string | undefined): Alias[] {
  const original = textsOf(doc.translation_of).map((name) => ({
    name,
    alias_type: "original title",
  }));
  const others = textsOf(doc.other_titles).map((name) => ({
    name,
    alias_type: "alternative title",
  }));
  const fitting = [...original, ...others].filter(
    ({ name }) => name !== title && name.length <= 500,
  );
  return [...new Map(fitting.map((alias) => [alias.name, alias])).values()];
}

/** Subjects that say what a library does with the book, not what it is about. */
const HOUSEKEEPING = new Set([
  "accessible book",
  "in library",
  "internet archive wishlist",
  "large type books",
  "lending library",
  "open library staff picks",
  "overdrive",
  "protected daisy",
]);

/** Subjects and genres, without machine tags ("nyt:hardcover-fiction=2010-01-01") and housekeeping. */
function genresOf(doc: Doc): NamedGenre[] {
  const names = [...textsOf(doc.genres), ...textsOf(doc.subjects)]
    .map((name) => name.replace(/\.$/, ""))
    .filter((name) => name !== "" && name.length <= 200 && !/^[a-z_]+:\S/.test(name))
    .filter((name) => !HOUSEKEEPING.has(name.toLowerCase()));
  return [...new Map(names.map((name) => [name.toLowerCase(), { name }])).values()];
}

/** No series has a longer name; the pattern is not to be tried on whole books. */
const SERIES_LIMIT = 500;

/** A series as printed; its number where a sign says that it is one: "Discworld, #5", "Penguin classics ; 12", "Vol. 3". */
function seriesOf(text: string | undefined): { name: string; position?: string } | undefined {
  const [, name, position] =
    /^(.*?\S)\s*[,;:(]*\s*(?:#|;|\bno\.|\bbk\.|\bbook\b|\bvol\.|\bv\.)\s*(\d+(?:\.\d+)?)\)?$/i.exec(
      text?.slice(0, SERIES_LIMIT) ?? "",
    ) ?? [];
  if (name !== undefined && position !== undefined && (text?.length ?? 0) <= SERIES_LIMIT) {
    return { name: name.replace(/[\s,;:(]+$/, ""), position };
  }
  return text === undefined ? undefined : { name: text };
}
