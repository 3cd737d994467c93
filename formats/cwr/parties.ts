import type { ArtistRecord, Ids, LabelRecord, Reference } from "../record.ts";
import { ipiOf } from "./values.ts";

/** Somebody who has a part in a work, as a record names them. */
export type Party = {
  /** Interested party number: the submitter's own. */
  party?: string;
  last_name: string;
  first_name?: string;
  ipi?: string;
  ipi_base?: string;
};

type Mention = ArtistRecord | LabelRecord;

/** Beyond that many parties, those that come again are mentioned again. */
const REMEMBERED = 100_000;

/**
 * Turns parties into references, and collects a mention of each that is new or says something else than before.
 * The id is the interested party number, which is the submitter's; without one the IPI name number, else the name.
 */
export function partyBook(): {
  artist(party: Party): Reference<"artist"> | undefined;
  label(party: Party): Reference<"label"> | undefined;
  take(): Mention[];
} {
  const told = new Map<string, string>();
  let fresh: Mention[] = [];
  const tell = (record: Mention) => {
    const key = `${record.kind} ${record.id}`;
    const facts = JSON.stringify(record);
    if (told.get(key) === facts) return;
    if (told.size >= REMEMBERED) told.clear();
    told.set(key, facts);
    fresh.push(record);
  };
  return {
    artist(party) {
      const id = idOf(party);
      if (id === undefined) return undefined;
      const { first_name: first = "", last_name: last } = party;
      tell({
        kind: "artist",
        id,
        scope: "mention",
        name: first === "" ? last : `${first} ${last}`,
        ...(first === "" ? {} : { sort_name: `${last}, ${first}`, artist_type: "person" as const }),
        ...identified(party),
      });
      return { kind: "artist", id };
    },
    label(party) {
      const id = idOf(party);
      if (id === undefined) return undefined;
      tell({ kind: "label", id, scope: "mention", name: party.last_name, ...identified(party) });
      return { kind: "label", id };
    },
    take() {
      const all = fresh;
      fresh = [];
      return all;
    },
  };
}

export type PartyBook = ReturnType<typeof partyBook>;

/** Undefined for a party without a name: it is not known who that is. */
function idOf({
  party = "",
  ipi = "",
  last_name: last,
  first_name: first = "",
}: Party): string | undefined {
  if (last === "") return undefined;
  if (party !== "" && !/^0+$/.test(party)) return party;
  const number = ipiOf(ipi);
  if (number !== undefined) return `ipi:${number}`;
  return `name:${(first === "" ? last : `${last}, ${first}`).toLowerCase()}`;
}

function identified({ ipi = "", ipi_base: base = "" }: Party): { ids?: Ids } {
  const number = ipiOf(ipi);
  const ids: Ids = {
    ...(number === undefined ? {} : { ipi: number }),
    ...(/^I\d{10}$/.test(base.replace(/[-.]/g, "")) ? { ipi_base: base } : {}),
  };
  return Object.keys(ids).length > 0 ? { ids } : {};
}
