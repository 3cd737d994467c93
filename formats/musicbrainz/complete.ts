import type { EntityType } from "./collect.ts";
import type { Doc } from "./read.ts";

/** What objects of a dump have of all that a record is made of; an answer of the web service has what was asked for. */
const EVERYWHERE = ["aliases", "genres", "relations"];
const INCLUDES: { [T in EntityType]: readonly string[] } = {
  artist: [...EVERYWHERE, "isnis", "ipis"],
  label: [...EVERYWHERE, "isnis", "ipis"],
  release_group: [...EVERYWHERE, "artist-credit"],
  release: [...EVERYWHERE, "artist-credit", "label-info", "media", "release-group"],
  recording: [...EVERYWHERE, "artist-credit", "isrcs"],
  work: [...EVERYWHERE, "iswcs"],
  genre: ["disambiguation"],
};

/**
 * True when an object says all that there is, so that what it leaves out is not so. Answers of the web service that were put one to a line
 * may look like a dump; a record of theirs must not take away what they were not asked for.
 */
export function isComplete(type: EntityType, doc: Doc): boolean {
  return INCLUDES[type].every((key) => key in doc);
}
