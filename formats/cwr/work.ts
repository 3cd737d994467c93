import { known } from "../known.ts";
import type { Alias, Credit, Reference, TrackRecord, WorkRecord } from "../record.ts";
import { fieldsOf } from "./layout.ts";
import type { Party, PartyBook } from "./parties.ts";
import { DESIGNATIONS, GENRES, PUBLISHER_TYPES, TITLE_TYPES, WORK_TYPES } from "./terms.ts";
import type { Line } from "./transactions.ts";
import { dateOf, durationOf, isShare, languageOf, shareOf } from "./values.ts";

export type Told = {
  work: WorkRecord;
  tracks: { record: TrackRecord; line: number }[];
  /** Works that are named in passing: the original of a version, the whole of an excerpt, the parts of a composite. */
  others: { record: WorkRecord; line: number }[];
  warnings: { warning: string; line: number }[];
};

/**
 * The work of a transaction: `head` is its NWR, REV, ISW or EXC, `lines` what follows. An EXC tells of a work as somebody else
 * registered it: its numbers are theirs, and it is known by its ISWC and the IPI numbers of its parties alone.
 * Answers the reason when it is no work: no title, nothing to know it by.
 */
export function readWork(
  head: Line,
  lines: readonly Line[],
  parties: PartyBook,
  stated: { id?: string } = {},
): Told | { reason: string } {
  const { title, submitter_number: number, ...fields } = fieldsOf("WORK", head.text);
  const isForeign = head.type === "EXC";
  if (title === "") return { reason: "the work has no title" };
  const id =
    stated.id ?? (isForeign ? foreignId(fields.iswc, number) : number || idOfIswc(fields.iswc));
  if (id === undefined) {
    return { reason: "the work has neither a submitter work number nor an ISWC" };
  }
  const own: Reference<"work"> = { kind: "work", id };
  const warnings: Told["warnings"] = [];
  const credits: Credit[] = [];
  const aliases: Alias[] = [];
  const tracks: Told["tracks"] = [];
  const others: Told["others"] = [];
  const named = (party: Party): Party => (isForeign ? { ...party, party: "" } : party);

  for (const { line, type, text } of lines) {
    const warn = (warning: string) => warnings.push({ warning, line });
    switch (type) {
      case "SPU":
      case "OPU": {
        const { name, ...publisher } = fieldsOf("PUBLISHER", text);
        const contributor = parties.label(named({ ...publisher, last_name: name }));
        if (!contributor) break;
        const kind = PUBLISHER_TYPES[publisher.type];
        const attributes = kind === undefined ? {} : { attributes: [kind] };
        credits.push({
          contributor,
          role: "publisher",
          ...sharesOf(publisher, warn),
          ...attributes,
        });
        break;
      }
      case "SWR":
      case "OWR": {
        const writer = fieldsOf("WRITER", text);
        const contributor = parties.artist(named(writer));
        if (!contributor) break;
        const roles = DESIGNATIONS[writer.designation] ?? ["writer"];
        const shares = sharesOf(writer, warn);
        for (const [index, role] of roles.entries()) {
          credits.push({ contributor, role, ...(index === 0 ? shares : {}) });
        }
        break;
      }
      case "PER": {
        const contributor = parties.artist(fieldsOf("PER", text));
        if (contributor) credits.push({ contributor, role: "performer" });
        break;
      }
      case "ALT":
      case "NAT": {
        const other = fieldsOf(type, text);
        const name = other.title.slice(0, 500);
        if (name === "") break;
        const locale = languageOf(other.language);
        aliases.push(known<Alias>({ name, alias_type: TITLE_TYPES[other.type], locale }));
        break;
      }
      case "REC": {
        const record = readRecording(text, own, title, parties, warn);
        if (record) tracks.push({ record, line });
        break;
      }
      case "VER":
      case "EWT":
      case "COM": {
        const other = fieldsOf(type === "COM" ? "COM" : "ORIGINAL", text);
        const record = readOther(other, isForeign, parties);
        if (record) others.push({ record, line });
        break;
      }
    }
  }
  const { composite_type: composite, excerpt_type: excerpt, work_type: type } = fields;
  const language = languageOf(fields.language);
  const genre = GENRES[type] ?? (fields.distribution_category === "JAZ" ? "jazz" : undefined);
  const work = known<WorkRecord>({
    kind: "work",
    id,
    scope: isForeign || head.type === "ISW" ? "partial" : undefined,
    ids: fields.iswc === "" ? undefined : { iswc: fields.iswc },
    title,
    work_type: WORK_TYPES[composite] ?? WORK_TYPES[excerpt] ?? WORK_TYPES[type],
    languages: language === undefined ? undefined : [language],
    aliases: aliases.length > 0 ? aliases : undefined,
    credits: credits.length > 0 ? credits : undefined,
    genres: genre === undefined ? undefined : [{ name: genre }],
  });
  return { work, tracks, others, warnings };
}

