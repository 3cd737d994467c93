import { known } from "../known.ts";
import type { Image, LabelEntry, Reference, ReleaseEvent } from "../record.ts";
import { identifiers } from "../services.ts";
import { each, type Facts, inside, mention, type Place } from "./collect.ts";
import { isWhole, media, trackList } from "./media.ts";
import { aliases, artistCredit, date, genres } from "./parts.ts";
import { areaCountry, country, type Doc, isDoc, matching, oneOf, text, word } from "./read.ts";

const STATUSES = [
  "official",
  "promotion",
  "bootleg",
  "pseudo-release",
  "withdrawn",
  "cancelled",
] as const;

export function readRelease(doc: Doc, id: string, place: Place): Facts<"release"> {
  const own: Reference<"release"> = { kind: "release", id };
  const group = doc["release-group"];
  const language = isDoc(doc["text-representation"]) ? doc["text-representation"] : {};
  const tracks = trackList(doc, place);
  const whole = isWhole(doc);
  // A part of a track list must not stand in for the whole: it only fills a gap.
  if (tracks && !whole) mention(own, { tracks }, place);
  return known<Facts<"release">>({
    kind: "release",
    ids: identifiers({ gtin: matching(doc.barcode, /^\d+$/), asin: text(doc.asin) }),
    title: text(doc.title),
    disambiguation: text(doc.disambiguation),
    status: oneOf(doc.status, STATUSES),
    release_date: date(doc.date),
    country: country(doc.country),
    packaging: word(doc.packaging),
    language: matching(language.language, /^[a-z]{2,3}$/),
    script: matching(language.script, /^[A-Z][a-z]{3}$/),
    barcode: text(doc.barcode),
    album: isDoc(group)
      ? place.read("release_group", group, inside(place, "release-group"))
      : undefined,
    credits: artistCredit(doc, place),
    labels: labels(doc, place),
    media: media(doc, place),
    tracks: whole ? tracks : undefined,
    release_events: events(doc, place),
    images: images(doc, id),
    aliases: aliases(doc, place),
    genres: genres(doc, place),
  });
}

/** "[none]" says that there is no catalog number, and a label of null that there is no label. */
function labels(doc: Doc, place: Place): LabelEntry[] | undefined {
  return each(doc, "label-info", place, (info, at) => {
    const label = isDoc(info.label) ? at.read("label", info.label, inside(at, "label")) : undefined;
    if (!label) return undefined;
    const number = text(info["catalog-number"]);
    return known<LabelEntry>({
      label,
      catalog_number: number?.toLowerCase() === "[none]" ? undefined : number,
    });
  });
}

function events(doc: Doc, place: Place): ReleaseEvent[] | undefined {
  return each(doc, "release-events", place, (event) => {
    const found = known<ReleaseEvent>({ country: areaCountry(event.area), date: date(event.date) });
    return Object.keys(found).length > 0 ? found : undefined;
  });
}

/** The Cover Art Archive serves the front and the back of a release under names of their own. */
function images(doc: Doc, id: string): Image[] | undefined {
  const archive = doc["cover-art-archive"];
  if (!isDoc(archive)) return undefined;
  const sides = ["front", "back"].filter((side) => archive[side] === true);
  if (sides.length === 0 && archive.artwork !== false) return undefined;
  return sides.map((side) => ({
    url: `https://coverartarchive.org/release/${id}/${side}`,
    image_type: side,
  }));
}
