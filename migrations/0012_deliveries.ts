/** What sources are configured to be, receipts of deliveries, the runs that take them in, and what was put aside. */
import type { Sql } from "postgres";

export async function up(sql: Sql): Promise<void> {
  await sql.unsafe(/* sql */ `
    drop function if exists ingest.open_delivery(text, text, text, bytea, bigint, bytea);

    alter table ingest.source
      add column source_type text not null default 'other',
      add column format text,            -- what its deliveries are, when the content alone does not tell
      add column mapping jsonb,          -- how columns become records: docs/reference/mapping.md
      add column schedule text,          -- cron expression (five fields, UTC): when its locations are fetched
      add constraint source_type_is_known check (source_type in (
        'distributor', 'label', 'publisher', 'society', 'store', 'community', 'feed', 'chart', 'people', 'other')),
      add constraint mapping_is_an_object check (jsonb_typeof(mapping) = 'object'),
      add constraint schedule_has_five_fields check (schedule ~ '^\\s*([-0-9A-Za-z*,/#?]+\\s+){4}[-0-9A-Za-z*,/#?]+\\s*$'),
      -- catalog.statements computes with it.
      add constraint priority_is_of_seven_digits check (priority between -1000000 and 1000000) not valid;
    update ingest.source set source_type = 'people' where source = 'manual';
    update ingest.source set source_type = 'community' where source = 'musicbrainz';
    insert into ingest.source (source, title, priority, duplicate_free, source_type) values
      ('discogs', 'Discogs', 400, true, 'community')
    on conflict (source) do nothing;

    -- How well a record fills what matters to its readers: the weighted share of the rules it passes. Among sources of one priority
    -- the better record wins an attribute.
    create table ingest.quality_rule (
      source text not null,
      kind catalog.entity_kind not null,
      field text not null,               -- a key of the record, or ids.<scheme>
      test text not null default 'present',
      argument text,                     -- of the test: a number of characters or items, a regular expression
      weight real not null default 1,
      constraint quality_rule_pkey primary key (source, kind, field, test),
      constraint quality_rule_source_fkey foreign key (source) references ingest.source (source) on delete cascade,
      constraint test_is_known check (test in ('present', 'valid', 'min_length', 'min_items', 'matches')),
      constraint test_has_the_argument_it_needs check ((test in ('present', 'valid')) = (argument is null)),
      constraint least_is_a_number check (test not in ('min_length', 'min_items') or argument ~ '^[0-9]{1,6}$'),
      constraint weight_is_positive check (weight > 0 and weight < 'infinity') -- NaN is greater than all
    );
    alter table ingest.record add column quality real; -- 0..1; null when its source has no rules for its kind

    -- Where a source is fetched from, and what was found there last.
    create table ingest.location (
      location_id bigint generated always as identity,
      source text not null,
      url text not null,                 -- https:// or s3://
      format text,
      is_active boolean not null default true,
      etag text,
      last_modified text,
      next_at timestamptz not null default now(),
      fetched_at timestamptz,
      changed_at timestamptz,            -- when there was something new
      failures integer not null default 0, -- in a row
      error text,
      constraint location_pkey primary key (location_id),
      constraint location_source_fkey foreign key (source) references ingest.source (source) on delete cascade,
      constraint location_is_one_per_source_and_url unique (source, url),
      constraint url_is_https_or_s3 check (url ~ '^(https?|s3)://'),
      constraint failures_are_counted_from_zero check (failures >= 0)
    );
    create index location_due_idx on ingest.location (next_at) where is_active;

    alter table ingest.delivery
      add column format_version text not null default '',
      add column message_id text,        -- what the document calls itself
      add column sender text,            -- who sends it, as the document says
      add column content_url text,       -- where the bytes are, when they are too many to keep here
      add constraint content_is_kept_once check (content is null or content_url is null);

    -- Who delivered what, when: one row each time. The deliverer's own id of a delivery stands for the same bytes for ever.
    create table ingest.receipt (
      receipt_id bigint generated always as identity,
      delivery_id bigint not null,
      name text not null,
      url text,                          -- where it was fetched from
      received_at timestamptz not null default now(),
      actor text not null,
      constraint receipt_pkey primary key (receipt_id),
      constraint receipt_delivery_id_fkey foreign key (delivery_id)
        references ingest.delivery (delivery_id) on delete cascade
    );
    create index receipt_delivery_id_idx on ingest.receipt (delivery_id);
    create table ingest.delivery_key (
      source text not null,
      delivery_key text collate "C" not null,
      delivery_id bigint not null,
      constraint delivery_key_pkey primary key (source, delivery_key),
      constraint delivery_key_source_fkey foreign key (source) references ingest.source (source) on delete restrict,
      constraint delivery_key_delivery_id_fkey foreign key (delivery_id)
        references ingest.delivery (delivery_id) on delete cascade,
      constraint delivery_key_fits_an_index_key check (octet_length(delivery_key) between 1 and 500)
    );
    create index delivery_key_delivery_id_idx on ingest.delivery_key (delivery_id);

    create type ops.run_status as enum ('queued', 'running', 'succeeded', 'failed', 'cancelled');

    -- A piece of work that takes long: its progress, and how far it has come when it must go on.
    create table ops.run (
      run_id bigint generated always as identity,
      task text not null,
      status ops.run_status not null default 'queued',
      delivery_id bigint,
      location_id bigint,
      actor text not null,
      -- Of what is to be fetched: the deliverer's own id of it, and the checksum it must have.
      delivery_key text,
      sha256 bytea,
      attempts integer not null default 0,
      requested_at timestamptz not null default now(),
      started_at timestamptz,
      heartbeat_at timestamptz,          -- the last sign of life
      finished_at timestamptz,
      done int8multirange not null default '{}', -- positions of the delivery that are dealt with
      records bigint not null default 0,
      new bigint not null default 0,
      changed bigint not null default 0,
      unchanged bigint not null default 0,
      entities_minted bigint not null default 0,
      entities_changed bigint not null default 0,
      placeholders bigint not null default 0,
      quarantined bigint not null default 0,
      warnings bigint not null default 0,
      error_code text,
      error text,
      error_hint text,
      constraint run_pkey primary key (run_id),
      constraint run_delivery_id_fkey foreign key (delivery_id)
        references ingest.delivery (delivery_id) on delete cascade,
      constraint run_location_id_fkey foreign key (location_id)
        references ingest.location (location_id) on delete set null,
      constraint task_is_known check (task in ('ingest', 'replay', 'fetch')),
      constraint only_a_failed_run_has_an_error check ((status = 'failed') = (error is not null)),
      constraint finished_run_has_a_time check ((status in ('succeeded', 'failed', 'cancelled')) = (finished_at is not null))
    );
    create index run_delivery_id_idx on ops.run (delivery_id);
    create index run_location_id_idx on ops.run (location_id) where location_id is not null;
    create index run_delivery_key_idx on ops.run (delivery_key) where delivery_key is not null;
    create index run_open_idx on ops.run (run_id) where status in ('queued', 'running');
    create unique index delivery_has_one_open_run_idx on ops.run (delivery_id)
      where status in ('queued', 'running') and task <> 'fetch';
    -- By schedule; of those that were asked for, one for each delivery id and checksum.
    create unique index location_has_one_open_run_idx on ops.run (location_id, coalesce(delivery_key, ''), coalesce(sha256, ''))
      where status in ('queued', 'running') and task = 'fetch';

    -- A run as those see it who have asked for it.
    create type ingest.job as (
      job_id bigint,
      status ops.run_status,
      task text,
      source text,
      delivery_id text,
      checksum text,
      url text,
      format text,
      requested_at timestamptz,
      started_at timestamptz,
      finished_at timestamptz,
      records bigint,
      new bigint,
      changed bigint,
      unchanged bigint,
      quarantined bigint,
      warnings bigint,
      error_code text,
      error text,
      error_hint text
    );

    create type ingest.quarantine_status as enum ('open', 'resolved', 'dropped');

    -- Records that could not be taken, where they stand, and why. The delivery keeps their bytes.
    create table ingest.quarantine (
      quarantine_id bigint generated always as identity,
      delivery_id bigint not null,
      run_id bigint not null,            -- that met it last
      pointer text not null,             -- line 12, a JSON pointer, an XPath
      code text not null,
      message text not null,
      detail text,
      hint text,
      record jsonb,                      -- as it was understood, when it was
      status ingest.quarantine_status not null default 'open',
      quarantined_at timestamptz not null default now(),
      decided_at timestamptz,
      decided_by text,
      constraint quarantine_pkey primary key (quarantine_id),
      constraint quarantine_delivery_id_fkey foreign key (delivery_id)
        references ingest.delivery (delivery_id) on delete cascade,
      constraint quarantine_run_id_fkey foreign key (run_id) references ops.run (run_id) on delete cascade,
      constraint decided_quarantine_has_a_time check ((status = 'open') = (decided_at is null))
    );
    create unique index quarantine_is_open_once_idx
      on ingest.quarantine (delivery_id, md5(pointer), code) where status <> 'resolved';
    create index quarantine_delivery_id_idx on ingest.quarantine (delivery_id);
    create index quarantine_run_id_idx on ingest.quarantine (run_id);
    create index quarantine_open_idx on ingest.quarantine (quarantine_id) where status = 'open';

    -- Things of the same title: which may be one.
    create index entity_title_idx on catalog.entity (kind, left(lower(display_name), 80))
      where kind in ('album', 'track', 'video', 'work');

    -- What was read all the same, and that the deliverer should know of: the first thousand of a run.
    create table ingest.warning (
      warning_id bigint generated always as identity,
      run_id bigint not null,
      position bigint not null,
      pointer text not null,
      message text not null,
      constraint warning_pkey primary key (warning_id),
      constraint warning_run_id_fkey foreign key (run_id) references ops.run (run_id) on delete cascade
    );
    create index warning_run_id_idx on ingest.warning (run_id, position);
  `);
}

export async function down(sql: Sql): Promise<void> {
  await sql.unsafe(/* sql */ `
    drop index catalog.entity_title_idx;
    drop table ingest.warning, ingest.quarantine;
    drop type ingest.quarantine_status;
    drop type ingest.job cascade;
    drop table ops.run;
    drop type ops.run_status;
    drop table ingest.delivery_key, ingest.receipt;
    alter table ingest.delivery
      drop column format_version, drop column message_id, drop column sender, drop column content_url;
    drop table ingest.location;
    alter table ingest.record drop column quality;
    drop table ingest.quality_rule;
    delete from ingest.source s
    where s.source = 'discogs' and not exists (select from ingest.delivery d where d.source = s.source);
    alter table ingest.source
      drop constraint priority_is_of_seven_digits,
      drop column source_type, drop column format, drop column mapping, drop column schedule;
  `);
}
