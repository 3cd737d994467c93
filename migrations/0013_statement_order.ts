/** How old a delivery is and in which order it says things: what an older one says never overrules what a newer one has said. */
import type { Sql } from "postgres";

export async function up(sql: Sql): Promise<void> {
  await sql.unsafe(/* sql */ `
    -- Made anew from sql/: they take other arguments.
    drop function if exists ingest.apply(bigint, jsonb), ingest.store(bigint, jsonb), ingest.fold(jsonb),
      ingest.restate(jsonb, jsonb, ingest.statement);
    drop function if exists catalog.project_aliases(uuid[], catalog.statement[]), catalog.project_credits(uuid[], catalog.statement[]),
      catalog.project_genres(uuid[], catalog.statement[]), catalog.project_images(uuid[], catalog.statement[]),
      catalog.project_parents(uuid[], catalog.statement[]), catalog.project_release_parts(uuid[], catalog.statement[]),
      catalog.project_works(uuid[], catalog.statement[]);
    drop function if exists identity.seizing(identity.seat[], identity.claim[]); -- returns all of them
    drop type ingest.statement cascade;

    alter table ingest.delivery
      add column stated_at timestamptz;  -- what the document says of its own age; null when it says none: as old as it was received

    -- A statement has a rank: (the age of its delivery, the delivery, its position in it). The record knows the highest one.
    alter table ingest.record
      add column stated_at timestamptz,  -- of the statement with the highest rank; null: it is only mentioned
      add column stated_in bigint,       -- its delivery; no foreign key: a part of the rank
      add column position bigint,        -- its position there
      add column ranks jsonb,            -- of each key, where they differ: {"full": rank, "keys": {key: rank}}; see ingest.restate
      add column statement_checksum uuid, -- of that statement as the client has sent it; null: unknown
      add column mention_checksums uuid[]; -- of mentions that are in "mention" already
    alter table ingest.record_version
      add column stated_at timestamptz,
      add column stated_in bigint,
      add column position bigint;
    update ingest.record r
    set stated_at = d.received_at, stated_in = r.delivery_id, position = 0
    from ingest.delivery d
    where d.delivery_id = r.delivery_id and r.body is not null;

    -- A statement that is said again is not written again: only that its record was said again, and by which delivery.
    create table ingest.repetition (
      repetition_id bigint generated always as identity,
      delivery_id bigint not null,
      stated_at timestamptz not null,
      records int8multirange not null,   -- whose statement with the highest rank was said again
      first_position bigint not null,    -- between these positions
      last_position bigint not null,
      constraint repetition_pkey primary key (repetition_id),
      constraint repetition_delivery_id_fkey foreign key (delivery_id)
        references ingest.delivery (delivery_id) on delete cascade
    );
    create index repetition_delivery_id_idx on ingest.repetition (delivery_id);
    create index repetition_records_idx on ingest.repetition using gist (records);

    -- All that a batch says of one record: what ingest.store hands from statement to statement.
    create type ingest.statement as (
      kind catalog.entity_kind,
      source_record_id text collate "C",
      "full" jsonb,                      -- the last full statement
      full_position bigint,
      partial jsonb,                     -- the partial ones after it, laid over each other
      partial_positions jsonb,           -- of each of their keys, the position
      mention jsonb,
      position bigint,                   -- of the last that is no mention
      checksum uuid,                     -- its checksum
      mention_checksums uuid[]
    );

    -- A record that is new in this batch, with all that its source says of it.
    create type ingest.arrival as (
      record_id bigint,
      kind catalog.entity_kind,
      source_record_id text collate "C",
      said jsonb,
      juke_id uuid                       -- of the entity that it is alone
    );
  `);
}

export async function down(sql: Sql): Promise<void> {
  await sql.unsafe(/* sql */ `
    drop type ingest.arrival cascade;
    drop type ingest.statement cascade;
    create type ingest.statement as (
      kind catalog.entity_kind,
      source_record_id text collate "C",
      replaces boolean,
      body jsonb,
      mention jsonb
    );
    drop table ingest.repetition;
    alter table ingest.record_version drop column stated_at, drop column stated_in, drop column position;
    alter table ingest.record
      drop column stated_at, drop column stated_in, drop column position, drop column ranks,
      drop column statement_checksum, drop column mention_checksums;
    alter table ingest.delivery drop column stated_at;
  `);
}
