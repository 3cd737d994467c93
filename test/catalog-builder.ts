import { randomBytes } from "node:crypto";
import type { Sql, TransactionSql } from "postgres";
import type { CatalogRecord } from "../formats/record.ts";

export type AnySql = Sql | TransactionSql;

/** Records as they may be written by hand: any keys at all, so that refusals can be tested too. */
export type LooseRecord = { kind: CatalogRecord["kind"]; id: string; [key: string]: unknown };

/** What `ingest.apply` counts. */
export type Counts = {
  records: number;
  new: number;
  changed: number;
  unchanged: number;
  entities_minted: number;
  entities_changed: number;
  placeholders: number;
};

/** Opens a delivery of bytes that were never delivered before, from `source`. */
export async function openDelivery(sql: AnySql, source: string): Promise<number> {
  const [row] = await sql`
    select ingest.open_delivery(${source}, 'test', 'ndjson', ${randomBytes(32)}, 0) as delivery_id`;
  return Number(row?.delivery_id);
}

/** Applies a batch of records as one delivery of `source`. */
export async function deliver(
  sql: AnySql,
  source: string,
  records: readonly LooseRecord[],
): Promise<Counts> {
  const deliveryId = await openDelivery(sql, source);
  const [counts] = await sql<[Counts]>`
    select * from ingest.apply(${deliveryId}, ${sql.json(records as never)})`;
  return counts;
}

/** The entity that the record of a source belongs to. */
export async function entityOf(
  sql: AnySql,
  source: string,
  kind: string,
  id: string,
): Promise<string | undefined> {
  const [row] = await sql`
    select m.juke_id
    from ingest.record r
    join identity.membership m on m.record_id = r.record_id
    where r.source = ${source} and r.kind = ${kind} and r.source_record_id = ${id}`;
  return row?.juke_id;
}

/** A new entity with a row in its kind's table, made without any record: the guard is told. */
export async function insertEntity(sql: AnySql, kind: string, name: string): Promise<string> {
  const column = ["artist", "label", "genre"].includes(kind) ? "name" : "title";
  const text = `'${name.replaceAll("'", "''")}'`;
  const results = await sql.unsafe(`
    select set_config('test.writing', coalesce(current_setting('jukebase.writing', true), ''), true);
    select catalog.writing(true);
    with entity as (
      insert into catalog.entity (kind, display_name) values ('${kind}', ${text}) returning juke_id
    )
    insert into catalog.${kind} (juke_id, ${column})
    select juke_id, ${text} from entity
    returning juke_id;
    select set_config('jukebase.writing', current_setting('test.writing'), true)`);
  return (results as unknown as { juke_id: string }[][])[2]?.[0]?.juke_id ?? "";
}

/** Adds an external id by hand, through the view of its kind. */
export async function bind(
  sql: AnySql,
  kind: string,
  jukeId: string,
  source: string,
  externalId: string,
): Promise<void> {
  await sql`
    insert into ${sql(`catalog.${kind}_external_id`)}
    ${sql({ juke_id: jukeId, source, external_id: externalId })}`;
}

/** The SQLSTATE with which a statement fails, or null when it succeeds. */
export async function failure(statement: Promise<unknown>): Promise<string | null> {
  try {
    await statement;
    return null;
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

/** The cursor of this moment, and the events after a cursor. */
export async function head(sql: AnySql): Promise<string> {
  const [row] = await sql`select feed.head() as cursor`;
  return row?.cursor;
}

export type FeedEvent = {
  next_cursor: string;
  id: string;
  kind: string;
  juke_id: string;
  op: string;
  version: number;
  changed: string[] | null;
};

export async function eventsAfter(
  sql: AnySql,
  cursor: string | null,
  limit = 10_000,
): Promise<FeedEvent[]> {
  return sql<FeedEvent[]>`select * from feed.updates(${cursor}, ${limit})`;
}
