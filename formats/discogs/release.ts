import { distinct } from "../known.ts";
import { leadingDate } from "../partial-date.ts";
import type {
  AlbumRecord,
  Copyright,
  LabelEntry,
  Medium,
  ReleaseEvent,
  ReleaseRecord,
} from "../record.ts";
import { identifiers } from "../services.ts";
import { childOf, lineOf, textOf, type XmlElement } from "../xml.ts";
import { countriesOf } from "./country.ts";
import { creditLine } from "./credits.ts";
import { genresOf, sayVideos } from "./master.ts";
import { quoted } from "./party.ts";
import {
  childrenIn,
  ids,
  imagesOf,
  mention,
  numberOf,
  present,
  type Reading,
  say,
  textsIn,
  warn,
} from "./reading.ts";
import { readTracks, type TrackList } from "./tracks.ts";

/** A release: one edition, with its labels, media, numbers and track list. */
export function readRelease(reading: Reading, id: string): void {
  const { element } = reading;
  const formats = childrenIn(element, "formats", "format");
  const descriptions = new Set(
    formats.flatMap((each) => textsIn(each, "descriptions", "description")),
  );
  const album = albumOf(reading, descriptions);
  if (!album) sayVideos(reading);
  const media = mediaOf(formats);
  const credits = creditLine(reading, element);
  const numbers = numbersOf(element);
  const list = readTracks(reading, { id, media: media.length, credits, isrcs: numbers.isrcs });
  const date = leadingDate(textOf(childOf(element, "released")) ?? "");
  const countries = countriesIn(reading);
  say(
    reading,
    present<ReleaseRecord>({
      kind: "release",
      id,
      ids: ids("release", id, identifiers({ gtin: numbers.gtins, asin: numbers.asins })),
      title: lineOf(childOf(element, "title")),
      status: statusOf(descriptions),
      release_date: date,
      // The country of several is none.
      country: countries.length === 1 ? countries[0] : undefined,
      packaging: packagingOf(formats),
      barcode: numbers.barcode,
      album,
      credits: distinct([...credits, ...list.credits]),
      genres: genresOf(element),
      labels: labelsOf(reading),
      media: mediaWith(media, list),
      tracks: list.tracks,
      release_events: eventsOf(countries, date),
      copyrights: copyrightsOf(element),
      images: imagesOf(element),
    }),
  );
}

const ALBUM_TYPES: [description: string, type: NonNullable<AlbumRecord["album_type"]>][] = [
  ["Single", "single"],
  ["Maxi-Single", "single"],
  ["EP", "ep"],
  ["Album", "album"],
  ["Mini-Album", "album"],
  ["LP", "album"],
];

/** The album it is an edition of, by the title of this edition until its own is known. What sort of album that is, only its main release says. */
function albumOf(reading: Reading, descriptions: Set<string>): ReleaseRecord["album"] {
  const master = childOf(reading.element, "master_id");
  const id = numberOf(textOf(master));
  if (!id) return undefined;
  const isMain = master?.attributes.is_main_release === "true";
  const [, album_type] = (isMain && ALBUM_TYPES.find(([each]) => descriptions.has(each))) || [];
  say(
    reading,
    present<AlbumRecord>({
      kind: "album",
      id,
      scope: "mention",
      ids: ids("album", id),
      title: lineOf(childOf(reading.element, "title")),
      album_type,
      secondary_types: isMain && descriptions.has("Compilation") ? ["compilation"] : [],
    }),
  );
  return { kind: "album", id };
}

const BOOTLEGS = ["Unofficial Release", "Partially Unofficial"];
const PROMOTIONS = ["Promo", "White Label", "Test Pressing", "Advance"];

function statusOf(descriptions: Set<string>): ReleaseRecord["status"] {
  if (BOOTLEGS.some((each) => descriptions.has(each))) return "bootleg";
  return PROMOTIONS.some((each) => descriptions.has(each)) ? "promotion" : "official";
}

/** What holds the media, or is said of all of them, is no medium. */
const CONTAINERS = ["Box Set", "All Media"];
/** Formats that are counted by files. */
const FILES = ["File", "Memory Stick", "Hybrid"];
const MEDIA_LIMIT = 200;

/** The format of each medium, in the order of the release: two LPs are two media. */
function mediaOf(formats: XmlElement[]): string[] {
  return formats.flatMap((format) => {
    const { name = "", qty = "" } = format.attributes;
    if (name === "" || CONTAINERS.includes(name)) return [];
    const quantity = FILES.includes(name) ? 1 : Number(qty);
    const isSensible = Number.isInteger(quantity) && quantity >= 1 && quantity <= MEDIA_LIMIT;
    return Array(isSensible ? quantity : 1).fill(formatOf(format, name));
  });
}

const SIZES = ['7"', '10"', '12"'];

/** Vinyl and shellac go by their size. */
function formatOf(format: XmlElement, name: string): string {
  if (name === "File") return "Digital Media";
  if (name === "CDr") return "CD-R";
  if (name !== "Vinyl" && name !== "Shellac") return name;
  const size = textsIn(format, "descriptions", "description").find((each) => SIZES.includes(each));
  const isLong = textsIn(format, "descriptions", "description").includes("LP");
  return [size ?? (isLong ? '12"' : undefined), name].filter(Boolean).join(" ");
}

