import { known } from "../known.ts";
import type { TrackRecord, VideoRecord } from "../record.ts";
import type { XmlElement } from "../xml.ts";
import { copyrights } from "./copyright.ts";
import type { Deals } from "./deal.ts";
import { genres } from "./genre.ts";
import { idsOf } from "./identifier.ts";
import { complete, type Message, warn } from "./message.ts";
import type { Resource, Resources } from "./resource.ts";
import type { Stated } from "./stated-release.ts";
import { text } from "./text.ts";
import { partialDate } from "./time.ts";
import { ownReferences } from "./track-list.ts";
import { textIn, type View } from "./view.ts";

/**
 * A track release has no record: its GRid, genres, copyrights and the rights of its deals are those of its recording.
 * `isOver` when the message gives no release any deal, in the way ERN 4 takes down.
 */
export function readTrackRelease(
  message: Message,
  { element, view, identifiers }: Stated,
  resources: Resources,
  deals: Deals | undefined,
  isOver: boolean,
): void {
  const found = recordingsOf(message, element, view, resources);
  for (const { recording } of found) {
    if (!recording) continue;
    const own = identifiers.filter(({ type }) => type !== "ISRC" || !recording.hasIsrc);
    const facts = known<Partial<Omit<TrackRecord | VideoRecord, "kind">>>({
      ids: idsOf(recording.reference.kind, own),
      genres: genres(view),
      copyrights: copyrights(view),
      first_release_date: partialDate(
        textIn(view, "OriginalReleaseDate", "GlobalOriginalReleaseDate"),
      ),
      rights: deals ? deals.rights : isOver ? [] : undefined,
    });
    complete(message, recording.reference, facts, element);
  }
}

/** The recordings a track release is of: primary ones where that is said, never what only accompanies them. */
function recordingsOf(
  message: Message,
  element: XmlElement,
  view: View,
  resources: Resources,
): Resource[] {
  const all = ownReferences(view);
  const primary = all.filter(
    ({ attributes }) => attributes.ReleaseResourceType === "PrimaryResource",
  );
  const found = (primary.length > 0 ? primary : all).flatMap((each) => {
    const resource = resources.get(text(each) ?? "");
    if (resource) return resource.recording ? [resource] : [];
    warn(message, each, `the resource ${text(each) ?? ""} is not in the ResourceList: passed over`);
    return [];
  });
  if (all.length === 0) warn(message, element, "a track release of no resource: passed over");
  return found;
}
