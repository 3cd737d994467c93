import type { ArtistRecord, Credit } from "../record.ts";
import type { Person } from "./feed.ts";
import { personId } from "./identity.ts";
import { line } from "./title.ts";
import { webAddress } from "./url.ts";

/** Credits of persons in their order, and what they say of the artists. The role is host when none is given, as the namespace rules. */
export function creditsOf(
  persons: readonly Person[],
  podcast: string,
  bases: readonly (string | undefined)[],
): { credits: Credit[]; artists: ArtistRecord[] } {
  const artists = new Map<string, ArtistRecord>();
  const credits = new Map<string, Credit>();
  for (const { name: given, role, group, href, image } of persons) {
    const name = line(given);
    if (name === undefined) continue;
    const id = personId(podcast, name, webAddress(href, bases));
    const url = webAddress(image, bases);
    if (!artists.has(id)) {
      artists.set(id, {
        kind: "artist",
        id,
        scope: "mention",
        name,
        ...(url !== undefined && { images: [{ url }] }),
      });
    }
    const credit: Credit = {
      contributor: { kind: "artist", id },
      role: role?.trim().toLowerCase() || "host",
      position: credits.size + 1,
      ...(artists.get(id)?.name !== name && { credited_as: name }),
      ...(group !== undefined && { attributes: [group.trim().toLowerCase()] }),
    };
    const key = JSON.stringify([id, credit.role]);
    if (!credits.has(key)) credits.set(key, credit);
  }
  return { credits: [...credits.values()], artists: [...artists.values()] };
}
