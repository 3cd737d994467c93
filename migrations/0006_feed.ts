/** The change feed: one event per entity and transaction. */
import type { Sql } from "postgres";

export async function up(sql: Sql): Promise<void> {
  await sql.unsafe(/* sql */ `
    create type feed.op as enum ('upsert', 'delete', 'merge', 'split');

    create table feed.event (
      id bigint generated always as identity (cache 1), -- taken under the entity's row lock: its order is the entity's
      xid xid8 not null default pg_current_xact_id(),
      at timestamptz not null default now(), -- start of the transaction
      kind catalog.entity_kind not null,
      juke_id uuid not null,             -- no foreign key: an event outlives its entity
      op feed.op not null,
      version integer not null,          -- the entity's, after the change
      changed text[],                    -- names of the attributes that changed; null when the entity is new
      constraint one_event_per_entity_and_transaction primary key (xid, juke_id)
    );

    create type feed.change as (
      juke_id uuid,
      changed text[]
    );

    -- An event as readers get it: with the cursor that continues right after it.
    create type feed.update as (
      next_cursor text,
      id bigint,
      at timestamptz,
      kind catalog.entity_kind,
      juke_id uuid,
      op feed.op,
      version integer,
      changed text[]
    );
  `);
}

export async function down(sql: Sql): Promise<void> {
  await sql.unsafe(/* sql */ `
    drop type feed.change, feed.update cascade;
    drop table feed.event;
    drop type feed.op;
  `);
}
