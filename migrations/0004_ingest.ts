/** Deliveries as they came, and the records parsed from them. */
import type { Sql } from "postgres";

export async function up(sql: Sql): Promise<void> {
  await sql.unsafe(/* sql */ `
    create table ingest.source (
      source text not null,
      title text not null,
      priority integer not null default 100, -- the higher one wins an attribute
      duplicate_free boolean not null default false, -- two records of it are two things, whatever ids they share
      created_at timestamptz not null default now(),
      constraint source_pkey primary key (source),
      constraint source_name_is_a_lower_case_word check (source ~ '^[a-z][a-z0-9_-]{0,62}$')
    );
    insert into ingest.source (source, title, priority, duplicate_free) values
      ('manual', 'Edits by hand', 1000, false),
      ('musicbrainz', 'MusicBrainz', 500, true),
      ('local', 'Files without a named source', 100, false);

    create type ingest.delivery_status as enum ('open', 'applied', 'failed');

    create table ingest.delivery (
      delivery_id bigint generated always as identity,
      source text not null,
      name text not null,                -- the file name
      format text not null,
      sha256 bytea not null,
      byte_count bigint not null,
      content bytea,                     -- gzip of the bytes as they came; null when they were too many to keep
      status ingest.delivery_status not null default 'open',
      error text,
      times_received integer not null default 1,
      received_at timestamptz not null default now(),
      closed_at timestamptz,
      constraint delivery_pkey primary key (delivery_id),
      constraint delivery_source_fkey foreign key (source) references ingest.source (source) on delete restrict,
      constraint bytes_are_received_once_per_source unique (source, sha256),
      constraint sha256_has_32_bytes check (octet_length(sha256) = 32),
      constraint only_a_failed_delivery_has_an_error check ((status = 'failed') = (error is not null)),
      constraint closed_delivery_has_a_time check ((status = 'open') = (closed_at is null))
    );

    create table ingest.record (
      record_id bigint generated always as identity,
      source text not null,              -- the delivery's
      kind catalog.entity_kind not null,
      source_record_id text collate "C" not null,
      version integer not null default 1, -- what it said before is in ingest.record_version
      checksum uuid not null,            -- md5 of body and mention
      -- A record that others only refer to has neither: a placeholder that waits for its delivery.
      body jsonb,                        -- what the source states of it
      mention jsonb,                     -- what other records of the source say of it in passing: fills gaps only
      delivery_id bigint not null,       -- the delivery that changed it last
      changed_at timestamptz not null default now(),
      constraint record_pkey primary key (record_id),
      constraint record_is_one_per_source_kind_and_id unique (source_record_id, kind, source),
      constraint record_delivery_id_fkey foreign key (delivery_id)
        references ingest.delivery (delivery_id) on delete restrict,
      constraint source_record_id_fits_an_index_key check (octet_length(source_record_id) between 1 and 2000)
    );
    create index record_delivery_id_idx on ingest.record (delivery_id);

    create table ingest.record_version (
      record_id bigint not null,
      version integer not null,
      body jsonb,
      mention jsonb,
      delivery_id bigint not null,
      changed_at timestamptz not null,
      constraint record_version_pkey primary key (record_id, version),
      constraint record_version_record_id_fkey foreign key (record_id)
        references ingest.record (record_id) on delete cascade,
      constraint record_version_delivery_id_fkey foreign key (delivery_id)
        references ingest.delivery (delivery_id) on delete restrict
    );
    create index record_version_delivery_id_idx on ingest.record_version (delivery_id);

    -- One record of a batch, its repetitions folded: what ingest.store hands from statement to statement.
    create type ingest.statement as (
      kind catalog.entity_kind,
      source_record_id text collate "C",
      replaces boolean,                  -- a full record: what was said before no longer holds
      body jsonb,
      mention jsonb
    );
  `);
}

export async function down(sql: Sql): Promise<void> {
  await sql.unsafe(/* sql */ `
    drop type ingest.statement cascade;
    drop table ingest.record_version, ingest.record, ingest.delivery, ingest.source;
    drop type ingest.delivery_status;
  `);
}
