import { known } from "../known.ts";
import type { ArtistRelation, Credit, Kind, Reference, WorkEntry } from "../record.ts";
import { type Entities, type EntityType, each, inside, mention, type Place } from "./collect.ts";
import { lifeSpan } from "./parts.ts";
import { type Doc, isDoc, text, texts, word } from "./read.ts";

/** What the relations of an entity say of the entity itself. */
export type Related = {
  credits: Credit[];
  works: WorkEntry[];
  track?: Reference<"track">;
  artists: ArtistRelation[];
};

type Contributor = Reference<"artist" | "label">;
type Creditable = Reference<"album" | "release" | "track" | "video" | "work">;

/**
 * Follows the relations of an entity: each target becomes a mention, and where the record of
 * either side has a place for the link, it is noted there. Places, areas, events, series,
 * instruments and addresses are no entities here (addresses of services: see idsOfUrls).
 */
export function follow(doc: Doc, own: Reference, place: Place): Related {
  const related: Related = { credits: [], works: [], artists: [] };
  each(doc, "relations", place, (relation, at) => {
    const type = targetType(relation);
    const target = type && relation[type];
    const other = type && isDoc(target) ? place.read(type, target, inside(at, type)) : undefined;
    if (other) link(relation, own, other, at, related);
  });
  return related;
}

const TARGETS: readonly string[] = [
  "artist",
  "label",
  "release_group",
  "release",
  "recording",
  "work",
] satisfies (keyof Entities)[];

function targetType(relation: Doc): EntityType | undefined {
  const type = text(relation["target-type"])?.replace("-", "_");
  return type && TARGETS.includes(type) ? (type as EntityType) : undefined;
}

function link(relation: Doc, own: Reference, other: Reference, place: Place, related: Related) {
  if (isContributor(other) && isCreditable(own)) {
    related.credits.push(credit(relation, other, "target-credit"));
  } else if (isContributor(own) && isCreditable(other)) {
    mention(other, { credits: [credit(relation, own, "source-credit")] }, place);
  } else if (is(own, "track") && is(other, "work")) {
    related.works.push(performance(relation, other));
  } else if (is(own, "work") && is(other, "track")) {
    mention(other, { works: [performance(relation, own)] }, place);
  } else if (is(own, "artist") && is(other, "artist")) {
    const found = artistRelation(relation, other);
    if (found) related.artists.push(found);
  } else if (relation.type === MUSIC_VIDEO) {
    if (is(own, "video") && is(other, "track")) related.track = other;
    else if (is(own, "track") && is(other, "video")) {
      mention(other, { track: own, video_type: MUSIC_VIDEO }, place);
    }
  }
}

/**
 * "member of band" leads forward from the member to the group. "is person" leads from a person to a name that this person performs
 * under; the two are one either way. Other relations of artists (married, taught, founded) have no place in a record.
 */
function artistRelation(relation: Doc, artist: Reference<"artist">): ArtistRelation | undefined {
  const type = word(relation.type);
  const isForward = relation.direction !== "backward";
  const found =
    type === "member of band" ? (isForward ? "group" : "member") : type === "is person" && "alias";
  if (!found) return undefined;
  const ended = relation.ended === true ? true : undefined;
  return known<ArtistRelation>({ artist, relation: found, ...lifeSpan(relation), ended });
}

export const MUSIC_VIDEO = "music video";

/** MusicBrainz names most relations by the role, these few by the deed. */
const ROLES: { [relation: string]: string } = {
  mix: "mixer",
  recording: "recording engineer",
  sound: "sound engineer",
  "performing orchestra": "orchestra",
};

function credit(relation: Doc, contributor: Contributor, creditedAs: string): Credit {
  const type = word(relation.type) ?? "contributor";
  return known<Credit>({
    contributor,
    role: ROLES[type] ?? type,
    credited_as: text(relation[creditedAs]),
    attributes: attributes(relation),
  });
}

function performance(relation: Doc, work: Reference<"work">): WorkEntry {
  return known<WorkEntry>({
    work,
    relation: word(relation.type),
    attributes: attributes(relation),
  });
}

function attributes(relation: Doc): string[] | undefined {
  const given = texts(relation.attributes);
  return given && given.length > 0 ? given : undefined;
}

function is<K extends Kind>(reference: Reference, kind: K): reference is Reference<K> {
  return reference.kind === kind;
}

function isContributor(reference: Reference): reference is Contributor {
  return reference.kind === "artist" || reference.kind === "label";
}

function isCreditable(reference: Reference): reference is Creditable {
  return !isContributor(reference) && reference.kind !== "genre";
}
