import type { AnySql } from "../catalog-builder.ts";

/** Lines that say all that may not differ, each with the table it is of. */
export type ExactState = string[];

const tables: Record<string, string> = {
  "identity.membership": "select to_jsonb(t) from identity.membership t",
  "identity.external_id": "select to_jsonb(t) from identity.external_id t",
  // What was claimed and taken back stays in the ledger; what stands is what must be as it was.
  "standing claim": `
    select to_jsonb(t) from identity.assertion t where t.retracted_at is null`,
  // What is asked anew has a new number, and is weighed by what hangs on it then.
  "open review": `
    select to_jsonb(t) - '{review_id,opened_at,worth}'::text[] from identity.review t where t.status = 'open'`,
};

/**
 * Every column of every table of the catalog but the hub's version and updated_at, who is whose member by what rule since when,
 * which id is bound by what claim, the claims that stand, the reviews that are open.
 */
export async function exactState(sql: AnySql): Promise<ExactState> {
  const names = await sql`
    select c.relname as name
    from pg_class c
    where c.relnamespace = 'catalog'::regnamespace and c.relkind = 'r'`;
  const queries = Object.entries(tables).concat(
    names.map(({ name }) => [
      `catalog.${name}`,
      name === "entity"
        ? `select to_jsonb(t) - '{version,updated_at}'::text[] from catalog.entity t`
        : `select to_jsonb(t) from catalog.${name} t`,
    ]),
  );
  const lines = await Promise.all(
    queries.map(async ([name, query]) => {
      const rows = await sql.unsafe(`select q.row::text as line from (${query}) q (row)`);
      return rows.map(({ line }) => `${name} ${line}`);
    }),
  );
  return lines.flat().sort();
}

/** What has come and what has gone between two states. */
export function difference(before: ExactState, after: ExactState) {
  const [old, now] = [new Set(before), new Set(after)];
  return {
    gone: before.filter((line) => !now.has(line)),
    come: after.filter((line) => !old.has(line)),
  };
}
