/**
 * The feed is kept in partitions by time, which are dropped when they are older than its retention; it knows who changed what, by
 * which delivery; and keeps the places of its named consumers.
 */
import type { Sql } from "postgres";

export async function up(sql: Sql): Promise<void> {
  await sql.unsafe(/* sql */ `
    -- Made anew from sql/: they name the table, or take other arguments.
    drop function if exists feed.decode_cursor(text), feed.encode_cursor(pg_snapshot, pg_snapshot, bigint),
      feed.batch(pg_snapshot, pg_snapshot), feed.page(pg_snapshot, pg_snapshot, bigint, int), feed.updates(text, int), feed.announce(text);

    drop index feed.event_juke_id_idx;
    alter table feed.event rename to event_before;
    alter table feed.event_before rename constraint one_event_per_entity_and_transaction to event_before_pkey;

    create table feed.event (
      id bigint generated always as identity (sequence name feed.event_id_seq1 cache 1), -- under the entity's row lock: its order is the entity's
      xid xid8 not null default pg_current_xact_id(),
      at timestamptz not null default now(), -- start of the transaction
      kind catalog.entity_kind not null,
      juke_id uuid not null,             -- no foreign key: an event outlives its entity
      op feed.op not null,
      version integer not null,          -- the entity's, after the change
      changed text[],                    -- names of the attributes that changed; null when the entity is new
      actor text,                        -- who changed it; null when a delivery did
      delivery_id bigint,                -- no foreign key: an event is dropped with its partition
      constraint one_event_per_entity_and_transaction primary key (xid, juke_id, at)
    ) partition by range (at);
    create index event_id_idx on feed.event (id);
    create index event_juke_id_idx on feed.event (juke_id, version);

    -- Whatever has no partition of its own: feed.maintain has not run for long. It becomes one then.
    create table feed.event_default partition of feed.event default;

    create table feed.retention (
      only_row boolean not null default true,
      keep interval not null default '28 days',
      width interval not null default '7 days', -- of a partition
      cluster bigint not null,           -- whose transaction ids the events have
      drops integer not null default 0,  -- how often something was dropped
      dropped_xid xid8,                  -- the last transaction that had events in what was dropped
      dropped_id bigint,                 -- the last event of those
      dropped_until timestamptz,         -- events that are older were dropped
      dropped_at timestamptz,
      constraint retention_pkey primary key (only_row),
      constraint there_is_one_row check (only_row),
      constraint keep_is_positive check (keep > interval '0'),
      constraint width_is_an_hour_or_more check (width >= interval '1 hour')
    );
    insert into feed.retention (cluster) select c.system_identifier from pg_control_system() c;

    create table feed.consumer (
      consumer text collate "C" not null,
      cursor text not null,              -- it has acknowledged everything before
      paused boolean not null default false,
      added_at timestamptz not null default now(),
      acked_at timestamptz,
      constraint consumer_pkey primary key (consumer),
      constraint consumer_is_a_word check (consumer ~ '^[a-z][a-z0-9_.:-]{0,62}$')
    );

    insert into feed.event (id, xid, at, kind, juke_id, op, version, changed) overriding system value
    select b.id, b.xid, b.at, b.kind, b.juke_id, b.op, b.version, b.changed
    from feed.event_before b
    order by b.id;
    drop table feed.event_before;
    alter sequence feed.event_id_seq1 rename to event_id_seq;
    select setval('feed.event_id_seq', (select coalesce(max(v.id), 0) + 1 from feed.event v), false);

    alter type feed.update add attribute actor text, add attribute delivery_id bigint;

    -- A place in the feed. Within a batch: everything up to the event after_id is read of what lies between the two snapshots.
    create type feed.place as (
      from_snapshot pg_snapshot,
      to_snapshot pg_snapshot,           -- null when not within a batch
      next_xid xid8,                     -- of the (later) snapshot: no transaction from this one on had its id then
      last_id bigint,                    -- so none of those has an event up to this one, the last that is visible in it
      after_id bigint,
      drops integer                      -- from_snapshot is none but the oldest that was kept when so much had been dropped
    );
  `);
}

export async function down(sql: Sql): Promise<void> {
  await sql.unsafe(/* sql */ `
    drop type feed.place cascade;
    alter type feed.update drop attribute actor cascade, drop attribute delivery_id cascade;
    drop table feed.consumer, feed.retention;

    alter table feed.event rename to event_after;
    alter table feed.event_after rename constraint one_event_per_entity_and_transaction to event_after_pkey;
    create table feed.event (
      id bigint generated always as identity (sequence name feed.event_id_seq1 cache 1),
      xid xid8 not null default pg_current_xact_id(),
      at timestamptz not null default now(),
      kind catalog.entity_kind not null,
      juke_id uuid not null,
      op feed.op not null,
      version integer not null,
      changed text[],
      constraint one_event_per_entity_and_transaction primary key (xid, juke_id)
    );
    insert into feed.event (id, xid, at, kind, juke_id, op, version, changed) overriding system value
    select a.id, a.xid, a.at, a.kind, a.juke_id, a.op, a.version, a.changed
    from feed.event_after a
    order by a.id;
    drop table feed.event_after;
    alter sequence feed.event_id_seq1 rename to event_id_seq;
    select setval('feed.event_id_seq', (select coalesce(max(v.id), 0) + 1 from feed.event v), false);
    create index event_juke_id_idx on feed.event (juke_id, version);
  `);
}
