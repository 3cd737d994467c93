import { distinct, known, someOf } from "../known.ts";
import type { AlbumRecord, LabelEntry, Reference, ReleaseRecord } from "../record.ts";
import type { XmlElement } from "../xml.ts";
import { copyrights } from "./copyright.ts";
import { credits } from "./credit.ts";
import { type Deals, dealsOf } from "./deal.ts";
import { genres } from "./genre.ts";
import { type Identifier, idsOf } from "./identifier.ts";
import { add, type Message, refuse, warn } from "./message.ts";
import { label, namedParty, partyOf } from "./party.ts";
import { earliest, releaseEvents } from "./release-event.ts";
import { releaseImages } from "./release-image.ts";
import { albumType } from "./release-type.ts";
import { languageOf, type Resources } from "./resource.ts";
import type { Stated } from "./stated-release.ts";
import { text } from "./text.ts";
import { partialDate } from "./time.ts";
import { titles } from "./title.ts";
import { trackList } from "./track-list.ts";
import { readTrackRelease } from "./track-release.ts";
import { textIn, those, type View } from "./view.ts";

/** Adds the releases of a message, and what its track releases say of their recordings. */
export function readReleases(
  message: Message,
  releases: readonly Stated[],
  resources: Resources,
): void {
  const referred = new Map<string, Stated>();
  for (const release of releases) {
    const { reference } = release;
    if (reference !== undefined && !referred.has(reference)) referred.set(reference, release);
  }
  const deals = dealsOf(message, referred);
  const dealOf = ({ reference }: Stated) =>
    reference === undefined ? undefined : deals.get(reference);
  const whole = releases.filter(({ isTrack }) => !isTrack);
  const added = new Map<string, XmlElement>();
  for (const release of whole) {
    const before = added.get(release.id ?? "");
    if (release.id === undefined) {
      const hint = "state a GRid, an ICPN or a proprietary id with its namespace";
      refuse(message, release.element, "a release without id and title", hint);
    } else if (before) {
      const reason = `a second release with the id ${release.id}: ${before.path} has it`;
      refuse(message, release.element, reason, "state an id of its own for each release");
    } else {
      added.set(release.id, release.element);
      readRelease(message, { ...release, id: release.id }, dealOf(release), {
        message,
        resources,
        release: (reference) => referred.get(reference)?.view,
      });
    }
  }
  const isOver = message.generation >= 4 && whole.length > 0 && !whole.some(dealOf);
  for (const release of releases) {
    if (release.isTrack) readTrackRelease(message, release, resources, dealOf(release), isOver);
  }
}

type Shelf = Parameters<typeof trackList>[1];

function readRelease(
  message: Message,
  { element, view, identifiers, id }: Stated & { id: string },
  deals: Deals | undefined,
  shelf: Shelf,
): void {
  if (!deals) warn(message, element, "a release without a deal");
  const { recordings, ...list } = trackList(view, shelf);
  const pictures = releaseImages(message, element, shelf.resources);
  const album: Reference<"album"> = { kind: "album", id };
  const original = partialDate(textIn(view, "OriginalReleaseDate", "GlobalOriginalReleaseDate"));
  const shared = {
    ...titles(view),
    credits: credits(message, view),
    genres: genres(view),
    images: someOf(pictures),
  };
  add(
    message,
    known<AlbumRecord>({
      kind: "album",
      id,
      ...shared,
      ...albumType(view),
      first_release_date: original,
    }),
    element,
  );
  const events = releaseEvents(view);
  const first = earliest(events);
  add(
    message,
    known<ReleaseRecord>({
      kind: "release",
      id,
      ids: idsOf("release", identifiers),
      ...shared,
      status: deals?.withdrawn ? "withdrawn" : "official",
      release_date: first?.date,
      country: first?.country,
      language: releaseLanguage(element, recordings),
      script: /-([A-Z][a-z]{3})(?:-|$)/.exec(element.attributes.LanguageAndScriptCode ?? "")?.[1],
      barcode: identifiers.find((each) => each.type === "ICPN")?.value,
      album,
      labels: labels(message, view, identifiers),
      ...list,
      release_events: someOf(events),
      // In ERN 4 a message replaces the deals before it: without any, nothing holds any more.
      rights: deals ? deals.rights : message.generation >= 4 ? [] : undefined,
      copyrights: copyrights(view),
    }),
    element,
  );
}

/** The language of the release's own texts, else the one in which all its recordings are sung. */
function releaseLanguage(
  element: XmlElement,
  recordings: { language?: string }[],
): string | undefined {
  const own = languageOf(element.attributes.LanguageAndScriptCode);
  const sung = new Set(recordings.map(({ language }) => language));
  return own ?? (sung.size === 1 ? [...sung][0] : undefined);
}

/** The labels, the first with the catalog number. */
function labels(message: Message, view: View, identifiers: Identifier[]): LabelEntry[] | undefined {
  const number = identifiers.find(({ type }) => type === "CatalogNumber")?.value;
  const catalog_number = number !== undefined && number.length <= 120 ? number : undefined;
  const referred = those(view, "ReleaseLabelReference").flatMap(
    (element) => partyOf(message, element) ?? [],
  );
  const named = those(view, "LabelName").flatMap((element) => {
    const name = text(element);
    return name === undefined ? [] : [namedParty(name, element)];
  });
  const found = distinct([...referred, ...named].map((party) => label(message, party)));
  return someOf(
    found.map((each, index) =>
      known<LabelEntry>({ label: each, catalog_number: index === 0 ? catalog_number : undefined }),
    ),
  );
}
