import { known, someOf } from "../known.ts";
import type { AlbumRecord } from "../record.ts";
import { childrenOf } from "../xml.ts";
import { isTrue, term, text, words } from "./text.ts";
import { textIn, type View } from "./view.ts";

type Type = Required<Pick<AlbumRecord, "album_type" | "secondary_types">>;

const ALBUM: Type = { album_type: "album", secondary_types: [] };

/** The release types of the allowed value set for which there is a better word than their own. */
const TYPES: ReadonlyMap<string, Type> = new Map<string, Type>([
  ["Album", ALBUM],
  ["ClassicalAlbum", ALBUM],
  ["MiniAlbum", ALBUM],
  ["DigitalBoxSetRelease", ALBUM],
  ["ClassicalDigitalBoxedSet", ALBUM],
  ["MultimediaAlbum", ALBUM],
  ["ClassicalMultimediaAlbum", ALBUM],
  ["MultimediaDigitalBoxedSet", ALBUM],
  ["VideoAlbum", { album_type: "album", secondary_types: ["video"] }],
  ["DjMix", { album_type: "album", secondary_types: ["dj-mix"] }],
  ["Single", { album_type: "single", secondary_types: [] }],
  ["MaxiSingle", { album_type: "single", secondary_types: [] }],
  ["MultimediaSingle", { album_type: "single", secondary_types: [] }],
  ["SingleResourceRelease", { album_type: "single", secondary_types: [] }],
  ["TrackRelease", { album_type: "single", secondary_types: [] }],
  ["VideoSingle", { album_type: "single", secondary_types: ["video"] }],
  ["VideoTrackRelease", { album_type: "single", secondary_types: ["video"] }],
  ["EP", { album_type: "ep", secondary_types: [] }],
  ["AudioBookRelease", { album_type: "other", secondary_types: ["audiobook"] }],
  ["AudioDramaRelease", { album_type: "other", secondary_types: ["audio drama"] }],
  ["SpokenWordRelease", { album_type: "other", secondary_types: ["spokenword"] }],
]);

/**
 * What the release types say of the album, those of the sender's own only where there is no other. Types without a place of their own are
 * "other", with the type in words without the word release: RingtoneRelease is "ringtone".
 */
export function albumType(view: View): Partial<Type> {
  const types = childrenOf(view.element, "ReleaseType");
  const type = term(types.find((each) => text(each) !== "UserDefined") ?? types[0]);
  const { album_type, secondary_types = [] } = type === undefined ? {} : meaning(type);
  const is = (name: string) => isTrue(textIn(view, name));
  const further = [
    ...secondary_types,
    ...(is("IsMultiArtistCompilation") || is("IsCompilation") ? ["compilation"] : []),
    ...(is("IsSoundtrack") ? ["soundtrack"] : []),
  ];
  return known<Partial<Type>>({ album_type, secondary_types: someOf(further) });
}

function meaning(type: string): Partial<Type> {
  const word = words(type.replace(/Release$/, "") || type);
  return TYPES.get(type) ?? { album_type: "other", secondary_types: [word] };
}