/** As many media as the track list needs, also where fewer are said to be there. */
function mediaWith(formats: string[], { tracks, titles }: TrackList): Medium[] {
  const count = tracks.reduce((most, { disc }) => Math.max(most, disc), formats.length);
  const all = new Set(formats);
  const [only] = all;
  return Array.from({ length: count }, (_, index) =>
    present<Medium>({
      disc: index + 1,
      format: formats[index] ?? (all.size === 1 ? only : undefined),
      title: titles.get(index + 1),
    }),
  );
}

const PACKAGINGS: { [text: string]: string } = {
  digipak: "digipak",
  digipack: "digipak",
  gatefold: "gatefold cover",
  "gatefold sleeve": "gatefold cover",
  "cardboard sleeve": "cardboard/paper sleeve",
  "card sleeve": "cardboard/paper sleeve",
  longbox: "longbox",
  "super jewel box": "super jewel box",
};

function packagingOf(formats: XmlElement[]): string | undefined {
  const said = formats.flatMap(
    ({ attributes }) => PACKAGINGS[(attributes.text ?? "").toLowerCase()] ?? [],
  );
  return (
    said[0] ?? (formats.some(({ attributes }) => attributes.name === "Box Set") ? "box" : undefined)
  );
}

/** "Not On Label" says that there is none. */
const NOT_ON_LABEL = "1818";

function labelsOf(reading: Reading): LabelEntry[] {
  const entries = childrenIn(reading.element, "labels", "label").flatMap(({ attributes }) => {
    const id = numberOf(attributes.id);
    if (id === NOT_ON_LABEL) return [];
    const name = attributes.name?.trim() || undefined;
    if (!id) {
      warn(reading, `passed over: the label ${quoted(name)}, which has no id`);
      return [];
    }
    const label = mention(reading, "label", id, name);
    const number = attributes.catno?.trim() ?? "";
    if (number === "" || number.toLowerCase() === "none") return [{ label }];
    if (number.length > 120) {
      warn(reading, `passed over: a catalog number of ${number.length} characters`);
      return [{ label }];
    }
    return [{ label, catalog_number: number }];
  });
  return distinct<LabelEntry>(entries);
}

function countriesIn(reading: Reading): string[] {
  const text = textOf(childOf(reading.element, "country"));
  if (text === undefined) return [];
  const { codes, strange } = countriesOf(text);
  for (const name of strange)
    warn(reading, `passed over: ${quoted(name)} is no country with a code`);
  return codes;
}

function eventsOf(countries: string[], date: string | undefined): ReleaseEvent[] {
  if (countries.length === 0) return date === undefined ? [] : [{ date }];
  return countries.map((country) => (date === undefined ? { country } : { country, date }));
}

type Numbers = {
  barcode: string | undefined;
  gtins: string[];
  asins: string[];
  isrcs: { isrc: string; position: string | undefined }[];
};

/** What stands on the release and names it or its tracks. Matrix numbers, SID codes and rights societies do neither. */
function numbersOf(release: XmlElement): Numbers {
  const all = childrenIn(release, "identifiers", "identifier").map(({ attributes }) => attributes);
  const of = (type: string) => all.filter((each) => each.type === type && each.value?.trim());
  const barcodes = of("Barcode").map(({ value = "" }) => value.trim());
  return {
    barcode: barcodes[0],
    gtins: [...new Set(barcodes.flatMap((each) => gtin(each) ?? []))],
    asins: of("ASIN").flatMap(({ value = "" }) => /\bB[0-9A-Z]{9}\b/.exec(value)?.[0] ?? []),
    isrcs: of("ISRC").flatMap(({ value = "", description }) => {
      const isrc = value.replace(/[-\s]/g, "").toUpperCase();
      const [, position] = /^(?:track\s+)?([\w.-]+)$/i.exec(description?.trim() ?? "") ?? [];
      return /^[A-Z]{2}[A-Z0-9]{3}\d{7}$/.test(isrc) ? [{ isrc, position }] : [];
    }),
  };
}

/** The digits of a barcode when they are a GTIN: as many as one has, and the check digit of GS1 agrees. */
function gtin(barcode: string): string | undefined {
  const digits = barcode.replace(/[\s>-]/g, "");
  if (!/^(?:\d{8}|\d{12,14})$/.test(digits) || /^0+$/.test(digits)) return undefined;
  const sum = [...digits].reduceRight(
    (total, digit, index) => total + Number(digit) * ((digits.length - 1 - index) % 2 ? 3 : 1),
    0,
  );
  return sum % 10 === 0 ? digits : undefined;
}

const LINES: { [company: string]: Copyright["line"] } = {
  "Phonographic Copyright (p)": "P",
  "Copyright (c)": "C",
};

/** Of the companies those that own something; the others made, pressed or sold it. */
function copyrightsOf(release: XmlElement): Copyright[] {
  const found = childrenIn(release, "companies", "company").flatMap((company): Copyright[] => {
    const line = LINES[textOf(childOf(company, "entity_type_name")) ?? ""];
    const name = lineOf(childOf(company, "name"));
    return line && name ? [{ line, text: name }] : [];
  });
  return distinct(found);
}
