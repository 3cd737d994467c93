import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import postgres, { type Sql } from "postgres";
import type { CatalogRecord } from "../formats/record.ts";
import type { Producer } from "./ingest-records.ts";

/** What is delivered in these benches. */
export const source = "bench-ingest";

/** A batch as the pipeline hands it to the database. */
export type Batch = {
  /** The position of its first record in the delivery, from 1. */
  first: number;
  json: string;
  kinds: string[];
  ids: string[];
  checksums: string[];
};

/** So many records of a run, each as its JSON text. */
export function produce(producer: Producer, run: string, count: number): CatalogRecord[] {
  return Array.from({ length: count }, (_, n) => producer(run, n));
}

export function batchesOf(records: CatalogRecord[], size: number): Batch[] {
  const batches: Batch[] = [];
  for (let at = 0; at < records.length; at += size) {
    const some = records.slice(at, at + size);
    const texts = some.map((record) => JSON.stringify(record));
    batches.push({
      first: at + 1,
      json: `[${texts.join(",")}]`,
      kinds: some.map(({ kind }) => kind),
      ids: some.map(({ id }) => id),
      checksums: texts.map((text) => createHash("md5").update(text).digest("hex")),
    });
  }
  return batches;
}

/** Opens a delivery of bytes that were never delivered before. */
export async function openDelivery(sql: Sql, name: string): Promise<string> {
  const [row] = await sql<{ id: string }[]>`
    select ingest.open_delivery(${source}, ${name}, 'ndjson', sha256(${`${name} ${Date.now()} ${Math.random()}`}::bytea), 0) as id`;
  return row?.id as string;
}

/** Connections that work side by side. */
export function crowd(url: string, connections: number): Sql[] {
  return Array.from({ length: connections }, () =>
    postgres(url, { max: 1, max_lifetime: null, onnotice: () => {} }),
  );
}

/** Each connection takes the next batch when it is done with one. */
export async function sideBySide(
  connections: Sql[],
  batches: Batch[],
  work: (sql: Sql, batch: Batch) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  await Promise.all(
    connections.map(async (sql) => {
      for (let batch = batches[next++]; batch; batch = batches[next++]) await work(sql, batch);
    }),
  );
}

/** Applies a batch; returns how many records are new. */
export async function apply(sql: Sql, delivery: string, batch: Batch): Promise<number> {
  const [counts] = await sql<{ new: number }[]>`
    select new from ingest.apply(
      ${delivery}, ${batch.json}::text::jsonb, ${batch.first}, null, ${batch.checksums}::uuid[])`;
  return counts?.new as number;
}

/** Asks which records of a batch differ; returns how many. */
export async function ask(sql: Sql, delivery: string, batch: Batch): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select cardinality(ingest.differing(
      ${delivery}, ${batch.kinds}, ${batch.ids}, ${batch.checksums}::uuid[], ${batch.first})) as count`;
  return row?.count as number;
}

/** A copy takes some hundredths of a second: so many are timed together. */
const copies = 5;

/**
 * The same records into a table of one column of jsonb, without an index: what it takes to get them there at all. The
 * function returned does it, and returns the microseconds per record.
 */
export async function copyOf(sql: Sql, records: CatalogRecord[]): Promise<() => Promise<number>> {
  await sql`drop table if exists public.bare_record`;
  await sql`create table public.bare_record (body jsonb)`;
  const lines = records.map((each) => `${JSON.stringify(each).replaceAll("\\", "\\\\")}\n`);
  const chunks = Array.from({ length: Math.ceil(lines.length / 500) }, (_, n) =>
    lines.slice(n * 500, (n + 1) * 500).join(""),
  );
  return async () => {
    const started = performance.now();
    for (let copy = 0; copy < copies; copy++) {
      const stream = await sql`copy public.bare_record from stdin`.writable();
      await pipeline(Readable.from(chunks), stream);
    }
    return ((performance.now() - started) * 1_000) / (copies * records.length);
  };
}

/** Removes all that was delivered, without triggers and foreign keys: everything that names it goes at once. */
export async function forget(sql: Sql): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`;
    await tx`
      create temporary table gone on commit drop as
      select r.record_id, m.juke_id
      from ingest.record r join identity.membership m on m.record_id = r.record_id
      where r.source = ${source}`;
    const tables = await tx<{ name: string; column: string }[]>`
      select format('%I.%I', n.nspname, c.relname) as name, a.attname as column
      from pg_class c
      join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
      where c.relkind in ('r', 'p') and not c.relispartition
        and n.nspname in ('catalog', 'identity', 'feed', 'descriptor')
        and (a.attname = 'juke_id' or a.attname in ('release_id', 'track_id', 'genre_id') and a.attnum = 1)`;
    for (const { name, column } of tables) {
      await tx.unsafe(`delete from ${name} t using gone g where t.${column} = g.juke_id`);
    }
    await tx`delete from ingest.record r where r.source = ${source}`;
    for (const name of ["ingest.repetition", "ingest.receipt", "ops.run"]) {
      await tx.unsafe(
        `delete from ${name} p using ingest.delivery d where d.delivery_id = p.delivery_id and d.source = '${source}'`,
      );
    }
    await tx`delete from ingest.delivery d where d.source = ${source}`;
    await tx`delete from ingest.source s where s.source = ${source}`;
  });
  await sql`drop table if exists public.bare_record`;
}
