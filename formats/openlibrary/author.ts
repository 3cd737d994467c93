import { known, someOf } from "../known.ts";
import { type Doc, isDoc, MBID, matching } from "../musicbrainz/read.ts";
import type { Alias, ArtistRecord, Ids } from "../record.ts";
import { typedDate } from "./date.ts";
import { picturesOf, textOf, textsOf } from "./read.ts";

const TYPES = new Map<string, ArtistRecord["artist_type"]>([
  ["person", "person"],
  ["org", "group"],
  ["event", "other"],
]);

/** An author as an artist. */
export function readAuthor(doc: Doc, id: string): ArtistRecord {
  const name = textOf(doc.name) ?? textOf(doc.personal_name);
  const aliases = new Map<string, Alias>();
  const add = (alias: string | undefined, alias_type?: string) => {
    if (alias === undefined || alias === name || alias.length > 500 || aliases.has(alias)) return;
    aliases.set(alias, alias_type ? { name: alias, alias_type } : { name: alias });
  };
  add(textOf(doc.fuller_name), "legal name");
  add(textOf(doc.personal_name));
  for (const other of textsOf(doc.alternate_names)) add(other);
  const death = typedDate(textOf(doc.death_date) ?? "");
  return known<ArtistRecord>({
    kind: "artist",
    id,
    ids: idsOf(doc, id),
    name,
    artist_type: TYPES.get(textOf(doc.entity_type) ?? ""),
    begin_date: typedDate(textOf(doc.birth_date) ?? ""),
    end_date: death,
    ended: death === undefined ? undefined : true,
    aliases: someOf([...aliases.values()]),
    images: picturesOf(doc.photos, "a", "artist"),
  });
}

/** Their names for the schemes that are ours too. */
const REMOTE: { [name: string]: string } = { viaf: "viaf", wikidata: "wikidata", isni: "isni" };

function idsOf(doc: Doc, id: string): Ids {
  const remote = isDoc(doc.remote_ids) ? doc.remote_ids : {};
  const ids: Ids = { openlibrary: id };
  for (const [name, scheme] of Object.entries(REMOTE)) {
    const value = textOf(remote[name]);
    if (value !== undefined) ids[scheme] = value;
  }
  const mbid = matching(textOf(remote.musicbrainz), MBID);
  if (mbid !== undefined) ids.mbid = mbid;
  return ids;
}
