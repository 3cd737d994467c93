import type { Sql, TransactionSql } from "postgres";

export type AppliedMigration = { name: string; checksum: string; appliedAt: Date; tookMs: number };
export type AppliedFile = { name: string; checksum: string; appliedAt: Date; objects: string[] };

/** Makes the schema ops and the two ledgers, if they are not there. */
export async function createLedger(sql: Sql): Promise<void> {
  await sql.unsafe(/* sql */ `
    create schema if not exists ops;
    create table if not exists ops.migration (
      name text not null,                -- the file's name without its extension
      checksum text not null,            -- SHA-256 of the file, in hex
      applied_at timestamptz not null default now(),
      took_ms integer not null,
      constraint migration_pkey primary key (name)
    );
    comment on table ops.migration is 'The migrations this database has been through.';
    create table if not exists ops.repeatable (
      name text not null,                -- the path below sql/, as in identity/resolve.sql
      checksum text not null,            -- SHA-256 of the file, in hex
      applied_at timestamptz not null default now(),
      objects text[] not null,           -- what the file made, as in {"function identity.resolve(text)"}
      constraint repeatable_pkey primary key (name)
    );
    comment on table ops.repeatable is 'The files of sql/ as they were last applied.';
  `);
}

/** The applied migrations in order; none when there is no ledger. */
export async function appliedMigrations(sql: Sql): Promise<AppliedMigration[]> {
  if (!(await tableExists(sql, "ops.migration"))) return [];
  return sql<AppliedMigration[]>`
    select name, checksum, applied_at as "appliedAt", took_ms as "tookMs"
    from ops.migration order by name collate "C"`;
}

/** The applied files of sql/ by name; none when there is no ledger. */
export async function appliedFiles(sql: Sql | TransactionSql): Promise<Map<string, AppliedFile>> {
  if (!(await tableExists(sql, "ops.repeatable"))) return new Map();
  const rows = await sql<AppliedFile[]>`
    select name, checksum, applied_at as "appliedAt", objects from ops.repeatable order by name collate "C"`;
  return new Map(rows.map((row) => [row.name, row]));
}

async function tableExists(sql: Sql | TransactionSql, name: string): Promise<boolean> {
  const [row] = await sql<{ found: boolean }[]>`select to_regclass(${name}) is not null as found`;
  return row?.found ?? false;
}
