import type { AnySql } from "./catalog-builder.ts";

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/**
 * All that the catalog says, as sorted lines in which every juke_id and record id is replaced by what it stands for:
 * two catalogs with the same lines differ in nothing but their ids, versions and times.
 */
export async function catalogState(sql: AnySql): Promise<string[]> {
  const names = new Map<string, string>();
  const members = await sql`
    select m.juke_id, min(concat_ws('/', r.source, r.kind, r.source_record_id) collate "C") as name
    from identity.membership m
    join ingest.record r on r.record_id = m.record_id
    group by m.juke_id`;
  for (const { juke_id, name } of members) names.set(juke_id, `<${name}>`);

  const tables = await sql`
    select c.oid::regclass::text as name
    from pg_class c
    where c.relnamespace = 'catalog'::regnamespace and c.relkind = 'r'
    order by 1`;
  const lines: string[] = [];
  for (const { name } of tables) {
    const rows = await sql.unsafe(
      `select (to_jsonb(t) - '{version,created_at,updated_at}'::text[])::text as line from ${name} t`,
    );
    lines.push(...rows.map(({ line }) => `${name} ${line}`));
  }
  const identity = await sql`
    select format('external_id %s %s %s %s of %s/%s',
      x.source, x.external_id, x.kind, x.juke_id, r.source, r.source_record_id) as line
    from identity.external_id x
    left join ingest.record r on r.record_id = x.record_id
    union all
    select format('membership %s/%s/%s %s %s', r.source, r.kind, r.source_record_id, m.juke_id, m.rule)
    from identity.membership m
    join ingest.record r on r.record_id = m.record_id
    union all
    select format('record %s/%s/%s %s %s', r.source, r.kind, r.source_record_id, r.body, r.mention)
    from ingest.record r`;
  lines.push(...identity.map(({ line }) => line));
  return lines.map((line) => line.replaceAll(UUID, (id) => names.get(id) ?? id)).sort();
}

/** Runs `work` in a transaction that is rolled back, and returns what it returned. */
export async function undone<T>(
  sql: { begin: (work: (tx: AnySql) => Promise<unknown>) => Promise<unknown> },
  work: (tx: AnySql) => Promise<T>,
): Promise<T> {
  let result: { value: T } | undefined;
  await sql
    .begin(async (tx) => {
      result = { value: await work(tx) };
      throw new RolledBack();
    })
    .catch((error) => {
      if (!(error instanceof RolledBack)) throw error;
    });
  if (!result) throw new Error("the transaction did not run");
  return result.value;
}

class RolledBack extends Error {}
