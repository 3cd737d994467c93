import { FormatError } from "../error.ts";
import { distinct, known } from "../known.ts";
import type {
  About,
  CatalogRecord,
  Credit,
  Ids,
  Item,
  Kind,
  Located,
  Reference,
  Refused,
  Warned,
} from "../record.ts";
import { childOf, childrenOf, type XmlElement } from "../xml.ts";
import { partyIdentifier } from "./identifier.ts";
import { text } from "./text.ts";
import { dateTime } from "./time.ts";

/** A message that is being read, and what was found in it. */
export type Message = {
  readonly file: string;
  readonly root: XmlElement;
  /** 3 or 4: in which of the two ways it is written. */
  readonly generation: number;
  readonly version: string;
  /** When it was written: RFC 3339. */
  readonly statedAt: string | undefined;
  /** The parties of the PartyList by their reference; none in ERN 3. */
  readonly parties: ReadonlyMap<string, XmlElement>;
  readonly records: Map<string, Located>;
  readonly warnings: Warned[];
  readonly refused: Refused[];
};

export function openMessage(file: string, root: XmlElement, version: string): Message {
  const message: Message = {
    file,
    root,
    version,
    generation: Number(version.split(".")[0]),
    statedAt: dateTime(text(childOf(root, "MessageHeader", "MessageCreatedDateTime"))),
    parties: new Map(),
    records: new Map(),
    warnings: [],
    refused: [],
  };
  const parties = childrenOf(childOf(root, "PartyList") ?? root, "Party");
  return { ...message, parties: byReference(message, parties, "PartyReference") };
}

/** The elements by the reference each states of itself; of two with the same, the first. */
export function byReference(
  message: Message,
  elements: readonly XmlElement[],
  name: string,
): Map<string, XmlElement> {
  const found = new Map<string, XmlElement>();
  for (const element of elements) {
    const reference = text(childOf(element, name));
    if (reference === undefined) continue;
    if (found.has(reference)) {
      const first = found.get(reference)?.path;
      warn(message, element, `the reference ${reference} is taken already by ${first}`);
    } else found.set(reference, element);
  }
  return found;
}

/** What the message says of itself in its header. */
export function about({ root, version, statedAt }: Message): About {
  const header = childOf(root, "MessageHeader");
  return {
    about: known<About["about"]>({
      version,
      statedAt,
      messageId: text(childOf(header, "MessageId")),
      sender: sender(header),
    }),
  };
}

/** "FUGA (PADPIDA20110330020)". */
function sender(header: XmlElement | undefined): string | undefined {
  const party = childOf(header, "MessageSender");
  const element = childOf(party, "PartyName");
  const name = text(childOf(element, "FullName")) ?? text(element);
  const id = childOf(party, "PartyId");
  const dpid = id && (text(childOf(id, "DPID")) ?? partyIdentifier(id)?.value);
  return name !== undefined && dpid !== undefined ? `${name} (${dpid})` : (name ?? dpid);
}

export function warn(message: Message, at: XmlElement, warning: string): void {
  message.warnings.push({ warning, pointer: at.path });
}

/** Refuses one thing of a message; the rest goes through. */
export function refuse(message: Message, at: XmlElement, reason: string, hint: string): void {
  const { file } = message;
  const refused = new FormatError({ code: "JB246", file, pointer: at.path, reason, hint });
  message.refused.push({ refused, pointer: at.path });
}

/**
 * Adds a record, or lets it complete the record of that id: of single values the first stays, of lists and ids the
 * union.
 */
export function add(message: Message, record: CatalogRecord, at: XmlElement): void {
  const key = `${record.kind} ${record.id}`;
  const seen = message.records.get(key);
  if (!seen) message.records.set(key, { record, pointer: at.path });
  else seen.record = joined(seen.record, record);
}

const WIDTH = { mention: 0, partial: 1, full: 2 };

function joined(first: CatalogRecord, second: CatalogRecord): CatalogRecord {
  const result: { [key: string]: unknown } = { ...first };
  for (const [key, value] of Object.entries(second)) {
    const before = result[key];
    if (before === undefined) result[key] = value;
    else if (key === "ids") result[key] = joinedIds(before as Ids, value as Ids);
    else if (key === "credits") result[key] = joinedCredits(before as Credit[], value as Credit[]);
    else if (Array.isArray(before)) result[key] = distinct([...before, ...(value as unknown[])]);
  }
  const scopes = [first.scope ?? "full", second.scope ?? "full"] as const;
  result.scope = WIDTH[scopes[0]] >= WIDTH[scopes[1]] ? scopes[0] : scopes[1];
  return result as CatalogRecord;
}

/** There is one credit line: that of the first. */
function joinedCredits(first: Credit[], second: Credit[]): Credit[] {
  const hasLine = first.some(({ role }) => role === "artist");
  return distinct([...first, ...second.filter(({ role }) => !hasLine || role !== "artist")]);
}

function joinedIds(first: Ids, second: Ids): Ids {
  const result = { ...first };
  for (const [scheme, value] of Object.entries(second)) {
    const values = [...new Set([result[scheme] ?? [], value].flat())];
    result[scheme] = values.length === 1 ? (values[0] as string) : values;
  }
  return result;
}

/** Adds what a record of that reference is besides, when it has been added. */
export function complete<K extends Kind>(
  message: Message,
  { kind, id }: Reference<K>,
  facts: Partial<Omit<Extract<CatalogRecord, { kind: K }>, "kind" | "id" | "scope">>,
  at: XmlElement,
): void {
  add(message, { kind, id, scope: "mention", ...facts } as unknown as CatalogRecord, at);
}

const ORDER: readonly Kind[] = ["artist", "label", "work", "track", "video", "album", "release"];

/** All that was found: records after those they refer to, then what was refused and the warnings. */
export function items(message: Message): Item[] {
  const records = [...message.records.values()];
  return [
    ...ORDER.flatMap((kind) => records.filter(({ record }) => record.kind === kind)),
    ...message.refused,
    ...message.warnings,
  ];
}
