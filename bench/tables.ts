import type { Sql } from "postgres";

/** The tables, with its partitions in the place of each that is partitioned: those are what has storage. */
export async function storedTables(sql: Sql, tables: readonly string[]): Promise<string[]> {
  const found = await sql<{ name: string }[]>`
    select p.relid::text as name
    from unnest(${tables as string[]}::text[]) with ordinality t (name, nth)
    cross join lateral (
      select p.relid, p.isleaf from pg_partition_tree(t.name::regclass) p
      union all
      select t.name::regclass, true where not exists (select from pg_partition_tree(t.name::regclass))
    ) p
    where p.isleaf
    order by t.nth, name`;
  return found.map(({ name }) => name);
}
