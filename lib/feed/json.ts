import type { FeedRow } from "./page.ts";

/** An update as HTTP shows it. */
export function publicUpdate(row: FeedRow) {
  return {
    op: row.op,
    kind: row.kind,
    jukeId: row.juke_id,
    version: row.version,
    changed: row.changed,
    at: row.at,
    actor: row.actor ?? null,
    deliveryId: row.delivery_id ?? null,
    id: row.id,
    cursor: row.next_cursor,
  };
}
