/** Search documents, and the marks of those that are stale. */
import type { Sql } from "postgres";

export async function up(sql: Sql): Promise<void> {
  await sql.unsafe(/* sql */ `
    -- Append-only on purpose: a writer never meets another writer or the worker on a row, and a mark that
    -- arrives while its document is being built is a row of its own, so it cannot be lost.
    create table descriptor.dirty (
      id bigint generated always as identity,
      juke_id uuid not null,             -- no foreign key: a queue, drained in seconds
      at timestamptz not null default now(),
      constraint dirty_pkey primary key (id)
    );

    create table descriptor.document (
      juke_id uuid not null,
      kind catalog.entity_kind not null,
      name text not null,                -- what dependents quote: when it changes, they are marked
      tsv tsvector not null,             -- A name · B aliases, credits · C genres, labels, collections · D prose
      checksum uuid not null,            -- of what the tsvector was made of
      builder_version integer not null,
      built_at timestamptz not null default now(),
      constraint document_pkey primary key (juke_id),
      constraint document_juke_id_fkey foreign key (juke_id) references catalog.entity (juke_id) on delete cascade
    );
    -- fastupdate off: a search never has to wade through a pending list.
    create index document_tsv_idx on descriptor.document using gin (tsv) with (fastupdate = off);
    -- Whose name a query is; a hash, because a name has any length.
    create index document_name_idx on descriptor.document using hash (lower(name));

    create type descriptor.hit as (
      juke_id uuid,
      kind catalog.entity_kind,
      display_name text,
      score real
    );

    -- Names in any script, without case, accents or stemming.
    create text search configuration descriptor.names (copy = pg_catalog.simple);
    alter text search configuration descriptor.names
      alter mapping for word, hword, hword_part, numword, numhword, hword_numpart with public.unaccent, simple;
  `);
}

export async function down(sql: Sql): Promise<void> {
  await sql.unsafe(/* sql */ `
    drop type descriptor.hit cascade;
    drop table descriptor.document, descriptor.dirty;
    drop text search configuration descriptor.names;
  `);
}