function idOfIswc(iswc: string): string | undefined {
  return iswc === "" ? undefined : `iswc:${iswc}`;
}

function foreignId(iswc: string, number: string): string | undefined {
  return idOfIswc(iswc) ?? (number === "" ? undefined : `conflict:${number}`);
}

type Shares = { performing: string; mechanical: string; synchronization: string };

function sharesOf(shares: Shares, warn: (warning: string) => void) {
  for (const [right, digits] of Object.entries(shares)) {
    if (["performing", "mechanical", "synchronization"].includes(right) && !isShare(digits)) {
      warn(`the ${right} share ${JSON.stringify(digits)} is none; it is left out`);
    }
  }
  return known<Pick<Credit, "share" | "mechanical_share" | "synchronization_share">>({
    share: shareOf(shares.performing),
    mechanical_share: shareOf(shares.mechanical),
    synchronization_share: shareOf(shares.synchronization),
  });
}

/** A recording that can be told from others: by its ISRC, its number, or what it came out on. */
function readRecording(
  text: string,
  work: Reference<"work">,
  workTitle: string,
  parties: PartyBook,
  warn: (warning: string) => void,
): TrackRecord | undefined {
  const rec = fieldsOf("REC", text);
  let isrc = rec.isrc;
  if (isrc !== "" && rec.isrc_validity.startsWith("N")) {
    warn(`the ISRC ${isrc} is marked as not valid; it is left out`);
    isrc = "";
  }
  const where = rec.title || rec.catalog_number || rec.ean || rec.album_title;
  const id =
    isrc || (rec.identifier && `${work.id}/${rec.identifier}`) || (where && `${work.id}/${where}`);
  if (!id) return undefined;
  const artist = rec.display_artist && parties.artist({ last_name: rec.display_artist });
  return known<TrackRecord>({
    kind: "track",
    id,
    scope: "partial",
    ids: isrc === "" ? undefined : { isrc },
    title: rec.title || workTitle,
    disambiguation: rec.version_title || undefined,
    duration_ms: durationOf(rec.duration),
    first_release_date: dateOf(rec.release_date),
    credits: artist ? [{ contributor: artist, role: "artist" }] : undefined,
    works: [{ work, relation: "performance" }],
  });
}

type Other = {
  title: string;
  iswc: string;
  submitter_number: string;
  language?: string;
  last_name: string;
  first_name: string;
  ipi: string;
  ipi_base: string;
  last_name_2: string;
  first_name_2: string;
  ipi_2: string;
  ipi_base_2: string;
};

function readOther(other: Other, isForeign: boolean, parties: PartyBook): WorkRecord | undefined {
  const { title, iswc, submitter_number: number } = other;
  const id = isForeign ? foreignId(iswc, number) : number || idOfIswc(iswc);
  if (!id || title === "") return undefined;
  const writers = [
    {
      last_name: other.last_name,
      first_name: other.first_name,
      ipi: other.ipi,
      ipi_base: other.ipi_base,
    },
    {
      last_name: other.last_name_2,
      first_name: other.first_name_2,
      ipi: other.ipi_2,
      ipi_base: other.ipi_base_2,
    },
  ].flatMap((writer) => parties.artist(writer) ?? []);
  const language = languageOf(other.language ?? "");
  return known<WorkRecord>({
    kind: "work",
    id,
    scope: "mention",
    ids: iswc === "" ? undefined : { iswc },
    title,
    languages: language === undefined ? undefined : [language],
    credits:
      writers.length === 0
        ? undefined
        : writers.map((contributor) => ({ contributor, role: "writer" })),
  });
}
