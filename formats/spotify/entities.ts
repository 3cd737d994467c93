import { known } from "../known.ts";
import { type Doc, flag, integer, isDoc, oneOf, text, texts } from "../musicbrainz/read.ts";
import { leadingDate } from "../partial-date.ts";
import type {
  AlbumRecord,
  ArtistRecord,
  CatalogRecord,
  Copyright,
  Credit,
  Ids,
  Image,
  LabelRecord,
  Reference,
  ReleaseRecord,
  ReleaseTrack,
  Scope,
  TrackRecord,
} from "../record.ts";

/** What an entity and all that it nests become. */
export type Found = { mentions: CatalogRecord[]; records: CatalogRecord[] };

/** An artist. Undefined without an id or a name. */
export function readArtist(doc: Doc, scope: Scope = "partial"): Found | undefined {
  const [id, name] = [text(doc.id), text(doc.name)];
  if (!id || !name) return undefined;
  const record = known<ArtistRecord>({
    kind: "artist",
    id,
    scope,
    name,
    ids: idsOf(id),
    genres: texts(doc.genres)?.map((genre) => ({ name: genre })),
    images: imagesOf(doc),
    popularity: popularityOf(doc, scope),
  });
  return scope === "mention"
    ? { mentions: [record], records: [] }
    : { mentions: [], records: [record] };
}

/** A track, and the release that carries it, of which it says one line. */
export function readTrack(doc: Doc, scope: Scope = "partial"): Found | undefined {
  const [id, title] = [text(doc.id), text(doc.name)];
  if (!id || !title) return undefined;
  const { credits, mentions } = creditsOf(doc);
  const isrc = isDoc(doc.external_ids) ? text(doc.external_ids.isrc) : undefined;
  const record = known<TrackRecord>({
    kind: "track",
    id,
    scope,
    title,
    ids: idsOf(id, isrc === undefined ? {} : { isrc }),
    duration_ms: integer(doc.duration_ms),
    explicit: flag(doc.explicit),
    popularity: popularityOf(doc, scope),
    credits,
  });
  const line = lineOf(doc, id);
  const album = isDoc(doc.album) && readAlbum(doc.album, "mention", line ? [line] : undefined);
  const around = album ? album.mentions : [];
  return scope === "mention"
    ? { mentions: [...mentions, ...around, record], records: [] }
    : { mentions: [...mentions, ...around], records: [record] };
}

/** An album, which is a release and its album. `lines`: tracks that are known of it from elsewhere. */
export function readAlbum(
  doc: Doc,
  scope: Scope = "partial",
  lines?: ReleaseTrack[],
): Found | undefined {
  const [id, title] = [text(doc.id), text(doc.name)];
  if (!id || !title) return undefined;
  const { credits, mentions } = creditsOf(doc);
  const { tracks, isWhole, nested } = tracksOf(doc);
  const label = text(doc.label);
  const labelId = label && `name:${label.toLowerCase()}`;
  if (label && labelId) {
    mentions.push({
      kind: "label",
      id: labelId,
      scope: "mention",
      name: label,
    } satisfies LabelRecord);
  }
  const type = text(doc.album_type)?.toLowerCase();
  const album: Reference<"album"> = { kind: "album", id };
  const common = { scope, title, credits, images: imagesOf(doc) };
  const external = isDoc(doc.external_ids) ? doc.external_ids : {};
  const gtin = [text(external.upc), text(external.ean)].filter((each) => each !== undefined);
  const albumRecord = known<AlbumRecord>({
    kind: "album",
    id,
    ...common,
    ids: idsOf(id),
    // A compilation is an album of a secondary type.
    album_type: type === "compilation" ? "album" : oneOf(type, ["album", "single", "ep"]),
    secondary_types: type === "compilation" ? ["compilation"] : undefined,
    genres: texts(doc.genres)?.map((name) => ({ name })),
    popularity: popularityOf(doc, scope),
  });
  const release: ReleaseRecord = known<ReleaseRecord>({
    kind: "release",
    id,
    ...common,
    ids: idsOf(id, gtin.length > 0 ? { gtin } : {}),
    barcode: gtin[0],
    release_date: leadingDate(text(doc.release_date) ?? ""),
    album,
    labels: labelId ? [{ label: { kind: "label", id: labelId } }] : undefined,
    tracks: isWhole ? tracks : undefined,
    copyrights: copyrightsOf(doc),
  });
  // A part of a track list must not stand in for the whole: it only fills a gap.
  const part = lines ?? (isWhole ? undefined : tracks);
  const parts: CatalogRecord[] = part
    ? [{ kind: "release", id, scope: "mention", tracks: part }]
    : [];
  return scope === "mention"
    ? {
        mentions: [
          ...mentions,
          ...nested,
          albumRecord,
          part ? { ...release, tracks: part } : release,
        ],
        records: [],
      }
    : { mentions: [...mentions, ...nested, ...parts], records: [albumRecord, release] };
}

