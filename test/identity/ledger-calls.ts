import type { AnySql } from "../catalog-builder.ts";

/** The operations on identity, each as one call; they return the id of the operation. */

type Row = { operation_id: string };
const only = async (rows: PromiseLike<readonly Row[]>): Promise<string> =>
  (await rows)[0]?.operation_id ?? "";

export const merge = (sql: AnySql, winner: string, losers: string[], reason?: string) =>
  only(sql<Row[]>`
    select operation_id from identity.merge(${winner}, ${losers}::uuid[], ${reason ?? null})`);

export const split = (sql: AnySql, entity: string, records: string[], reason?: string) =>
  only(sql<Row[]>`
    select operation_id from identity.split(${entity}, ${records}::bigint[], ${reason ?? null})`);

export const remove = (sql: AnySql, entity: string, reason?: string) =>
  only(sql<Row[]>`select operation_id from identity.delete(${entity}, ${reason ?? null})`);

export const claim = (
  sql: AnySql,
  entity: string | null,
  scheme: string | null,
  value: string | null,
  confidence: number | null = 1,
  reason?: string,
) =>
  only(sql<Row[]>`
    select operation_id
    from identity.claim(${entity}, ${scheme}, ${value}, ${confidence}::real, ${reason ?? null})`);

export const retract = (
  sql: AnySql,
  entity: string | null,
  scheme: string | null,
  value: string | null,
  reason?: string,
) =>
  only(sql<Row[]>`
    select operation_id from identity.retract(${entity}, ${scheme}, ${value}, ${reason ?? null})`);

export const undo = (sql: AnySql, operation: string | null, member?: string, reason?: string) =>
  only(sql<Row[]>`
    select operation_id
    from identity.undo(${operation}::bigint, ${member ?? null}, ${reason ?? null})`);

/** The new entity of a split. */
export async function partOf(sql: AnySql, operation: string): Promise<string> {
  const [row] = await sql`
    select juke_id from identity.changed_entity where operation_id = ${operation}`;
  return row?.juke_id;
}

/** The record of a source, by its kind and id. */
export async function recordOf(
  sql: AnySql,
  source: string,
  kind: string,
  id: string,
): Promise<string> {
  const [row] = await sql`
    select record_id from ingest.record
    where source = ${source} and kind = ${kind} and source_record_id = ${id}`;
  return row?.record_id;
}

/** What a reference stands for: the keys of the entities, the best first. */
export async function answers(sql: AnySql, ref: string): Promise<string[]> {
  const rows = await sql`select juke_id from identity.resolve(${ref})`;
  return rows.map(({ juke_id }) => juke_id);
}
