import { createHash } from "node:crypto";
import type { Ids, Kind } from "../record.ts";
import { childrenOf, type XmlElement } from "../xml.ts";
import { isTrue, text } from "./text.ts";

/** One identifier as a message states it. */
export type Identifier = {
  /** The name of its element: GRid, ICPN, ISRC, ISWC, ISNI, DPID, IPN, IpiNameNumber, ProprietaryId, CatalogNumber, … */
  type: string;
  value: string;
  /** Of proprietary ids and catalog numbers: who gives them, usually a DPID. */
  namespace?: string;
};

/** The schemes of `identity.scheme` that take these, by the kind of what they name. */
const SCHEMES: { [type: string]: { scheme: string; kinds: Kind[] } } = {
  GRid: { scheme: "grid", kinds: ["release", "track"] },
  ICPN: { scheme: "gtin", kinds: ["release"] },
  ISRC: { scheme: "isrc", kinds: ["track", "video"] },
  ISWC: { scheme: "iswc", kinds: ["work"] },
  ISNI: { scheme: "isni", kinds: ["artist", "label"] },
  IpiNameNumber: { scheme: "ipi", kinds: ["artist", "label"] },
  DPID: { scheme: "dpid", kinds: ["label"] },
};

/** The identifiers inside elements such as ReleaseId, SoundRecordingId, ResourceId; those that were replaced left out. */
export function identifiersIn(holders: readonly XmlElement[]): Identifier[] {
  return holders.flatMap((holder) =>
    childrenOf(holder).flatMap((child): Identifier[] => {
      const value = text(child);
      if (value === undefined || isTrue(child.attributes.IsReplaced)) return [];
      const namespace = child.attributes.Namespace?.trim();
      return [{ type: child.name, value, ...(namespace ? { namespace } : {}) }];
    }),
  );
}

/** A PartyId of ERN 3, whose text is the id and whose attributes say of which kind. */
export function partyIdentifier(element: XmlElement): Identifier | undefined {
  const value = text(element);
  if (value === undefined) return undefined;
  const { IsISNI, IsDPID, IsIPN, Namespace } = element.attributes;
  if (isTrue(IsISNI)) return { type: "ISNI", value };
  if (isTrue(IsDPID)) return { type: "DPID", value };
  if (isTrue(IsIPN)) return { type: "IPN", value };
  const namespace = Namespace?.trim();
  if (namespace) return { type: "ProprietaryId", value, namespace };
  return { type: /^PADPID/i.test(value) ? "DPID" : "ProprietaryId", value };
}

/** What of them a record of that kind may carry in its `ids`: as stated, each once. */
export function idsOf(kind: Kind, identifiers: readonly Identifier[]): Ids | undefined {
  const found = new Map<string, Set<string>>();
  for (const { type, value } of identifiers) {
    const known = Object.hasOwn(SCHEMES, type) ? SCHEMES[type] : undefined;
    if (!known?.kinds.includes(kind)) continue;
    found.set(known.scheme, (found.get(known.scheme) ?? new Set()).add(value));
  }
  if (found.size === 0) return undefined;
  return Object.fromEntries(
    [...found].map(([scheme, values]) => [
      scheme,
      values.size > 1 ? [...values] : ([...values][0] as string),
    ]),
  );
}

/** The identifiers a record's id is made of, the best first. */
const PRECEDENCE = [
  "GRid",
  "ICPN",
  "ISRC",
  "ISWC",
  "ISNI",
  "DPID",
  "IpiNameNumber",
  "IPN",
  "ISAN",
  "VISAN",
  "ProprietaryId",
  "CatalogNumber",
];

/**
 * The id of a record within its source, from the best of its identifiers: "icpn:00094631432057". Spelling does not
 * matter: hyphens, spaces, case and the zeros in front of a barcode. Undefined when there is none to make it of.
 */
export function keyOf(identifiers: readonly Identifier[]): string | undefined {
  for (const type of PRECEDENCE) {
    const found = identifiers.find((each) => each.type === type);
    if (found) return bounded(key(found));
  }
  return undefined;
}

function key({ type, value, namespace }: Identifier): string {
  if (type === "ProprietaryId" || type === "CatalogNumber") {
    const name = type === "ProprietaryId" ? "proprietary" : "catalog";
    return `${name}:${namespace ?? ""}:${value}`;
  }
  const bare = value.replace(/[\s.\-‐-―]/g, "").toUpperCase();
  return `${type.toLowerCase()}:${type === "ICPN" && /^\d+$/.test(bare) ? bare.padStart(14, "0") : bare}`;
}

/** An id of at most 500 characters: of a longer one, the beginning and a digest of all of it. */
export function bounded(id: string): string {
  if (id.length <= 500) return id;
  return `${[...id.slice(0, 400)].join("")}…${createHash("sha256").update(id).digest("hex")}`;
}
