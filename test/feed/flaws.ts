import type { Sql } from "postgres";
import type { Event } from "./checker.ts";
import { eventsOf } from "./readers.ts";

/** Where the flawed ways of reading begin. */
export type Start = { id: number; xid: string; snapshot: string };

export async function startOf(sql: Sql): Promise<Start> {
  const [start] = await sql<Start[]>`
    select coalesce(max(id), 0)::int as id, coalesce(max(xid), '3')::text as xid, pg_current_snapshot()::text as snapshot
    from feed.event`;
  return start as Start;
}

/** A way of reading that is wrong: each call returns what it takes for new. */
export type Way = () => Promise<Event[]>;

/** By the id alone: it has gone on when a transaction commits that drew its ids earlier. */
export function byId(sql: Sql, start: Start): Way {
  let last = start.id;
  return async () => {
    const found = await sql`select * from feed.event where id > ${last} order by id`;
    last = Number(found.at(-1)?.id ?? last);
    return eventsOf(found);
  };
}

/** What is older than the oldest running transaction, by transaction: one that began earlier may change an entity later. */
export function byTransaction(sql: Sql, start: Start): Way {
  let { xid, id } = start;
  return async () => {
    const found = await sql`
      select id, kind, juke_id, version, xid::text as after_xid
      from feed.event
      where (xid, id) > (${xid}::text::xid8, ${id}::bigint) and xid >= ${xid}::text::xid8
        and xid < pg_snapshot_xmin(pg_current_snapshot())
      order by xid, id`;
    xid = found.at(-1)?.after_xid ?? xid;
    id = Number(found.at(-1)?.id ?? id);
    return eventsOf(found);
  };
}

/** Between two snapshots, the second of which is taken by a later statement than the events. */
export function byTwoStatements(sql: Sql, start: Start, between: () => Promise<unknown>): Way {
  let { snapshot } = start;
  return async () => {
    const found = await sql`
      select * from feed.batch(${snapshot}::text::pg_snapshot, pg_current_snapshot()) order by id`;
    await between();
    const [now] = await sql`select pg_current_snapshot()::text as snapshot`;
    snapshot = now?.snapshot;
    return eventsOf(found);
  };
}

/**
 * feed.page from a place that takes the end of the snapshot for the first transaction that had not begun. The end is one past the
 * highest that had finished: others run above it, and may have drawn ids.
 */
export function byEndOfSnapshot(sql: Sql, start: Start): Way {
  let { snapshot, id } = start;
  return async () => {
    const [now] =
      await sql`select from_snapshot::text as snapshot, last_id::int as id from feed.here()`;
    const found = await sql`
      select * from feed.page(
        row (${snapshot}, null, pg_snapshot_xmax(${snapshot}::text::pg_snapshot), ${id}, null, null)::feed.place,
        ${now?.snapshot}::text::pg_snapshot, 1000000, null)`;
    snapshot = now?.snapshot;
    id = now?.id;
    return eventsOf(found);
  };
}

/** Ids that a session draws 32 at a time are no order: the feed itself is wrong on such a database. */
export async function cacheIds(sql: Sql): Promise<void> {
  await sql`alter table feed.event alter column id set cache 32`;
}
