import type { CatalogRecord } from "../../formats/index.ts";
import { recordsOf } from "./delivery.ts";

/** Ids of things that do not exist. */
const mbid = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`;
export const [ID, A1, A2, R1, R2, G1, W1, L1] = [0, 1, 2, 3, 4, 5, 6, 7].map(mbid) as [
  string,
  string,
  string,
  string,
  string,
  string,
  string,
  string,
];

export const recordsIn = (doc: object) => recordsOf(JSON.stringify(doc));

/** The record of an id, of that scope: partial for the document itself. */
export function pick(
  records: CatalogRecord[],
  id: string,
  scope: string,
): CatalogRecord | undefined {
  return records.find((record) => record.id === id && record.scope === scope);
}

export const artist = (facts: object = {}) => ({
  id: ID,
  "sort-name": "X",
  gender: null,
  ...facts,
});
export const release = (facts: object = {}) => ({
  id: ID,
  title: "X",
  "release-events": [],
  ...facts,
});
export const recording = (facts: object = {}) => ({ id: ID, title: "X", video: false, ...facts });
export const by = (id: string, name: string, more: object = {}) => ({
  name,
  joinphrase: "",
  artist: { id, name, "sort-name": name },
  ...more,
});
