import type { Alias, ArtistRecord, ArtistRelation, LabelRecord } from "../record.ts";
import { childOf, lineOf, textOf, type XmlElement } from "../xml.ts";
import { summaryOf } from "./markup.ts";
import { withoutNumber } from "./name.ts";
import {
  childrenIn,
  ids,
  idsOfAddresses,
  imagesOf,
  mention,
  numberOf,
  present,
  type Reading,
  say,
  textsIn,
  warn,
} from "./reading.ts";

/** Names of aliases may be that long; longer ones are texts that went astray. */
const NAME_LIMIT = 500;

/** An artist: who it is, its other names, and whom it stands for, consists of or belongs to. */
export function readArtist(reading: Reading, id: string): void {
  const { element } = reading;
  const name = lineOf(childOf(element, "name"));
  const members = related(reading, "members", "member");
  say(
    reading,
    present<ArtistRecord>({
      kind: "artist",
      id,
      ids: ids("artist", id, idsOfAddresses(element, "artist")),
      name: name && withoutNumber(name),
      disambiguation: summaryOf(textOf(childOf(element, "profile")) ?? ""),
      artist_type: members.length > 0 ? "group" : undefined,
      aliases: aliases(reading, name, [
        ...textsIn(element, "namevariations", "name").map(
          (each): NewAlias => [each, "artist name"],
        ),
        // Of a group it lists who they are.
        [lineOf(childOf(element, "realname")), members.length > 0 ? undefined : "legal name"],
      ]),
      relations: [
        ...related(reading, "aliases", "alias"),
        ...members,
        ...related(reading, "groups", "group"),
      ],
      images: imagesOf(element),
    }),
  );
}

/** A label, the one it is a part of, and those that are parts of it. */
export function readLabel(reading: Reading, id: string): void {
  const { element } = reading;
  const name = lineOf(childOf(element, "name"));
  const above = childOf(element, "parentLabel");
  const aboveId = numberOf(above?.attributes.id);
  const parent = aboveId ? mention(reading, "label", aboveId, lineOf(above)) : undefined;
  for (const sub of childrenIn(element, "sublabels", "label")) {
    const subId = numberOf(sub.attributes.id);
    if (!subId) continue;
    mention(reading, "label", subId, lineOf(sub));
    say(reading, { kind: "label", id: subId, scope: "mention", parent: { kind: "label", id } });
  }
  say(
    reading,
    present<LabelRecord>({
      kind: "label",
      id,
      ids: ids("label", id, idsOfAddresses(element, "label")),
      name: name && withoutNumber(name),
      disambiguation: summaryOf(textOf(childOf(element, "profile")) ?? ""),
      parent,
      aliases: aliases(reading, name, []),
      images: imagesOf(element),
    }),
  );
}

type NewAlias = [name: string | undefined, alias_type: string | undefined];

/** Other names, each once; the name with its number is one that people look for. */
function aliases(reading: Reading, own: string | undefined, given: NewAlias[]): Alias[] {
  const found = new Map<string, Alias>();
  const bare = own && withoutNumber(own);
  for (const [name, alias_type] of [...given, [own, "search hint"] as NewAlias]) {
    if (name === undefined || name === bare || found.has(name)) continue;
    if (name.length > NAME_LIMIT) warn(reading, `passed over: a name of ${name.length} characters`);
    else found.set(name, present<Alias>({ name, alias_type }));
  }
  return [...found.values()];
}

function related(
  reading: Reading,
  list: string,
  relation: ArtistRelation["relation"],
): ArtistRelation[] {
  const found = new Map<string, ArtistRelation>();
  for (const each of childrenIn(reading.element, list, "name")) {
    const id = numberOf(each.attributes.id);
    if (!id) warn(reading, `passed over: ${relation} ${quoted(lineOf(each))} without an id`);
    else if (!found.has(id)) {
      found.set(id, { artist: mention(reading, "artist", id, lineOf(each)), relation });
    }
  }
  return [...found.values()];
}

/** A text in a warning. */
export function quoted(text: string | undefined): string {
  return JSON.stringify((text ?? "").slice(0, 80));
}

/** The children of an element that state an artist: artists and extraartists have the same shape. */
export function artistsIn(element: XmlElement, list: "artists" | "extraartists"): XmlElement[] {
  return childrenIn(element, list, "artist");
}
