import type { AnySql } from "../catalog-builder.ts";

export type Refreshed = { refreshed: number; unchanged: number; remaining: number };

/** One call of descriptor.refresh. */
export async function refresh(sql: AnySql, limit = 500): Promise<Refreshed> {
  const [row] = await sql<[Refreshed]>`
    select refreshed, unchanged, remaining::int from descriptor.refresh(${limit})`;
  return row;
}

/** Refreshes until no mark is left; returns the number of documents written. */
export async function refreshAll(sql: AnySql): Promise<number> {
  let written = 0;
  for (;;) {
    const { refreshed, remaining } = await refresh(sql);
    written += refreshed;
    if (remaining === 0) return written;
  }
}

/** The names of what a search finds, the best first. */
export async function found(
  sql: AnySql,
  query: string | null,
  kinds: string[] | null = null,
  limit = 20,
): Promise<string[]> {
  const rows = await sql<{ display_name: string }[]>`
    select display_name from descriptor.search(${query}, ${kinds}::catalog.entity_kind[], ${limit})`;
  return rows.map(({ display_name }) => display_name);
}

/** When a document was written, or undefined when there is none. */
export async function builtAt(sql: AnySql, id: string | undefined): Promise<string | undefined> {
  const [row] = await sql`
    select built_at::text from descriptor.document where juke_id = ${id ?? null}`;
  return row?.built_at;
}
