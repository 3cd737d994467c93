import type { Credit } from "../record.ts";
import { childOf, lineOf, textOf, type XmlElement } from "../xml.ts";
import { withoutNumber } from "./name.ts";
import { artistsIn, quoted } from "./party.ts";
import { mention, numberOf, present, type Reading, warn } from "./reading.ts";
import { rolesOf } from "./roles.ts";

/** The credit line of an element: who, under which name, and what stands between the names. */
export function creditLine(reading: Reading, element: XmlElement): Credit[] {
  const artists = artistsIn(element, "artists");
  return artists.flatMap((artist, index) => {
    const contributor = contributorOf(reading, artist);
    if (!contributor) return [];
    const isLast = index === artists.length - 1;
    return present<Credit>({
      ...contributor,
      role: "artist",
      position: index + 1,
      join_phrase: isLast ? undefined : joinPhrase(textOf(childOf(artist, "join"))),
    });
  });
}

/** Discogs leaves the spaces out, and shows a comma where nothing is said. */
function joinPhrase(join: string | undefined): string {
  if (join === undefined || join === ",") return ", ";
  return /^[,;:.、]/.test(join) ? `${join} ` : ` ${join} `;
}

/** The credits of those who had other roles, each with the tracks it is said to be limited to. */
export function roleCredits(
  reading: Reading,
  element: XmlElement,
): { credit: Credit; tracks: string | undefined }[] {
  return artistsIn(element, "extraartists").flatMap((artist) => {
    const contributor = contributorOf(reading, artist);
    if (!contributor) return [];
    const roles = rolesOf(textOf(childOf(artist, "role")) ?? "");
    const tracks = textOf(childOf(artist, "tracks"));
    const given = roles.length > 0 ? roles : [{ role: "contributor", attributes: [] }];
    return given.map(({ role, attributes }) => ({
      credit: present<Credit>({ ...contributor, role, attributes }),
      tracks,
    }));
  });
}

/** The artist of a credit; undefined for a name that Discogs has not linked to any. */
function contributorOf(
  reading: Reading,
  artist: XmlElement,
): Pick<Credit, "contributor" | "credited_as"> | undefined {
  const id = numberOf(textOf(childOf(artist, "id")));
  const name = lineOf(childOf(artist, "name"));
  if (!id) {
    warn(reading, `passed over: a credit of ${quoted(name)}, which is no artist of Discogs`);
    return undefined;
  }
  const contributor = mention(reading, "artist", id, name);
  const printed = lineOf(childOf(artist, "anv"));
  const isOther = printed !== undefined && printed !== (name && withoutNumber(name));
  return isOther ? { contributor, credited_as: printed } : { contributor };
}
