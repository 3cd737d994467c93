/** Claims beside the bound one, operations with their exact inverse, verdicts, and the review queue. */
import type { Sql } from "postgres";

export async function up(sql: Sql): Promise<void> {
  await sql.unsafe(/* sql */ `
    -- A binding is the claim that won. It carries that claim itself: most ids are claimed once, and one row for them is enough.
    alter table identity.external_id
      add column method text not null default 'stated', -- stated by the record; repaired, matched… by a rule
      add column confidence real not null default 1,
      add column restored_at timestamptz, -- since when the claim stands again: its retraction was undone
      add column is_contested boolean not null default false, -- another entity claims it too
      add constraint binding_confidence_is_a_probability check (confidence between 0 and 1);
    create index external_id_contested_idx on identity.external_id (source, external_id) where is_contested;

    -- Why a record belongs where it does: the id that linked it; for one that was minted, which entities it was kept from,
    -- and by what; for one that was moved, the operation.
    alter table identity.membership add column evidence jsonb not null default '{}';
    alter type identity.seat add attribute evidence jsonb;
    alter type identity.claim add attribute raw text; -- as the record has it
    -- The answer is that of the best claim, and another entity claims the id too.
    alter type identity.resolution add attribute is_contested boolean;

    create type identity.claim_status as enum ('valid', 'invalid');

    -- All other claims: of those who did not win, of values that are not valid, and of what was taken back.
    create table identity.further_claim (
      claim_id bigint generated always as identity,
      external_id text collate "C" not null, -- canonical; as it came when it is invalid
      source text collate "C" not null,
      kind catalog.entity_kind not null,
      record_id bigint not null,
      status identity.claim_status not null default 'valid',
      method text not null default 'stated',
      confidence real not null default 1,
      asserted_at timestamptz not null default clock_timestamp(),
      restored_at timestamptz,           -- since when it stands again: the retraction of an equal claim was undone
      retracted_at timestamptz,
      retracted_by text,                 -- 'record' when its source no longer says it, else the person
      reason text,
      constraint further_claim_pkey primary key (claim_id),
      constraint further_claim_record_id_fkey foreign key (record_id)
        references ingest.record (record_id) on delete cascade,
      constraint claim_confidence_is_a_probability check (confidence between 0 and 1),
      constraint retracted_claim_says_by_whom check ((retracted_at is null) = (retracted_by is null)),
      constraint claimed_id_fits_an_index_key check (octet_length(external_id) between 1 and 2000)
    );
    create unique index further_claim_is_made_once_idx
      on identity.further_claim (record_id, source, external_id) where retracted_at is null;
    create index further_claim_record_id_idx on identity.further_claim (record_id);
    create index further_claim_id_idx on identity.further_claim (external_id, source, kind);

    create type identity.operation_kind as enum ('merge', 'split', 'delete', 'claim', 'retract', 'undo');

    create table identity.operation (
      operation_id bigint generated always as identity,
      op identity.operation_kind not null,
      juke_id uuid not null,             -- the survivor of a merge, the entity split, deleted, claimed for
      actor text not null,
      reason text,
      at timestamptz not null default clock_timestamp(),
      undoes bigint,                     -- the operation this one takes back, whole or in part
      undone_by bigint,                  -- set when nothing of it stands any more
      constraint operation_pkey primary key (operation_id),
      constraint operation_juke_id_fkey foreign key (juke_id) references catalog.entity (juke_id) on delete cascade,
      constraint operation_undoes_fkey foreign key (undoes) references identity.operation (operation_id) on delete restrict,
      constraint operation_undone_by_fkey foreign key (undone_by)
        references identity.operation (operation_id) on delete restrict,
      constraint only_an_undo_undoes check ((op = 'undo') = (undoes is not null))
    );
    create index operation_juke_id_idx on identity.operation (juke_id, operation_id);
    create index operation_undoes_idx on identity.operation (undoes) where undoes is not null;
    create index operation_undone_by_idx on identity.operation (undone_by) where undone_by is not null;

    -- The inverse of an operation, row by row: what each thing was before it.
    create table identity.moved_record (
      operation_id bigint not null,
      record_id bigint not null,
      from_juke_id uuid not null,
      from_rule text not null,
      from_since timestamptz not null,
      from_evidence jsonb not null,
      to_juke_id uuid not null,
      constraint moved_record_pkey primary key (operation_id, record_id),
      constraint moved_record_operation_id_fkey foreign key (operation_id)
        references identity.operation (operation_id) on delete cascade,
      constraint moved_record_record_id_fkey foreign key (record_id)
        references ingest.record (record_id) on delete cascade
    );
    create index moved_record_record_id_idx on identity.moved_record (record_id, operation_id);
    create index moved_record_from_idx on identity.moved_record (operation_id, from_juke_id);

    create table identity.changed_entity (
      operation_id bigint not null,
      juke_id uuid not null,
      from_status catalog.entity_status, -- null: it was minted by the operation
      from_merged_into uuid,
      to_status catalog.entity_status not null,
      to_merged_into uuid,
      undone_by bigint,                  -- each member of a merge can be taken back by itself
      constraint changed_entity_pkey primary key (operation_id, juke_id),
      constraint changed_entity_operation_id_fkey foreign key (operation_id)
        references identity.operation (operation_id) on delete cascade,
      constraint changed_entity_juke_id_fkey foreign key (juke_id)
        references catalog.entity (juke_id) on delete cascade,
      constraint changed_entity_undone_by_fkey foreign key (undone_by)
        references identity.operation (operation_id) on delete restrict
    );
    create index changed_entity_juke_id_idx on identity.changed_entity (juke_id, operation_id);
    create index changed_entity_undone_by_idx on identity.changed_entity (undone_by) where undone_by is not null;

    create table identity.changed_claim (
      operation_id bigint not null,
      record_id bigint not null,
      source text collate "C" not null,
      external_id text collate "C" not null,
      constraint changed_claim_pkey primary key (operation_id, record_id, source, external_id),
      constraint changed_claim_operation_id_fkey foreign key (operation_id)
        references identity.operation (operation_id) on delete cascade,
      constraint changed_claim_record_id_fkey foreign key (record_id)
        references ingest.record (record_id) on delete cascade
    );
    create index changed_claim_record_id_idx on identity.changed_claim (record_id);

    create type identity.verdict as enum ('must_link', 'cannot_link');

    -- What people have decided of two entities, kept for every later run. Pairs are stored once, the lesser id first.
    create table identity.link_fact (
      a_juke_id uuid not null,
      b_juke_id uuid not null,
      verdict identity.verdict not null,
      actor text not null,
      reason text,
      at timestamptz not null default now(),
      operation_id bigint,               -- the split that said so; it falls with it
      constraint link_fact_pkey primary key (a_juke_id, b_juke_id),
      constraint link_fact_a_juke_id_fkey foreign key (a_juke_id) references catalog.entity (juke_id) on delete cascade,
      constraint link_fact_b_juke_id_fkey foreign key (b_juke_id) references catalog.entity (juke_id) on delete cascade,
      constraint link_fact_operation_id_fkey foreign key (operation_id)
        references identity.operation (operation_id) on delete set null,
      constraint link_fact_has_its_pair_in_order check (a_juke_id < b_juke_id)
    );
    create index link_fact_b_juke_id_idx on identity.link_fact (b_juke_id);
    create index link_fact_operation_id_idx on identity.link_fact (operation_id) where operation_id is not null;

    -- Entities that stand for no one in particular: everything fits them, nothing may be merged into them.
    create table identity.special_entity (
      source text collate "C" not null,
      external_id text collate "C" not null,
      kind catalog.entity_kind not null default 'artist',
      title text not null,
      constraint special_entity_pkey primary key (source, external_id, kind),
      constraint special_entity_source_fkey foreign key (source) references identity.scheme (scheme) on delete cascade
    );
    insert into identity.special_entity (source, external_id, title) values
      ('mbid', '89ad4ac3-39f7-470e-963a-56509c546377', 'Various Artists'),
      ('mbid', '125ec42a-7229-4250-afc5-e057484327fe', '[unknown]'),
      ('mbid', 'f731ccc4-e22a-43af-a747-64213329e088', '[anonymous]'),
      ('mbid', '33cf029c-63b0-41a0-9855-be2a3665fb3b', '[data]'),
      ('mbid', '314e1c25-dde7-4e4d-b2f4-0a7b9f7c56dc', '[dialogue]'),
      ('mbid', 'eec63d3c-3b81-4ad4-b1e4-7c147d4d2b61', '[no artist]'),
      ('mbid', '9be7f096-97ec-4615-8957-8d40b5dcbc41', '[traditional]'),
      ('discogs', '194', 'Various'),
      ('discogs', '355', 'Unknown Artist');

    create type identity.review_topic as enum ('contested', 'undo_refused', 'near_match');
    create type identity.review_status as enum ('open', 'merged', 'kept_apart', 'skipped', 'settled');

    create table identity.review (
      review_id bigint generated always as identity,
      topic identity.review_topic not null,
      kind catalog.entity_kind not null,
      a_juke_id uuid not null,
      b_juke_id uuid not null,
      source text collate "C",           -- of a contested id
      external_id text collate "C",
      evidence jsonb not null default '{}',
      worth real not null default 0,     -- the expected value of a decision: how much hangs on it
      status identity.review_status not null default 'open',
      note text,
      decided_by text,
      decided_at timestamptz,
      operation_id bigint,               -- the merge that followed
      opened_at timestamptz not null default now(),
      constraint review_pkey primary key (review_id),
      constraint review_a_juke_id_fkey foreign key (a_juke_id) references catalog.entity (juke_id) on delete cascade,
      constraint review_b_juke_id_fkey foreign key (b_juke_id) references catalog.entity (juke_id) on delete cascade,
      constraint review_operation_id_fkey foreign key (operation_id)
        references identity.operation (operation_id) on delete set null,
      constraint review_has_two_sides check (a_juke_id <> b_juke_id),
      constraint contested_review_names_the_id check ((topic = 'contested') = (external_id is not null)),
      constraint decided_review_says_when check ((status = 'open') = (decided_at is null))
    );
    create unique index review_is_open_once_idx
      on identity.review (topic, a_juke_id, b_juke_id, coalesce(source, ''), coalesce(external_id, '')) where status = 'open';
    create index review_open_idx on identity.review (worth desc, review_id) where status = 'open';
    create index review_a_juke_id_idx on identity.review (a_juke_id);
    create index review_b_juke_id_idx on identity.review (b_juke_id);
    create index review_operation_id_idx on identity.review (operation_id) where operation_id is not null;

    create type identity.id_key as (
      external_id text collate "C",
      source text collate "C",
      kind catalog.entity_kind
    );
    create type identity.claim_key as (
      record_id bigint,
      source text collate "C",
      external_id text collate "C"
    );
    create type identity.ranked_claim as (
      external_id text collate "C",
      source text collate "C",
      kind catalog.entity_kind,
      juke_id uuid,
      record_id bigint,
      method text,
      confidence real,
      asserted_at timestamptz,
      restored_at timestamptz,
      is_active boolean,                 -- its entity is neither merged nor deleted
      nth bigint                         -- 1: the one that is bound
    );

    -- What has happened to an entity since a version.
    create index event_juke_id_idx on feed.event (juke_id, version);

    -- Roles belong to the cluster: see migration 1, which makes jukebase_api in the same way.
    do $do$
    begin
      if not exists (select from pg_catalog.pg_roles where rolname = 'jukebase_editor') then
        create role jukebase_editor nologin;
      end if;
    exception when duplicate_object or unique_violation then
      null; -- another database on this cluster created it at the same moment
    end
    $do$;
    do $do$
    begin
      if current_setting('server_version_num')::int < 160000 then
        if not pg_has_role(current_user, 'jukebase_editor', 'member') then
          execute format('grant jukebase_editor to %I', current_user);
        end if;
      elsif not pg_has_role(current_user, 'jukebase_editor', 'set') then
        execute format('grant jukebase_editor to %I with set true', current_user);
      end if;
    end
    $do$;
  `);
}

export async function down(sql: Sql): Promise<void> {
  // The role stays: other databases on the cluster may use it.
  await sql.unsafe(/* sql */ `
    drop index feed.event_juke_id_idx;
    drop type identity.ranked_claim, identity.claim_key, identity.id_key cascade;
    drop table identity.review;
    drop type identity.review_status, identity.review_topic;
    drop table identity.special_entity, identity.link_fact;
    drop type identity.verdict;
    drop table identity.changed_claim, identity.changed_entity, identity.moved_record,
      identity.operation;
    drop type identity.operation_kind;
    drop table identity.further_claim;
    drop type identity.claim_status;
    drop index identity.external_id_contested_idx;
    alter type identity.resolution drop attribute is_contested;
    alter type identity.claim drop attribute raw;
    alter type identity.seat drop attribute evidence;
    alter table identity.membership drop column evidence;
    alter table identity.external_id
      drop column method, drop column confidence, drop column restored_at, drop column is_contested;
  `);
}