function tracksOf(doc: Doc): {
  tracks?: ReleaseTrack[];
  isWhole: boolean;
  nested: CatalogRecord[];
} {
  const page = isDoc(doc.tracks) ? doc.tracks : {};
  if (!Array.isArray(page.items)) return { isWhole: false, nested: [] };
  const nested: CatalogRecord[] = [];
  const tracks = page.items.flatMap((item): ReleaseTrack[] => {
    const found = isDoc(item) ? readTrack(item, "mention") : undefined;
    if (!found) return [];
    nested.push(...found.mentions);
    const line = lineOf(item, text(item.id) ?? "");
    return line ? [line] : [];
  });
  const isWhole = tracks.length === page.total && tracks.length === page.items.length;
  return { tracks, isWhole, nested };
}

function lineOf(doc: Doc, id: string): ReleaseTrack | undefined {
  const [disc, position] = [integer(doc.disc_number), integer(doc.track_number)];
  if (!disc || !position) return undefined;
  return known<ReleaseTrack>({
    disc,
    position,
    title: text(doc.name),
    duration_ms: integer(doc.duration_ms),
    track: { kind: "track", id },
  });
}

function creditsOf(doc: Doc): { credits?: Credit[]; mentions: CatalogRecord[] } {
  const mentions: CatalogRecord[] = [];
  const artists: unknown[] = Array.isArray(doc.artists) ? doc.artists : [];
  const credits = artists.flatMap((artist): Credit[] => {
    const found = isDoc(artist) ? readArtist(artist, "mention") : undefined;
    const [own] = found?.mentions ?? [];
    if (!own) return [];
    mentions.push(own);
    return [{ contributor: { kind: "artist", id: own.id }, role: "artist" }];
  });
  const placed = credits.map((credit, index) => ({ ...credit, position: index + 1 }));
  return placed.length === 0 ? { mentions } : { credits: placed, mentions };
}

/** An id of the service has 22 characters of base 62. */
function idsOf(id: string, others: Ids = {}): Ids | undefined {
  const ids: Ids = { ...(/^[0-9A-Za-z]{22}$/.test(id) ? { spotify: id } : {}), ...others };
  return Object.keys(ids).length > 0 ? ids : undefined;
}

/** The largest comes first. */
function imagesOf(doc: Doc): Image[] | undefined {
  if (!Array.isArray(doc.images)) return undefined;
  const images = doc.images.flatMap((image): Image[] => {
    const url = isDoc(image) ? text(image.url) : undefined;
    if (!url?.startsWith("http")) return [];
    const [width, height] = [integer(image.width), integer(image.height)];
    return [known<Image>({ url, width: width || undefined, height: height || undefined })];
  });
  return images.length > 0 ? images : undefined;
}

/** What changes from day to day is not for mentions, which only fill gaps. */
function popularityOf(doc: Doc, scope: Scope): number | undefined {
  return scope === "mention" ? undefined : integer(doc.popularity);
}

function copyrightsOf(doc: Doc): Copyright[] | undefined {
  if (!Array.isArray(doc.copyrights)) return undefined;
  const lines = doc.copyrights.flatMap((each): Copyright[] => {
    const [line, said] = isDoc(each) ? [text(each.type), text(each.text)] : [];
    if ((line !== "P" && line !== "C") || !said) return [];
    const [year] = /^(?:19|20)\d\d(?=\s)/.exec(said) ?? [];
    return [{ line, text: said, ...(year === undefined ? {} : { year: Number(year) }) }];
  });
  return lines.length > 0 ? lines : undefined;
}
