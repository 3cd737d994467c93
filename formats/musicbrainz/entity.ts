import type { CatalogRecord, Reference } from "../record.ts";
import {
  collect,
  type Entities,
  type EntityType,
  type Facts,
  mbid,
  mention,
  type Place,
  union,
} from "./collect.ts";
import {
  readArtist,
  readGenre,
  readLabel,
  readRecording,
  readReleaseGroup,
  readWork,
} from "./entities.ts";
import type { Doc } from "./read.ts";
import { follow, MUSIC_VIDEO, type Related } from "./relations.ts";
import { readRelease } from "./release.ts";
import { idsOfUrls } from "./services.ts";

const READERS: { [T in EntityType]: (doc: Doc, id: string, place: Place) => Facts } = {
  artist: readArtist,
  label: readLabel,
  release_group: readReleaseGroup,
  release: readRelease,
  recording: readRecording,
  work: readWork,
  genre: readGenre,
};

/**
 * Reads an entity, its relations and all that it nests into the records of the place. The readers
 * call this for what they nest (as `place.read`, so that modules need not import in circles).
 */
export function readEntity<T extends EntityType>(
  type: T,
  doc: Doc,
  place: Place,
): Reference<Entities[T]> | undefined {
  const id = mbid(doc, place, type.replace("_", " "));
  if (!id) return undefined;
  const facts = READERS[type](doc, id, place);
  const own = { kind: facts.kind, id } as Reference<Entities[T]>;
  const ids = { mbid: id, ...facts.ids, ...idsOfUrls(doc, facts.kind) };
  const record: CatalogRecord = { id, scope: place.scope, ...facts, ids };
  relate(record, follow(doc, own, place), place);
  collect(record, place);
  return own;
}

/** Adds to a record what its relations say of it. */
function relate(record: CatalogRecord, related: Related, place: Place): void {
  const { credits, works, track, artists } = related;
  if (record.kind === "artist" && artists.length > 0) record.relations = union(artists, []);
  if (record.kind === "track" && works.length > 0) record.works = works;
  if (record.kind === "video" && track) {
    record.track = track;
    record.video_type = MUSIC_VIDEO;
  }
  if (credits.length === 0) return;
  // Only a work has no credit line besides. Elsewhere, when the document was not asked for that
  // line, what the relations say is not all the credits and must not replace them.
  if (record.kind === "work" || ("credits" in record && record.credits)) {
    record.credits = union(record.credits ?? [], credits);
  } else {
    mention({ kind: record.kind, id: record.id } as Reference<"track">, { credits }, place);
  }
}
