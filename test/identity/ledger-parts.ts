/** What the model of the ledger (ledger-model.ts) is made of. */

export type Scheme = "mbid" | "isrc" | "spotify";
export const schemes: { name: Scheme; exclusive: boolean }[] = [
  { name: "mbid", exclusive: true },
  { name: "isrc", exclusive: false },
  { name: "spotify", exclusive: true },
];
export const rankOf = (scheme: Scheme) => schemes.findIndex(({ name }) => name === scheme);
export const isShared = (scheme: Scheme) => scheme === "isrc";

export type SourceName = "low" | "high" | "pure" | "manual";
export const sources: Record<SourceName, { priority: number; duplicateFree: boolean }> = {
  low: { priority: 100, duplicateFree: false },
  high: { priority: 300, duplicateFree: false },
  pure: { priority: 500, duplicateFree: true },
  manual: { priority: 1000, duplicateFree: false },
};

export type Id = { scheme: Scheme; value: string };
export type Entity = {
  name: number;
  status: "active" | "merged" | "deleted";
  mergedInto: Entity | undefined;
};
export type RecordOf = {
  order: number;
  source: SourceName;
  id: string;
  says: string[];
  entity: Entity;
};
export type Claim = Id & {
  record: RecordOf;
  at: number;
  by: "record" | "person";
  stands: boolean;
  /** The retractions by people that hold. */
  retractions: number;
};
export type Operation = {
  op: "merge" | "split" | "delete" | "claim" | "retract";
  entity: Entity;
  moved: { record: RecordOf; from: Entity }[];
  changed: {
    entity: Entity;
    from: Entity["status"] | undefined;
    fromInto: Entity | undefined;
    undone: boolean;
  }[];
  claims: Claim[];
  undone: boolean;
};

export class Refused extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

export const parseId = (text: string): Id => {
  const [scheme, value] = text.split(":") as [Scheme, string];
  return { scheme, value };
};
