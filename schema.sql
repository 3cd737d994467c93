-- extensions

create extension btree_gin schema public;
create extension fuzzystrmatch schema public;
create extension pg_trgm schema public;
create extension unaccent schema public;
create extension "uuid-ossp" schema public;

-- schemas

create schema catalog;
create schema descriptor;
create schema feed;
create schema identity;
create schema ingest;
create schema ops;

-- text search

create text search configuration descriptor.names (parser = "default");
alter text search configuration descriptor.names add mapping for asciihword with simple;
alter text search configuration descriptor.names add mapping for asciiword with simple;
alter text search configuration descriptor.names add mapping for email with simple;
alter text search configuration descriptor.names add mapping for file with simple;
alter text search configuration descriptor.names add mapping for float with simple;
alter text search configuration descriptor.names add mapping for host with simple;
alter text search configuration descriptor.names add mapping for hword with public.unaccent, simple;
alter text search configuration descriptor.names add mapping for hword_asciipart with simple;
alter text search configuration descriptor.names add mapping for hword_numpart with public.unaccent, simple;
alter text search configuration descriptor.names add mapping for hword_part with public.unaccent, simple;
alter text search configuration descriptor.names add mapping for int with simple;
alter text search configuration descriptor.names add mapping for numhword with public.unaccent, simple;
alter text search configuration descriptor.names add mapping for numword with public.unaccent, simple;
alter text search configuration descriptor.names add mapping for sfloat with simple;
alter text search configuration descriptor.names add mapping for uint with simple;
alter text search configuration descriptor.names add mapping for url with simple;
alter text search configuration descriptor.names add mapping for url_path with simple;
alter text search configuration descriptor.names add mapping for version with simple;
alter text search configuration descriptor.names add mapping for word with public.unaccent, simple;

-- types

create type catalog.availability as (asked_id uuid, juke_id uuid, streamable boolean, reasons catalog.right_reason[], held_by uuid, "position" integer, valid_from timestamp with time zone, valid_until timestamp with time zone);
create domain catalog.country_code as text
  constraint country_code_is_two_capital_letters CHECK ((VALUE ~ '^[A-Z]{2}$'::text));
create type catalog.entity_kind as enum ('artist', 'album', 'release', 'track', 'work', 'genre', 'label', 'video', 'podcast', 'episode', 'book', 'audiobook');
create type catalog.entity_status as enum ('active', 'merged', 'deleted');
create type catalog.entity_version as (juke_id uuid, version integer);
create domain catalog.partial_date as text
  constraint partial_date_is_a_year_a_month_or_a_calendar_day CHECK (((VALUE ~ '^(?!0000)[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$'::text) AND ((length(VALUE) < 10) OR (((substr(VALUE, 9, 2))::integer)::numeric <= EXTRACT(day FROM (make_date((substr(VALUE, 1, 4))::integer, (substr(VALUE, 6, 2))::integer, 1) + '1 mon -1 days'::interval))))));
create type catalog.right_reason as enum ('not_yet', 'expired', 'usage_not_covered', 'territory_not_covered', 'territory_excluded', 'withdrawn', 'no_rights_known', 'entity_deleted', 'entity_unknown');
create type catalog.statement as (juke_id uuid, kind catalog.entity_kind, key text, value jsonb, source text, is_best boolean);
create type descriptor.hit as (juke_id uuid, kind catalog.entity_kind, display_name text, score real);
create type feed.change as (juke_id uuid, changed text[]);
create type feed.op as enum ('upsert', 'delete', 'merge', 'split');
create type feed.place as (from_snapshot pg_snapshot, to_snapshot pg_snapshot, next_xid xid8, last_id bigint, after_id bigint, drops integer);
create type feed.update as (next_cursor text, id bigint, at timestamp with time zone, kind catalog.entity_kind, juke_id uuid, op feed.op, version integer, changed text[], actor text, delivery_id bigint);
create type identity.claim as (record_id bigint, kind catalog.entity_kind, source text, scheme text, rank integer, exclusivity identity.exclusivity, is_one_per_source boolean, value text, raw text);
create type identity.claim_key as (record_id bigint, source text, external_id text);
create type identity.claim_status as enum ('valid', 'invalid');
create type identity.exclusivity as enum ('exclusive', 'territory', 'shared', 'unstable');
create type identity.id_key as (external_id text, source text, kind catalog.entity_kind);
create type identity.operation_kind as enum ('merge', 'split', 'delete', 'claim', 'retract', 'undo');
create type identity.ranked_claim as (external_id text, source text, kind catalog.entity_kind, juke_id uuid, record_id bigint, method text, confidence real, asserted_at timestamp with time zone, restored_at timestamp with time zone, is_active boolean, nth bigint);
create type identity.reading as (scheme text, value text, kinds catalog.entity_kind[], confidence double precision, why text);
create type identity.reference as (scheme text, value text, kinds catalog.entity_kind[]);
create type identity.resolution as (ref text, status identity.resolution_status, juke_id uuid, kind catalog.entity_kind, rule text, scheme text, value text, is_contested boolean);
create type identity.resolution_status as enum ('found', 'redirected', 'deleted', 'ambiguous', 'not_found', 'invalid');
create type identity.review_status as enum ('open', 'merged', 'kept_apart', 'skipped', 'settled');
create type identity.review_topic as enum ('contested', 'undo_refused', 'near_match');
create type identity.seat as (record_id bigint, juke_id uuid, rule text, evidence jsonb);
create type identity.verdict as enum ('must_link', 'cannot_link');
create type ingest.arrival as (record_id bigint, kind catalog.entity_kind, source_record_id text, said jsonb, juke_id uuid);
create type ingest.delivery_status as enum ('open', 'applied', 'failed');
create type ingest.job as (job_id bigint, status ops.run_status, task text, source text, delivery_id text, checksum text, url text, format text, requested_at timestamp with time zone, started_at timestamp with time zone, finished_at timestamp with time zone, records bigint, new bigint, changed bigint, unchanged bigint, quarantined bigint, warnings bigint, error_code text, error text, error_hint text);
create type ingest.quarantine_status as enum ('open', 'resolved', 'dropped');
create type ingest.statement as (kind catalog.entity_kind, source_record_id text, "full" jsonb, full_position bigint, partial jsonb, partial_positions jsonb, mention jsonb, "position" bigint, checksum uuid, mention_checksums uuid[]);
create type ops.run_status as enum ('queued', 'running', 'succeeded', 'failed', 'cancelled');

-- sequences

create sequence descriptor.dirty_id_seq as bigint increment 1 minvalue 1 maxvalue 9223372036854775807 start 1 cache 1;
create sequence feed.event_id_seq as bigint increment 1 minvalue 1 maxvalue 9223372036854775807 start 1 cache 1;
create sequence identity.further_claim_claim_id_seq as bigint increment 1 minvalue 1 maxvalue 9223372036854775807 start 1 cache 1;
create sequence identity.operation_operation_id_seq as bigint increment 1 minvalue 1 maxvalue 9223372036854775807 start 1 cache 1;
create sequence identity.review_review_id_seq as bigint increment 1 minvalue 1 maxvalue 9223372036854775807 start 1 cache 1;
create sequence ingest.delivery_delivery_id_seq as bigint increment 1 minvalue 1 maxvalue 9223372036854775807 start 1 cache 1;
create sequence ingest.location_location_id_seq as bigint increment 1 minvalue 1 maxvalue 9223372036854775807 start 1 cache 1;
create sequence ingest.quarantine_quarantine_id_seq as bigint increment 1 minvalue 1 maxvalue 9223372036854775807 start 1 cache 1;
create sequence ingest.receipt_receipt_id_seq as bigint increment 1 minvalue 1 maxvalue 9223372036854775807 start 1 cache 1;
create sequence ingest.record_record_id_seq as bigint increment 1 minvalue 1 maxvalue 9223372036854775807 start 1 cache 1;
create sequence ingest.repetition_repetition_id_seq as bigint increment 1 minvalue 1 maxvalue 9223372036854775807 start 1 cache 1;
create sequence ingest.warning_warning_id_seq as bigint increment 1 minvalue 1 maxvalue 9223372036854775807 start 1 cache 1;
create sequence ops.run_run_id_seq as bigint increment 1 minvalue 1 maxvalue 9223372036854775807 start 1 cache 1;

-- tables

create table catalog.album (
  juke_id uuid not null,
  title text not null,
  disambiguation text,
  album_type text,
  secondary_types text[],
  first_release_date catalog.partial_date,
  popularity smallint,
  constraint album_pkey PRIMARY KEY (juke_id),
  constraint album_popularity_is_0_to_100 CHECK (((popularity >= 0) AND (popularity <= 100))),
  constraint album_type_is_known CHECK ((album_type = ANY (ARRAY['album'::text, 'single'::text, 'ep'::text, 'broadcast'::text, 'other'::text]))),
  constraint album_juke_id_fkey FOREIGN KEY (juke_id) REFERENCES catalog.entity(juke_id) ON DELETE CASCADE
);
create table catalog.alias (
  juke_id uuid not null,
  name text not null,
  locale text not null default ''::text,
  sort_name text,
  alias_type text,
  is_primary boolean not null default false,
  begin_date catalog.partial_date,
  end_date catalog.partial_date,
  constraint alias_pkey PRIMARY KEY (juke_id, name, locale),
  constraint alias_fits_an_index_key CHECK ((octet_length(name) <= 2000)),
  constraint alias_is_not_empty CHECK ((name <> ''::text)),
  constraint alias_juke_id_fkey FOREIGN KEY (juke_id) REFERENCES catalog.entity(juke_id) ON DELETE CASCADE
);
create table catalog.artist (
  juke_id uuid not null,
  name text not null,
  sort_name text,
  disambiguation text,
  artist_type text,
  gender text,
  country catalog.country_code,
  area text,
  begin_area text,
  end_area text,
  begin_date catalog.partial_date,
  end_date catalog.partial_date,
  ended boolean,
  popularity smallint,
  constraint artist_pkey PRIMARY KEY (juke_id),
  constraint artist_popularity_is_0_to_100 CHECK (((popularity >= 0) AND (popularity <= 100))),
  constraint artist_type_is_known CHECK ((artist_type = ANY (ARRAY['person'::text, 'group'::text, 'orchestra'::text, 'choir'::text, 'character'::text, 'other'::text]))),
  constraint artist_juke_id_fkey FOREIGN KEY (juke_id) REFERENCES catalog.entity(juke_id) ON DELETE CASCADE
);
create table catalog.artist_relation (
  juke_id uuid not null,
  artist_id uuid not null,
  related_id uuid not null,
  relation text not null,
  "position" integer not null,
  begin_date catalog.partial_date,
  end_date catalog.partial_date,
  ended boolean,
  constraint artist_relation_pkey PRIMARY KEY (juke_id, artist_id, related_id, relation, "position"),
  constraint artist_is_not_related_to_itself CHECK ((artist_id <> related_id)),
  constraint artist_relation_is_known CHECK ((relation = ANY (ARRAY['member'::text, 'alias'::text]))),
  constraint artist_relation_is_told_by_one_of_the_two CHECK (((juke_id = artist_id) OR (juke_id = related_id))),
  constraint artist_relation_position_counts_from_one CHECK (("position" >= 1)),
  constraint artist_relation_artist_id_fkey FOREIGN KEY (artist_id) REFERENCES catalog.artist(juke_id) ON DELETE CASCADE,
  constraint artist_relation_juke_id_fkey FOREIGN KEY (juke_id) REFERENCES catalog.artist(juke_id) ON DELETE CASCADE,
  constraint artist_relation_related_id_fkey FOREIGN KEY (related_id) REFERENCES catalog.artist(juke_id) ON DELETE CASCADE
);
create table catalog.audiobook (
  juke_id uuid not null,
  book_id uuid,
  title text not null,
  subtitle text,
  description text,
  publisher text,
  published_date catalog.partial_date,
  language text,
  duration_ms bigint,
  abridged boolean,
  constraint audiobook_pkey PRIMARY KEY (juke_id),
  constraint audiobook_duration_is_not_negative CHECK ((duration_ms >= 0)),
  constraint audiobook_book_id_fkey FOREIGN KEY (book_id) REFERENCES catalog.book(juke_id) ON DELETE SET NULL,
  constraint audiobook_juke_id_fkey FOREIGN KEY (juke_id) REFERENCES catalog.entity(juke_id) ON DELETE CASCADE
);
create table catalog.book (
  juke_id uuid not null,
  title text not null,
  subtitle text,
  description text,
  publisher text,
  published_date catalog.partial_date,
  language text,
  page_count integer,
  edition text,
  format text,
  series text,
  series_position text,
  constraint book_pkey PRIMARY KEY (juke_id),
  constraint page_count_is_positive CHECK ((page_count > 0)),
  constraint book_juke_id_fkey FOREIGN KEY (juke_id) REFERENCES catalog.entity(juke_id) ON DELETE CASCADE
);
create table catalog.chapter (
  juke_id uuid not null,
  "position" integer not null,
  start_ms integer not null,
  end_ms integer,
  title text,
  url text,
  image_url text,
  constraint chapter_pkey PRIMARY KEY (juke_id, "position"),
  constraint chapter_position_counts_from_one CHECK (("position" >= 1)),
  constraint chapter_times_are_not_negative CHECK (((start_ms >= 0) AND (end_ms >= 0))),
  constraint chapter_juke_id_fkey FOREIGN KEY (juke_id) REFERENCES catalog.entity(juke_id) ON DELETE CASCADE
);
create table catalog.copyright (
  juke_id uuid not null,
  line text not null,
  "position" integer not null,
  year integer,
  text text not null,
  constraint copyright_pkey PRIMARY KEY (juke_id, line, "position"),
  constraint copyright_is_a_p_or_a_c_line CHECK ((line = ANY (ARRAY['P'::text, 'C'::text]))),
  constraint copyright_position_counts_from_one CHECK (("position" >= 1)),
  constraint copyright_juke_id_fkey FOREIGN KEY (juke_id) REFERENCES catalog.entity(juke_id) ON DELETE CASCADE
);
create table catalog.credit (
  juke_id uuid not null,
  role text not null,
  "position" integer not null,
  contributor_id uuid not null,
  credited_as text,
  join_phrase text,
  share numeric(7,4),
  attributes text[],
  mechanical_share numeric(7,4),
  synchronization_share numeric(7,4),
  constraint credit_pkey PRIMARY KEY (juke_id, role, "position"),
  constraint credit_position_counts_from_one CHECK (("position" >= 1)),
  constraint mechanical_share_is_a_percentage CHECK (((mechanical_share >= (0)::numeric) AND (mechanical_share <= (100)::numeric))),
  constraint share_is_a_percentage CHECK (((share >= (0)::numeric) AND (share <= (100)::numeric))),
  constraint synchronization_share_is_a_percentage CHECK (((synchronization_share >= (0)::numeric) AND (synchronization_share <= (100)::numeric))),
  constraint credit_contributor_id_fkey FOREIGN KEY (contributor_id) REFERENCES catalog.entity(juke_id) ON DELETE CASCADE,
  constraint credit_juke_id_fkey FOREIGN KEY (juke_id) REFERENCES catalog.entity(juke_id) ON DELETE CASCADE
);
create table catalog.entity (
  juke_id uuid not null default identity.uuidv7(),
  kind catalog.entity_kind not null,
  display_name text not null,
  mbid uuid,
  status catalog.entity_status not null default 'active'::catalog.entity_status,
  merged_into uuid,
  version integer not null default 1,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint entity_pkey PRIMARY KEY (juke_id),
  constraint entity_does_not_redirect_to_itself CHECK ((merged_into <> juke_id)),
  constraint merged_entity_has_a_target CHECK (((status = 'merged'::catalog.entity_status) = (merged_into IS NOT NULL))),
  constraint version_counts_from_one CHECK ((version >= 1)),
  constraint entity_merged_into_fkey FOREIGN KEY (merged_into) REFERENCES catalog.entity(juke_id) ON DELETE RESTRICT
);
create table catalog.entity_genre (
  juke_id uuid not null,
  genre_id uuid not null,
  weight real not null default 1,
  constraint entity_genre_pkey PRIMARY KEY (juke_id, genre_id),
  constraint genre_weight_is_not_negative CHECK ((weight >= (0)::double precision)),
  constraint entity_genre_genre_id_fkey FOREIGN KEY (genre_id) REFERENCES catalog.genre(juke_id) ON DELETE CASCADE,
  constraint entity_genre_juke_id_fkey FOREIGN KEY (juke_id) REFERENCES catalog.entity(juke_id) ON DELETE CASCADE
);
create table catalog.episode (
  juke_id uuid not null,
  podcast_id uuid,
  title text not null,
  description text,
  season integer,
  episode_number integer,
  episode_type text,
  duration_ms integer,
  published_at timestamp with time zone,
  explicit boolean,
  enclosure_url text,
  enclosure_type text,
  enclosure_bytes bigint,
  season_name text,
  chapters_url text,
  value jsonb,
  constraint episode_pkey PRIMARY KEY (juke_id),
  constraint enclosure_size_is_not_negative CHECK ((enclosure_bytes >= 0)),
  constraint episode_duration_is_not_negative CHECK ((duration_ms >= 0)),
  constraint episode_type_is_known CHECK ((episode_type = ANY (ARRAY['full'::text, 'trailer'::text, 'bonus'::text]))),
  constraint episode_value_is_a_list CHECK ((jsonb_typeof(value) = 'array'::text)),
  constraint episode_juke_id_fkey FOREIGN KEY (juke_id) REFERENCES catalog.entity(juke_id) ON DELETE CASCADE,
  constraint episode_podcast_id_fkey FOREIGN KEY (podcast_id) REFERENCES catalog.podcast(juke_id) ON DELETE SET NULL
);
create table catalog.genre (
  juke_id uuid not null,
  name text not null,
  disambiguation text,
  description text,
  constraint genre_pkey PRIMARY KEY (juke_id),
  constraint genre_juke_id_fkey FOREIGN KEY (juke_id) REFERENCES catalog.entity(juke_id) ON DELETE CASCADE
);
create table catalog.genre_parent (
  genre_id uuid not null,
  parent_id uuid not null,
  constraint genre_parent_pkey PRIMARY KEY (genre_id, parent_id),
  constraint genre_is_not_its_own_parent CHECK ((parent_id <> genre_id)),
  constraint genre_parent_genre_id_fkey FOREIGN KEY (genre_id) REFERENCES catalog.genre(juke_id) ON DELETE CASCADE,
  constraint genre_parent_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES catalog.genre(juke_id) ON DELETE CASCADE
);
create table catalog.image (
  juke_id uuid not null,
  url text not null,
  image_type text,
  width integer,
  height integer,
  constraint image_pkey PRIMARY KEY (juke_id, url),
  constraint image_has_a_size_in_pixels CHECK (((width > 0) AND (height > 0))),
  constraint image_url_fits_an_index_key CHECK ((octet_length(url) <= 2000)),
  constraint image_juke_id_fkey FOREIGN KEY (juke_id) REFERENCES catalog.entity(juke_id) ON DELETE CASCADE
);
create table catalog.label (
  juke_id uuid not null,
  name text not null,
  sort_name text,
  disambiguation text,
  label_type text,
  label_code integer,
  country catalog.country_code,
  area text,
  begin_date catalog.partial_date,
  end_date catalog.partial_date,
  ended boolean,
  parent_id uuid,
  constraint label_pkey PRIMARY KEY (juke_id),
  constraint label_code_has_at_most_six_digits CHECK (((label_code >= 1) AND (label_code <= 999999))),
  constraint label_is_not_its_own_parent CHECK ((parent_id <> juke_id)),
  constraint label_juke_id_fkey FOREIGN KEY (juke_id) REFERENCES catalog.entity(juke_id) ON DELETE CASCADE,
  constraint label_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES catalog.label(juke_id) ON DELETE SET NULL
);
create table catalog.podcast (
  juke_id uuid not null,
  title text not null,
  author text,
  description text,
  language text,
  website_url text,
  feed_url text,
  explicit boolean,
  podcast_type text,
  copyright text,
  value jsonb,
  constraint podcast_pkey PRIMARY KEY (juke_id),
  constraint podcast_type_is_known CHECK ((podcast_type = ANY (ARRAY['episodic'::text, 'serial'::text]))),
  constraint podcast_value_is_a_list CHECK ((jsonb_typeof(value) = 'array'::text)),
  constraint podcast_juke_id_fkey FOREIGN KEY (juke_id) REFERENCES catalog.entity(juke_id) ON DELETE CASCADE
);
create table catalog.release (
  juke_id uuid not null,
  album_id uuid,
  title text not null,
  disambiguation text,
  release_status text,
  release_date catalog.partial_date,
  country catalog.country_code,
  packaging text,
  language text,
  script text,
  barcode text,
  constraint release_pkey PRIMARY KEY (juke_id),
  constraint release_status_is_known CHECK ((release_status = ANY (ARRAY['official'::text, 'promotion'::text, 'bootleg'::text, 'pseudo-release'::text, 'withdrawn'::text, 'cancelled'::text]))),
  constraint release_album_id_fkey FOREIGN KEY (album_id) REFERENCES catalog.album(juke_id) ON DELETE SET NULL,
  constraint release_juke_id_fkey FOREIGN KEY (juke_id) REFERENCES catalog.entity(juke_id) ON DELETE CASCADE
);
create table catalog.release_event (
  release_id uuid not null,
  "position" integer not null,
  country catalog.country_code,
  date catalog.partial_date,
  constraint release_event_pkey PRIMARY KEY (release_id, "position"),
  constraint release_event_has_a_country_or_a_date CHECK ((num_nonnulls(country, date) > 0)),
  constraint release_event_release_id_fkey FOREIGN KEY (release_id) REFERENCES catalog.release(juke_id) ON DELETE CASCADE
);
create table catalog.release_label (
  release_id uuid not null,
  label_id uuid not null,
  catalog_number text not null default ''::text,
  constraint release_label_pkey PRIMARY KEY (release_id, label_id, catalog_number),
  constraint catalog_number_fits_an_index_key CHECK ((octet_length(catalog_number) <= 500)),
  constraint release_label_label_id_fkey FOREIGN KEY (label_id) REFERENCES catalog.label(juke_id) ON DELETE CASCADE,
  constraint release_label_release_id_fkey FOREIGN KEY (release_id) REFERENCES catalog.release(juke_id) ON DELETE CASCADE
);
create table catalog.release_medium (
  release_id uuid not null,
  disc integer not null,
  format text,
  title text,
  constraint release_medium_pkey PRIMARY KEY (release_id, disc),
  constraint medium_disc_counts_from_one CHECK ((disc >= 1)),
  constraint release_medium_release_id_fkey FOREIGN KEY (release_id) REFERENCES catalog.release(juke_id) ON DELETE CASCADE
);
create table catalog.release_track (
  release_id uuid not null,
  disc integer not null,
  "position" integer not null,
  number text,
  title text,
  duration_ms integer,
  track_id uuid,
  video_id uuid,
  constraint release_track_pkey PRIMARY KEY (release_id, disc, "position"),
  constraint release_track_duration_is_not_negative CHECK ((duration_ms >= 0)),
  constraint release_track_is_a_track_or_a_video CHECK ((num_nonnulls(track_id, video_id) = 1)),
  constraint track_disc_counts_from_one CHECK ((disc >= 1)),
  constraint track_position_counts_from_zero CHECK (("position" >= 0)),
  constraint release_track_release_id_fkey FOREIGN KEY (release_id) REFERENCES catalog.release(juke_id) ON DELETE CASCADE,
  constraint release_track_track_id_fkey FOREIGN KEY (track_id) REFERENCES catalog.track(juke_id) ON DELETE CASCADE,
  constraint release_track_video_id_fkey FOREIGN KEY (video_id) REFERENCES catalog.video(juke_id) ON DELETE CASCADE
);
create table catalog.territory (
  territory text not null,
  renamed_to text,
  replaced_by text[],
  constraint territory_pkey PRIMARY KEY (territory),
  constraint territory_is_renamed_or_replaced CHECK ((num_nonnulls(renamed_to, replaced_by) < 2)),
  constraint territory_renamed_to_fkey FOREIGN KEY (renamed_to) REFERENCES catalog.territory(territory) ON DELETE RESTRICT
);
create table catalog.track (
  juke_id uuid not null,
  title text not null,
  disambiguation text,
  duration_ms integer,
  first_release_date catalog.partial_date,
  explicit boolean,
  popularity smallint,
  constraint track_pkey PRIMARY KEY (juke_id),
  constraint track_duration_is_not_negative CHECK ((duration_ms >= 0)),
  constraint track_popularity_is_0_to_100 CHECK (((popularity >= 0) AND (popularity <= 100))),
  constraint track_juke_id_fkey FOREIGN KEY (juke_id) REFERENCES catalog.entity(juke_id) ON DELETE CASCADE
);
create table catalog.track_work (
  track_id uuid not null,
  work_id uuid not null,
  relation text not null default 'performance'::text,
  attributes text[],
  constraint track_work_pkey PRIMARY KEY (track_id, work_id),
  constraint track_work_track_id_fkey FOREIGN KEY (track_id) REFERENCES catalog.track(juke_id) ON DELETE CASCADE,
  constraint track_work_work_id_fkey FOREIGN KEY (work_id) REFERENCES catalog.work(juke_id) ON DELETE CASCADE
);
create table catalog.transcript (
  episode_id uuid not null,
  "position" integer not null,
  url text not null,
  media_type text,
  language text,
  rel text,
  constraint transcript_pkey PRIMARY KEY (episode_id, "position"),
  constraint transcript_position_counts_from_one CHECK (("position" >= 1)),
  constraint transcript_episode_id_fkey FOREIGN KEY (episode_id) REFERENCES catalog.episode(juke_id) ON DELETE CASCADE
);
create table catalog.usage_right (
  juke_id uuid not null,
  "position" integer not null,
  territories text[],
  excluded_territories text[],
  usages text[],
  commercial_models text[],
  valid_from timestamp with time zone,
  valid_until timestamp with time zone,
  constraint usage_right_pkey PRIMARY KEY (juke_id, "position"),
  constraint usage_right_position_counts_from_one CHECK (("position" >= 1)),
  constraint usage_right_juke_id_fkey FOREIGN KEY (juke_id) REFERENCES catalog.entity(juke_id) ON DELETE CASCADE
);
create table catalog.use_type (
  use_type text not null,
  parent text,
  constraint use_type_pkey PRIMARY KEY (use_type),
  constraint use_type_does_not_cover_itself CHECK ((parent <> use_type)),
  constraint use_type_parent_fkey FOREIGN KEY (parent) REFERENCES catalog.use_type(use_type) ON DELETE RESTRICT
);
create table catalog.video (
  juke_id uuid not null,
  title text not null,
  disambiguation text,
  duration_ms integer,
  video_type text,
  first_release_date catalog.partial_date,
  track_id uuid,
  constraint video_pkey PRIMARY KEY (juke_id),
  constraint video_duration_is_not_negative CHECK ((duration_ms >= 0)),
  constraint video_juke_id_fkey FOREIGN KEY (juke_id) REFERENCES catalog.entity(juke_id) ON DELETE CASCADE,
  constraint video_track_id_fkey FOREIGN KEY (track_id) REFERENCES catalog.track(juke_id) ON DELETE SET NULL
);
create table catalog.work (
  juke_id uuid not null,
  title text not null,
  disambiguation text,
  work_type text,
  languages text[],
  constraint work_pkey PRIMARY KEY (juke_id),
  constraint work_juke_id_fkey FOREIGN KEY (juke_id) REFERENCES catalog.entity(juke_id) ON DELETE CASCADE
);
create table descriptor.dirty (
  id bigint not null generated always as identity,
  juke_id uuid not null,
  at timestamp with time zone not null default now(),
  constraint dirty_pkey PRIMARY KEY (id)
);
create table descriptor.document (
  juke_id uuid not null,
  kind catalog.entity_kind not null,
  name text not null,
  tsv tsvector not null,
  checksum uuid not null,
  builder_version integer not null,
  built_at timestamp with time zone not null default now(),
  constraint document_pkey PRIMARY KEY (juke_id),
  constraint document_juke_id_fkey FOREIGN KEY (juke_id) REFERENCES catalog.entity(juke_id) ON DELETE CASCADE
);
create table feed.consumer (
  consumer text collate "C" not null,
  cursor text not null,
  paused boolean not null default false,
  added_at timestamp with time zone not null default now(),
  acked_at timestamp with time zone,
  constraint consumer_pkey PRIMARY KEY (consumer),
  constraint consumer_is_a_word CHECK ((consumer ~ '^[a-z][a-z0-9_.:-]{0,62}$'::text))
);
create table feed.event (
  id bigint not null generated always as identity,
  xid xid8 not null default pg_current_xact_id(),
  at timestamp with time zone not null default now(),
  kind catalog.entity_kind not null,
  juke_id uuid not null,
  op feed.op not null,
  version integer not null,
  changed text[],
  actor text,
  delivery_id bigint,
  constraint one_event_per_entity_and_transaction PRIMARY KEY (xid, juke_id, at)
) partition by RANGE (at);
create table feed.event_default (
  id bigint not null generated always as identity,
  xid xid8 not null default pg_current_xact_id(),
  at timestamp with time zone not null default now(),
  kind catalog.entity_kind not null,
  juke_id uuid not null,
  op feed.op not null,
  version integer not null,
  changed text[],
  actor text,
  delivery_id bigint,
  constraint event_default_pkey PRIMARY KEY (xid, juke_id, at)
);
alter table feed.event attach partition feed.event_default DEFAULT;
create table feed.retention (
  only_row boolean not null default true,
  keep interval not null default '28 days'::interval,
  width interval not null default '7 days'::interval,
  cluster bigint not null,
  drops integer not null default 0,
  dropped_xid xid8,
  dropped_id bigint,
  dropped_until timestamp with time zone,
  dropped_at timestamp with time zone,
  constraint retention_pkey PRIMARY KEY (only_row),
  constraint keep_is_positive CHECK ((keep > '00:00:00'::interval)),
  constraint there_is_one_row CHECK (only_row),
  constraint width_is_an_hour_or_more CHECK ((width >= '01:00:00'::interval))
);
create table identity.changed_claim (
  operation_id bigint not null,
  record_id bigint not null,
  source text collate "C" not null,
  external_id text collate "C" not null,
  constraint changed_claim_pkey PRIMARY KEY (operation_id, record_id, source, external_id),
  constraint changed_claim_operation_id_fkey FOREIGN KEY (operation_id) REFERENCES identity.operation(operation_id) ON DELETE CASCADE,
  constraint changed_claim_record_id_fkey FOREIGN KEY (record_id) REFERENCES ingest.record(record_id) ON DELETE CASCADE
);
create table identity.changed_entity (
  operation_id bigint not null,
  juke_id uuid not null,
  from_status catalog.entity_status,
  from_merged_into uuid,
  to_status catalog.entity_status not null,
  to_merged_into uuid,
  undone_by bigint,
  constraint changed_entity_pkey PRIMARY KEY (operation_id, juke_id),
  constraint changed_entity_juke_id_fkey FOREIGN KEY (juke_id) REFERENCES catalog.entity(juke_id) ON DELETE CASCADE,
  constraint changed_entity_operation_id_fkey FOREIGN KEY (operation_id) REFERENCES identity.operation(operation_id) ON DELETE CASCADE,
  constraint changed_entity_undone_by_fkey FOREIGN KEY (undone_by) REFERENCES identity.operation(operation_id) ON DELETE RESTRICT
);
create table identity.external_id (
  external_id text collate "C" not null,
  source text collate "C" not null,
  kind catalog.entity_kind not null,
  juke_id uuid not null,
  record_id bigint,
  since timestamp with time zone not null default now(),
  method text not null default 'stated'::text,
  confidence real not null default 1,
  restored_at timestamp with time zone,
  is_contested boolean not null default false,
  constraint external_id_pkey PRIMARY KEY (external_id, source, kind),
  constraint binding_confidence_is_a_probability CHECK (((confidence >= (0)::double precision) AND (confidence <= (1)::double precision))),
  constraint external_id_fits_an_index_key CHECK (((octet_length(external_id) >= 1) AND (octet_length(external_id) <= 2000))),
  constraint external_id_juke_id_fkey FOREIGN KEY (juke_id) REFERENCES catalog.entity(juke_id) ON DELETE CASCADE DEFERRABLE
);
create table identity.further_claim (
  claim_id bigint not null generated always as identity,
  external_id text collate "C" not null,
  source text collate "C" not null,
  kind catalog.entity_kind not null,
  record_id bigint not null,
  status identity.claim_status not null default 'valid'::identity.claim_status,
  method text not null default 'stated'::text,
  confidence real not null default 1,
  asserted_at timestamp with time zone not null default clock_timestamp(),
  restored_at timestamp with time zone,
  retracted_at timestamp with time zone,
  retracted_by text,
  reason text,
  constraint further_claim_pkey PRIMARY KEY (claim_id),
  constraint claim_confidence_is_a_probability CHECK (((confidence >= (0)::double precision) AND (confidence <= (1)::double precision))),
  constraint claimed_id_fits_an_index_key CHECK (((octet_length(external_id) >= 1) AND (octet_length(external_id) <= 2000))),
  constraint retracted_claim_says_by_whom CHECK (((retracted_at IS NULL) = (retracted_by IS NULL))),
  constraint further_claim_record_id_fkey FOREIGN KEY (record_id) REFERENCES ingest.record(record_id) ON DELETE CASCADE
);
create table identity.link_fact (
  a_juke_id uuid not null,
  b_juke_id uuid not null,
  verdict identity.verdict not null,
  actor text not null,
  reason text,
  at timestamp with time zone not null default now(),
  operation_id bigint,
  constraint link_fact_pkey PRIMARY KEY (a_juke_id, b_juke_id),
  constraint link_fact_has_its_pair_in_order CHECK ((a_juke_id < b_juke_id)),
  constraint link_fact_a_juke_id_fkey FOREIGN KEY (a_juke_id) REFERENCES catalog.entity(juke_id) ON DELETE CASCADE,
  constraint link_fact_b_juke_id_fkey FOREIGN KEY (b_juke_id) REFERENCES catalog.entity(juke_id) ON DELETE CASCADE,
  constraint link_fact_operation_id_fkey FOREIGN KEY (operation_id) REFERENCES identity.operation(operation_id) ON DELETE SET NULL
);
create table identity.membership (
  record_id bigint not null,
  juke_id uuid not null,
  rule text not null,
  since timestamp with time zone not null default now(),
  evidence jsonb not null default '{}'::jsonb,
  constraint membership_pkey PRIMARY KEY (record_id),
  constraint membership_juke_id_fkey FOREIGN KEY (juke_id) REFERENCES catalog.entity(juke_id) ON DELETE CASCADE,
  constraint membership_record_id_fkey FOREIGN KEY (record_id) REFERENCES ingest.record(record_id) ON DELETE CASCADE
);
create table identity.moved_record (
  operation_id bigint not null,
  record_id bigint not null,
  from_juke_id uuid not null,
  from_rule text not null,
  from_since timestamp with time zone not null,
  from_evidence jsonb not null,
  to_juke_id uuid not null,
  constraint moved_record_pkey PRIMARY KEY (operation_id, record_id),
  constraint moved_record_operation_id_fkey FOREIGN KEY (operation_id) REFERENCES identity.operation(operation_id) ON DELETE CASCADE,
  constraint moved_record_record_id_fkey FOREIGN KEY (record_id) REFERENCES ingest.record(record_id) ON DELETE CASCADE
);
create table identity.operation (
  operation_id bigint not null generated always as identity,
  op identity.operation_kind not null,
  juke_id uuid not null,
  actor text not null,
  reason text,
  at timestamp with time zone not null default clock_timestamp(),
  undoes bigint,
  undone_by bigint,
  constraint operation_pkey PRIMARY KEY (operation_id),
  constraint only_an_undo_undoes CHECK (((op = 'undo'::identity.operation_kind) = (undoes IS NOT NULL))),
  constraint operation_juke_id_fkey FOREIGN KEY (juke_id) REFERENCES catalog.entity(juke_id) ON DELETE CASCADE,
  constraint operation_undoes_fkey FOREIGN KEY (undoes) REFERENCES identity.operation(operation_id) ON DELETE RESTRICT,
  constraint operation_undone_by_fkey FOREIGN KEY (undone_by) REFERENCES identity.operation(operation_id) ON DELETE RESTRICT
);
create table identity.review (
  review_id bigint not null generated always as identity,
  topic identity.review_topic not null,
  kind catalog.entity_kind not null,
  a_juke_id uuid not null,
  b_juke_id uuid not null,
  source text collate "C",
  external_id text collate "C",
  evidence jsonb not null default '{}'::jsonb,
  worth real not null default 0,
  status identity.review_status not null default 'open'::identity.review_status,
  note text,
  decided_by text,
  decided_at timestamp with time zone,
  operation_id bigint,
  opened_at timestamp with time zone not null default now(),
  constraint review_pkey PRIMARY KEY (review_id),
  constraint contested_review_names_the_id CHECK (((topic = 'contested'::identity.review_topic) = (external_id IS NOT NULL))),
  constraint decided_review_says_when CHECK (((status = 'open'::identity.review_status) = (decided_at IS NULL))),
  constraint review_has_two_sides CHECK ((a_juke_id <> b_juke_id)),
  constraint review_a_juke_id_fkey FOREIGN KEY (a_juke_id) REFERENCES catalog.entity(juke_id) ON DELETE CASCADE,
  constraint review_b_juke_id_fkey FOREIGN KEY (b_juke_id) REFERENCES catalog.entity(juke_id) ON DELETE CASCADE,
  constraint review_operation_id_fkey FOREIGN KEY (operation_id) REFERENCES identity.operation(operation_id) ON DELETE SET NULL
);
create table identity.scheme (
  scheme text collate "C" not null,
  title text not null,
  standard text,
  rank integer not null,
  exclusivity identity.exclusivity not null,
  kinds catalog.entity_kind[] not null,
  aliases text[] not null default '{}'::text[],
  uri_base text,
  pattern text not null,
  form text,
  check_rule text,
  example text,
  constraint scheme_pkey PRIMARY KEY (scheme),
  constraint scheme_rank_is_unique UNIQUE (rank) DEFERRABLE,
  constraint scheme_is_a_lower_case_word CHECK ((scheme ~ '^[a-z][a-z0-9_]*$'::text)),
  constraint scheme_names_some_kind CHECK ((cardinality(kinds) > 0))
);
create table identity.shape (
  scheme text collate "C" not null,
  pattern text not null,
  shortest integer not null,
  longest integer not null,
  confidence double precision not null,
  why text not null,
  constraint shape_pkey PRIMARY KEY (scheme, pattern),
  constraint shape_confidence_is_a_probability CHECK (((confidence >= (0)::double precision) AND (confidence <= (1)::double precision))),
  constraint shape_lengths_are_in_order CHECK (((shortest >= 1) AND (shortest <= longest))),
  constraint shape_scheme_fkey FOREIGN KEY (scheme) REFERENCES identity.scheme(scheme) ON DELETE CASCADE
);
create table identity.special_entity (
  source text collate "C" not null,
  external_id text collate "C" not null,
  kind catalog.entity_kind not null default 'artist'::catalog.entity_kind,
  title text not null,
  constraint special_entity_pkey PRIMARY KEY (source, external_id, kind),
  constraint special_entity_source_fkey FOREIGN KEY (source) REFERENCES identity.scheme(scheme) ON DELETE CASCADE
);
create table identity.url_pattern (
  domain text not null,
  pattern text not null,
  scheme text collate "C" not null,
  kinds catalog.entity_kind[] not null,
  template text,
  constraint url_pattern_pkey PRIMARY KEY (domain, pattern),
  constraint url_pattern_names_some_kind CHECK ((cardinality(kinds) > 0)),
  constraint url_template_has_a_place_for_the_value CHECK ((template ~~ 'https://%{value}%'::text)),
  constraint url_pattern_scheme_fkey FOREIGN KEY (scheme) REFERENCES identity.scheme(scheme) ON DELETE CASCADE
);
create table ingest.delivery (
  delivery_id bigint not null generated always as identity,
  source text not null,
  name text not null,
  format text not null,
  sha256 bytea not null,
  byte_count bigint not null,
  content bytea,
  status ingest.delivery_status not null default 'open'::ingest.delivery_status,
  error text,
  times_received integer not null default 1,
  received_at timestamp with time zone not null default now(),
  closed_at timestamp with time zone,
  format_version text not null default ''::text,
  message_id text,
  sender text,
  content_url text,
  stated_at timestamp with time zone,
  constraint delivery_pkey PRIMARY KEY (delivery_id),
  constraint bytes_are_received_once_per_source UNIQUE (source, sha256),
  constraint closed_delivery_has_a_time CHECK (((status = 'open'::ingest.delivery_status) = (closed_at IS NULL))),
  constraint content_is_kept_once CHECK (((content IS NULL) OR (content_url IS NULL))),
  constraint only_a_failed_delivery_has_an_error CHECK (((status = 'failed'::ingest.delivery_status) = (error IS NOT NULL))),
  constraint sha256_has_32_bytes CHECK ((octet_length(sha256) = 32)),
  constraint delivery_source_fkey FOREIGN KEY (source) REFERENCES ingest.source(source) ON DELETE RESTRICT
);
create table ingest.delivery_key (
  source text not null,
  delivery_key text collate "C" not null,
  delivery_id bigint not null,
  constraint delivery_key_pkey PRIMARY KEY (source, delivery_key),
  constraint delivery_key_fits_an_index_key CHECK (((octet_length(delivery_key) >= 1) AND (octet_length(delivery_key) <= 500))),
  constraint delivery_key_delivery_id_fkey FOREIGN KEY (delivery_id) REFERENCES ingest.delivery(delivery_id) ON DELETE CASCADE,
  constraint delivery_key_source_fkey FOREIGN KEY (source) REFERENCES ingest.source(source) ON DELETE RESTRICT
);
create table ingest.location (
  location_id bigint not null generated always as identity,
  source text not null,
  url text not null,
  format text,
  is_active boolean not null default true,
  etag text,
  last_modified text,
  next_at timestamp with time zone not null default now(),
  fetched_at timestamp with time zone,
  changed_at timestamp with time zone,
  failures integer not null default 0,
  error text,
  constraint location_pkey PRIMARY KEY (location_id),
  constraint location_is_one_per_source_and_url UNIQUE (source, url),
  constraint failures_are_counted_from_zero CHECK ((failures >= 0)),
  constraint url_is_https_or_s3 CHECK ((url ~ '^(https?|s3)://'::text)),
  constraint location_source_fkey FOREIGN KEY (source) REFERENCES ingest.source(source) ON DELETE CASCADE
);
create table ingest.quality_rule (
  source text not null,
  kind catalog.entity_kind not null,
  field text not null,
  test text not null default 'present'::text,
  argument text,
  weight real not null default 1,
  constraint quality_rule_pkey PRIMARY KEY (source, kind, field, test),
  constraint least_is_a_number CHECK (((test <> ALL (ARRAY['min_length'::text, 'min_items'::text])) OR (argument ~ '^[0-9]{1,6}$'::text))),
  constraint test_has_the_argument_it_needs CHECK (((test = ANY (ARRAY['present'::text, 'valid'::text])) = (argument IS NULL))),
  constraint test_is_known CHECK ((test = ANY (ARRAY['present'::text, 'valid'::text, 'min_length'::text, 'min_items'::text, 'matches'::text]))),
  constraint weight_is_positive CHECK (((weight > (0)::double precision) AND (weight < 'Infinity'::real))),
  constraint quality_rule_source_fkey FOREIGN KEY (source) REFERENCES ingest.source(source) ON DELETE CASCADE
);
create table ingest.quarantine (
  quarantine_id bigint not null generated always as identity,
  delivery_id bigint not null,
  run_id bigint not null,
  pointer text not null,
  code text not null,
  message text not null,
  detail text,
  hint text,
  record jsonb,
  status ingest.quarantine_status not null default 'open'::ingest.quarantine_status,
  quarantined_at timestamp with time zone not null default now(),
  decided_at timestamp with time zone,
  decided_by text,
  constraint quarantine_pkey PRIMARY KEY (quarantine_id),
  constraint decided_quarantine_has_a_time CHECK (((status = 'open'::ingest.quarantine_status) = (decided_at IS NULL))),
  constraint quarantine_delivery_id_fkey FOREIGN KEY (delivery_id) REFERENCES ingest.delivery(delivery_id) ON DELETE CASCADE,
  constraint quarantine_run_id_fkey FOREIGN KEY (run_id) REFERENCES ops.run(run_id) ON DELETE CASCADE
);
create table ingest.receipt (
  receipt_id bigint not null generated always as identity,
  delivery_id bigint not null,
  name text not null,
  url text,
  received_at timestamp with time zone not null default now(),
  actor text not null,
  constraint receipt_pkey PRIMARY KEY (receipt_id),
  constraint receipt_delivery_id_fkey FOREIGN KEY (delivery_id) REFERENCES ingest.delivery(delivery_id) ON DELETE CASCADE
);
create table ingest.record (
  record_id bigint not null generated always as identity,
  source text not null,
  kind catalog.entity_kind not null,
  source_record_id text collate "C" not null,
  version integer not null default 1,
  checksum uuid not null,
  body jsonb,
  mention jsonb,
  delivery_id bigint not null,
  changed_at timestamp with time zone not null default now(),
  quality real,
  stated_at timestamp with time zone,
  stated_in bigint,
  "position" bigint,
  ranks jsonb,
  statement_checksum uuid,
  mention_checksums uuid[],
  constraint record_pkey PRIMARY KEY (record_id),
  constraint record_is_one_per_source_kind_and_id UNIQUE (source_record_id, kind, source),
  constraint source_record_id_fits_an_index_key CHECK (((octet_length(source_record_id) >= 1) AND (octet_length(source_record_id) <= 2000))),
  constraint record_delivery_id_fkey FOREIGN KEY (delivery_id) REFERENCES ingest.delivery(delivery_id) ON DELETE RESTRICT
);
create table ingest.record_version (
  record_id bigint not null,
  version integer not null,
  body jsonb,
  mention jsonb,
  delivery_id bigint not null,
  changed_at timestamp with time zone not null,
  stated_at timestamp with time zone,
  stated_in bigint,
  "position" bigint,
  constraint record_version_pkey PRIMARY KEY (record_id, version),
  constraint record_version_delivery_id_fkey FOREIGN KEY (delivery_id) REFERENCES ingest.delivery(delivery_id) ON DELETE RESTRICT,
  constraint record_version_record_id_fkey FOREIGN KEY (record_id) REFERENCES ingest.record(record_id) ON DELETE CASCADE
);
create table ingest.repetition (
  repetition_id bigint not null generated always as identity,
  delivery_id bigint not null,
  stated_at timestamp with time zone not null,
  records int8multirange not null,
  first_position bigint not null,
  last_position bigint not null,
  constraint repetition_pkey PRIMARY KEY (repetition_id),
  constraint repetition_delivery_id_fkey FOREIGN KEY (delivery_id) REFERENCES ingest.delivery(delivery_id) ON DELETE CASCADE
);
create table ingest.source (
  source text not null,
  title text not null,
  priority integer not null default 100,
  duplicate_free boolean not null default false,
  created_at timestamp with time zone not null default now(),
  source_type text not null default 'other'::text,
  format text,
  mapping jsonb,
  schedule text,
  constraint source_pkey PRIMARY KEY (source),
  constraint mapping_is_an_object CHECK ((jsonb_typeof(mapping) = 'object'::text)),
  constraint priority_is_of_seven_digits CHECK (((priority >= '-1000000'::integer) AND (priority <= 1000000))) NOT VALID,
  constraint schedule_has_five_fields CHECK ((schedule ~ '^\s*([-0-9A-Za-z*,/#?]+\s+){4}[-0-9A-Za-z*,/#?]+\s*$'::text)),
  constraint source_name_is_a_lower_case_word CHECK ((source ~ '^[a-z][a-z0-9_-]{0,62}$'::text)),
  constraint source_type_is_known CHECK ((source_type = ANY (ARRAY['distributor'::text, 'label'::text, 'publisher'::text, 'society'::text, 'store'::text, 'community'::text, 'feed'::text, 'chart'::text, 'people'::text, 'other'::text])))
);
create table ingest.warning (
  warning_id bigint not null generated always as identity,
  run_id bigint not null,
  "position" bigint not null,
  pointer text not null,
  message text not null,
  constraint warning_pkey PRIMARY KEY (warning_id),
  constraint warning_run_id_fkey FOREIGN KEY (run_id) REFERENCES ops.run(run_id) ON DELETE CASCADE
);
create table ops.migration (
  name text not null,
  checksum text not null,
  applied_at timestamp with time zone not null default now(),
  took_ms integer not null,
  constraint migration_pkey PRIMARY KEY (name)
);
create table ops.repeatable (
  name text not null,
  checksum text not null,
  applied_at timestamp with time zone not null default now(),
  objects text[] not null,
  constraint repeatable_pkey PRIMARY KEY (name)
);
create table ops.run (
  run_id bigint not null generated always as identity,
  task text not null,
  status ops.run_status not null default 'queued'::ops.run_status,
  delivery_id bigint,
  location_id bigint,
  actor text not null,
  delivery_key text,
  sha256 bytea,
  attempts integer not null default 0,
  requested_at timestamp with time zone not null default now(),
  started_at timestamp with time zone,
  heartbeat_at timestamp with time zone,
  finished_at timestamp with time zone,
  done int8multirange not null default '{}'::int8multirange,
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
  constraint run_pkey PRIMARY KEY (run_id),
  constraint finished_run_has_a_time CHECK (((status = ANY (ARRAY['succeeded'::ops.run_status, 'failed'::ops.run_status, 'cancelled'::ops.run_status])) = (finished_at IS NOT NULL))),
  constraint only_a_failed_run_has_an_error CHECK (((status = 'failed'::ops.run_status) = (error IS NOT NULL))),
  constraint task_is_known CHECK ((task = ANY (ARRAY['ingest'::text, 'replay'::text, 'fetch'::text]))),
  constraint run_delivery_id_fkey FOREIGN KEY (delivery_id) REFERENCES ingest.delivery(delivery_id) ON DELETE CASCADE,
  constraint run_location_id_fkey FOREIGN KEY (location_id) REFERENCES ingest.location(location_id) ON DELETE SET NULL
);

-- indexes

CREATE INDEX artist_relation_artist_id_idx ON catalog.artist_relation USING btree (artist_id);
CREATE INDEX artist_relation_related_id_idx ON catalog.artist_relation USING btree (related_id);
CREATE INDEX audiobook_book_id_idx ON catalog.audiobook USING btree (book_id) WHERE (book_id IS NOT NULL);
CREATE INDEX credit_contributor_id_idx ON catalog.credit USING btree (contributor_id, role);
CREATE INDEX entity_kind_idx ON catalog.entity USING btree (kind, juke_id);
CREATE INDEX entity_mbid_idx ON catalog.entity USING btree (mbid) WHERE (mbid IS NOT NULL);
CREATE INDEX entity_merged_into_idx ON catalog.entity USING btree (merged_into) WHERE (merged_into IS NOT NULL);
CREATE INDEX entity_title_idx ON catalog.entity USING btree (kind, "left"(lower(display_name), 80)) WHERE (kind = ANY (ARRAY['album'::catalog.entity_kind, 'track'::catalog.entity_kind, 'video'::catalog.entity_kind, 'work'::catalog.entity_kind]));
CREATE INDEX entity_genre_genre_id_idx ON catalog.entity_genre USING btree (genre_id, weight DESC);
CREATE INDEX episode_podcast_id_idx ON catalog.episode USING btree (podcast_id, published_at DESC);
CREATE INDEX genre_parent_parent_id_idx ON catalog.genre_parent USING btree (parent_id);
CREATE INDEX label_parent_id_idx ON catalog.label USING btree (parent_id) WHERE (parent_id IS NOT NULL);
CREATE INDEX release_album_id_idx ON catalog.release USING btree (album_id) WHERE (album_id IS NOT NULL);
CREATE INDEX release_label_label_id_idx ON catalog.release_label USING btree (label_id);
CREATE INDEX release_track_track_id_idx ON catalog.release_track USING btree (track_id) WHERE (track_id IS NOT NULL);
CREATE INDEX release_track_video_id_idx ON catalog.release_track USING btree (video_id) WHERE (video_id IS NOT NULL);
CREATE INDEX territory_renamed_to_idx ON catalog.territory USING btree (renamed_to) WHERE (renamed_to IS NOT NULL);
CREATE INDEX track_work_work_id_idx ON catalog.track_work USING btree (work_id);
CREATE INDEX use_type_parent_idx ON catalog.use_type USING btree (parent) WHERE (parent IS NOT NULL);
CREATE INDEX video_track_id_idx ON catalog.video USING btree (track_id) WHERE (track_id IS NOT NULL);
CREATE INDEX document_name_idx ON descriptor.document USING hash (lower(name));
CREATE INDEX document_tsv_idx ON descriptor.document USING gin (tsv) WITH (fastupdate=off);
CREATE INDEX event_id_idx ON ONLY feed.event USING btree (id);
CREATE INDEX event_juke_id_idx ON ONLY feed.event USING btree (juke_id, version);
CREATE INDEX changed_claim_record_id_idx ON identity.changed_claim USING btree (record_id);
CREATE INDEX changed_entity_juke_id_idx ON identity.changed_entity USING btree (juke_id, operation_id);
CREATE INDEX changed_entity_undone_by_idx ON identity.changed_entity USING btree (undone_by) WHERE (undone_by IS NOT NULL);
CREATE INDEX external_id_contested_idx ON identity.external_id USING btree (source, external_id) WHERE is_contested;
CREATE INDEX external_id_juke_id_idx ON identity.external_id USING btree (juke_id, source);
CREATE INDEX external_id_record_id_idx ON identity.external_id USING btree (record_id) WHERE (record_id IS NOT NULL);
CREATE INDEX further_claim_id_idx ON identity.further_claim USING btree (external_id, source, kind);
CREATE UNIQUE INDEX further_claim_is_made_once_idx ON identity.further_claim USING btree (record_id, source, external_id) WHERE (retracted_at IS NULL);
CREATE INDEX further_claim_record_id_idx ON identity.further_claim USING btree (record_id);
CREATE INDEX link_fact_b_juke_id_idx ON identity.link_fact USING btree (b_juke_id);
CREATE INDEX link_fact_operation_id_idx ON identity.link_fact USING btree (operation_id) WHERE (operation_id IS NOT NULL);
CREATE INDEX membership_juke_id_idx ON identity.membership USING btree (juke_id);
CREATE INDEX moved_record_from_idx ON identity.moved_record USING btree (operation_id, from_juke_id);
CREATE INDEX moved_record_record_id_idx ON identity.moved_record USING btree (record_id, operation_id);
CREATE INDEX operation_juke_id_idx ON identity.operation USING btree (juke_id, operation_id);
CREATE INDEX operation_undoes_idx ON identity.operation USING btree (undoes) WHERE (undoes IS NOT NULL);
CREATE INDEX operation_undone_by_idx ON identity.operation USING btree (undone_by) WHERE (undone_by IS NOT NULL);
CREATE INDEX review_a_juke_id_idx ON identity.review USING btree (a_juke_id);
CREATE INDEX review_b_juke_id_idx ON identity.review USING btree (b_juke_id);
CREATE UNIQUE INDEX review_is_open_once_idx ON identity.review USING btree (topic, a_juke_id, b_juke_id, COALESCE(source, ''::text), COALESCE(external_id, ''::text)) WHERE (status = 'open'::identity.review_status);
CREATE INDEX review_open_idx ON identity.review USING btree (worth DESC, review_id) WHERE (status = 'open'::identity.review_status);
CREATE INDEX review_operation_id_idx ON identity.review USING btree (operation_id) WHERE (operation_id IS NOT NULL);
CREATE INDEX url_pattern_scheme_idx ON identity.url_pattern USING btree (scheme);
CREATE INDEX delivery_key_delivery_id_idx ON ingest.delivery_key USING btree (delivery_id);
CREATE INDEX location_due_idx ON ingest.location USING btree (next_at) WHERE is_active;
CREATE INDEX quarantine_delivery_id_idx ON ingest.quarantine USING btree (delivery_id);
CREATE UNIQUE INDEX quarantine_is_open_once_idx ON ingest.quarantine USING btree (delivery_id, md5(pointer), code) WHERE (status <> 'resolved'::ingest.quarantine_status);
CREATE INDEX quarantine_open_idx ON ingest.quarantine USING btree (quarantine_id) WHERE (status = 'open'::ingest.quarantine_status);
CREATE INDEX quarantine_run_id_idx ON ingest.quarantine USING btree (run_id);
CREATE INDEX receipt_delivery_id_idx ON ingest.receipt USING btree (delivery_id);
CREATE INDEX record_delivery_id_idx ON ingest.record USING btree (delivery_id);
CREATE INDEX record_version_delivery_id_idx ON ingest.record_version USING btree (delivery_id);
CREATE INDEX repetition_delivery_id_idx ON ingest.repetition USING btree (delivery_id);
CREATE INDEX repetition_records_idx ON ingest.repetition USING gist (records);
CREATE INDEX warning_run_id_idx ON ingest.warning USING btree (run_id, "position");
CREATE UNIQUE INDEX delivery_has_one_open_run_idx ON ops.run USING btree (delivery_id) WHERE ((status = ANY (ARRAY['queued'::ops.run_status, 'running'::ops.run_status])) AND (task <> 'fetch'::text));
CREATE UNIQUE INDEX location_has_one_open_run_idx ON ops.run USING btree (location_id, COALESCE(delivery_key, ''::text), COALESCE(sha256, '\x'::bytea)) WHERE ((status = ANY (ARRAY['queued'::ops.run_status, 'running'::ops.run_status])) AND (task = 'fetch'::text));
CREATE INDEX run_delivery_id_idx ON ops.run USING btree (delivery_id);
CREATE INDEX run_delivery_key_idx ON ops.run USING btree (delivery_key) WHERE (delivery_key IS NOT NULL);
CREATE INDEX run_location_id_idx ON ops.run USING btree (location_id) WHERE (location_id IS NOT NULL);
CREATE INDEX run_open_idx ON ops.run USING btree (run_id) WHERE (status = ANY (ARRAY['queued'::ops.run_status, 'running'::ops.run_status]));

-- functions

CREATE OR REPLACE FUNCTION catalog.album_artist_credit(album catalog.album)
 RETURNS text
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
        select string_agg(
          coalesce(c.credited_as, e.display_name) || coalesce(c.join_phrase, case when c.is_last then '' else ', ' end),
          '' order by c.position
        )
        from (
          select x.*, lead(x.position) over (order by x.position) is null as is_last
          from catalog.credit x
          where x.juke_id = ($1).juke_id and x.role = 'artist'
        ) c
        join catalog.entity e on e.juke_id = c.contributor_id
      $function$;
CREATE OR REPLACE FUNCTION catalog.artist_albums(artist catalog.artist)
 RETURNS SETOF catalog.album
 LANGUAGE sql
 STABLE PARALLEL SAFE ROWS 20
AS $function$
  select t.*
  from catalog.album t
  where t.juke_id in (
    select c.juke_id from catalog.credit c where c.contributor_id = ($1).juke_id and c.role = 'artist'
  )
  order by t.first_release_date, t.juke_id
$function$;
CREATE OR REPLACE FUNCTION catalog.artist_groups(artist catalog.artist)
 RETURNS SETOF catalog.related_artist
 LANGUAGE sql
 STABLE PARALLEL SAFE ROWS 5
AS $function$
        select t.*
        from catalog.related_artist t
        where t.juke_id = ($1).juke_id and t.relation = 'group'
        order by t.begin_date, t.related_id
      $function$;
CREATE OR REPLACE FUNCTION catalog.artist_members(artist catalog.artist)
 RETURNS SETOF catalog.related_artist
 LANGUAGE sql
 STABLE PARALLEL SAFE ROWS 5
AS $function$
        select t.*
        from catalog.related_artist t
        where t.juke_id = ($1).juke_id and t.relation = 'member'
        order by t.begin_date, t.related_id
      $function$;
CREATE OR REPLACE FUNCTION catalog.artist_personas(artist catalog.artist)
 RETURNS SETOF catalog.related_artist
 LANGUAGE sql
 STABLE PARALLEL SAFE ROWS 5
AS $function$
        select t.*
        from catalog.related_artist t
        where t.juke_id = ($1).juke_id and t.relation = 'alias'
        order by t.begin_date, t.related_id
      $function$;
CREATE OR REPLACE FUNCTION catalog.artist_tracks(artist catalog.artist)
 RETURNS SETOF catalog.track
 LANGUAGE sql
 STABLE PARALLEL SAFE ROWS 20
AS $function$
  select t.*
  from catalog.track t
  where t.juke_id in (
    select c.juke_id from catalog.credit c where c.contributor_id = ($1).juke_id and c.role = 'artist'
  )
  order by t.first_release_date, t.juke_id
$function$;
CREATE OR REPLACE FUNCTION catalog.audiobook_chapters(audiobook catalog.audiobook)
 RETURNS SETOF catalog.chapter
 LANGUAGE sql
 STABLE PARALLEL SAFE ROWS 20
AS $function$
        select t.* from catalog.chapter t where t.juke_id = ($1).juke_id order by t.position
      $function$;
CREATE OR REPLACE FUNCTION catalog.changed_since(p_juke_id uuid, p_version integer)
 RETURNS text
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_now jsonb;
begin
  execute format('select to_jsonb(t) from catalog.%I t where t.juke_id = $1',
    (select e.kind from catalog.entity e where e.juke_id = p_juke_id)) into v_now using p_juke_id;
  return (
    select string_agg(coalesce(c.name || coalesce(' is now ' || left((v_now -> c.name)::text, 100), ''), 'everything'), ', ' order by c.name)
    from (
      select distinct u.name
      from feed.event v
      left join lateral unnest(v.changed) u (name) on true
      where v.juke_id = p_juke_id and v.version > p_version
    ) c
    where exists (
      select from feed.event v where v.juke_id = p_juke_id and v.version = p_version + 1 -- else there is more that is not kept
    )
  );
end
$function$;
CREATE OR REPLACE FUNCTION catalog.check_patch(p_kind catalog.entity_kind, p_patch jsonb)
 RETURNS void
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_hint constant text := 'Its keys are those of formats/record.schema.json; ids are claimed with identity.claim.';
  v_lists constant text[] := '{aliases,credits,genres,images}'::text[]
    || case
      when p_kind in ('artist', 'work', 'genre', 'label') then '{}'::text[]
      else '{rights,copyrights}'
    end
    || case p_kind
      when 'release' then '{media,tracks,labels,release_events}'::text[]
      when 'track' then '{works}'
      when 'genre' then '{parents}'
      when 'artist' then '{relations}'
      when 'podcast' then '{value}'
      when 'episode' then '{chapters,transcripts,value}'
      when 'audiobook' then '{chapters}'
      else '{}'
    end;
  v_key record;
  v_flaw text;
begin
  if jsonb_typeof(p_patch) is distinct from 'object' then
    raise exception 'not a patch: %', coalesce(left(p_patch::text, 50), 'null')
      using errcode = 'JB163', detail = 'It must be an object.', hint = v_hint;
  end if;

  for v_key in
    select p.key, p.value, c.type
    from jsonb_each(p_patch) p
    left join (
      select
        case
          when a.attname = 'release_status' then 'status' -- status is the entity's own
          when a.attname like '%\_id' then left(a.attname, -3)
          else a.attname
        end as key,
        case
          when a.attname = 'parent_id' then 'reference ' || p_kind
          when a.attname like '%\_id' then 'reference ' || left(a.attname, -3)
          when a.attname like '%\_url' then 'url'
          when a.attname = 'script' then 'script'
          when a.attname = 'language' and p_kind = 'release' then 'language'
          when a.attname = 'language' then 'language_tag'
          when a.attname in ('label_code', 'page_count') then 'integer 1 2147483647'
          when a.attname = 'popularity' then 'integer 0 100'
          else case format_type(a.atttypid, null)
            when 'text' then 'text'
            when 'text[]' then 'texts'
            when 'boolean' then 'boolean'
            when 'smallint' then 'integer 0 100' -- popularity
            when 'integer' then 'integer 0 2147483647'
            when 'bigint' then 'integer 0 9007199254740991'
            when 'timestamp with time zone' then 'instant'
            when 'catalog.partial_date' then 'date'
            when 'catalog.country_code' then 'country'
          end
        end as type
      from pg_catalog.pg_attribute a
      where a.attrelid = format('catalog.%I', p_kind)::regclass and a.attnum > 0 and not a.attisdropped
        and a.attname <> 'juke_id'
    ) c on c.key = p.key
    order by p.key
  loop
    v_flaw := case
      when v_key.key = any (v_lists) then
        case when v_key.value <> 'null' then catalog.check_patch_list(v_key.key, v_key.value) end
      when v_key.type is null then 'It is neither an attribute nor a list of that kind.'
      when v_key.value <> 'null' then
        'It must be ' || catalog.check_patch_value(v_key.value, v_key.type) || format(', it is %s.', left(v_key.value::text, 100))
    end;
    continue when v_flaw is null;
    raise exception 'cannot edit "%" of this %', v_key.key, p_kind
      using errcode = 'JB163', detail = v_flaw, hint = v_hint;
  end loop;
end
$function$;
CREATE OR REPLACE FUNCTION catalog.check_patch_list(p_list text, p_value jsonb)
 RETURNS text
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_many constant text := 'integer 1 2147483647';
  v_milliseconds constant text := 'integer 0 2147483647';
  -- What entries say and of which type (catalog.check_patch_value); what they must say is marked with "!".
  v_keys constant jsonb := jsonb_build_object(
    'aliases', jsonb_build_object(
      'name', '!text', 'sort_name', 'text', 'locale', 'text', 'alias_type', 'text', 'is_primary', 'boolean',
      'begin_date', 'date', 'end_date', 'date'),
    'credits', jsonb_build_object(
      'contributor', '!reference artist label', 'role', '!text', 'position', v_many, 'credited_as', 'text',
      'join_phrase', 'string', 'share', 'number 0 100', 'mechanical_share', 'number 0 100',
      'synchronization_share', 'number 0 100', 'attributes', 'texts'),
    'genres', jsonb_build_object('genre', '!reference genre', 'weight', 'number 0 1000000000'),
    'images', jsonb_build_object('url', '!url', 'image_type', 'text', 'width', v_many, 'height', v_many),
    'media', jsonb_build_object('disc', '!' || v_many, 'format', 'text', 'title', 'text'),
    'tracks', jsonb_build_object(
      'disc', '!' || v_many, 'position', '!integer 0 2147483647', 'number', 'text', 'title', 'text',
      'duration_ms', v_milliseconds, 'track', 'reference track', 'video', 'reference video'),
    'labels', jsonb_build_object('label', '!reference label', 'catalog_number', 'text'),
    'release_events', jsonb_build_object('country', 'country', 'date', 'date'),
    'works', jsonb_build_object('work', '!reference work', 'relation', 'text', 'attributes', 'texts'),
    'parents', jsonb_build_object('genre', '!reference genre'),
    'rights', jsonb_build_object(
      'territories', 'territories', 'excluded_territories', 'territories', 'usages', 'many_texts',
      'commercial_models', 'many_texts', 'valid_from', 'moment', 'valid_until', 'moment'),
    'copyrights', jsonb_build_object('line', '!one_of P C', 'year', 'integer 1800 2200', 'text', '!text'),
    'relations', jsonb_build_object(
      'artist', '!reference artist', 'relation', '!one_of member group alias', 'begin_date', 'date', 'end_date', 'date',
      'ended', 'boolean'),
    'chapters', jsonb_build_object(
      'start_ms', '!' || v_milliseconds, 'end_ms', v_milliseconds, 'title', 'text', 'url', 'url', 'image_url', 'url'),
    'transcripts', jsonb_build_object('url', '!url', 'media_type', 'text', 'language', 'language_tag', 'rel', 'text'),
    'value', jsonb_build_object('type', '!text', 'method', '!text', 'suggested', 'text', 'recipients', '!list recipients'),
    'recipients', jsonb_build_object(
      'name', 'text', 'type', '!text', 'address', '!text', 'split', '!number 0 1000000000', 'fee', 'boolean',
      'custom_key', 'text', 'custom_value', 'text')
  ) -> p_list;
  v_entry record;
  v_flaw text;
begin
  if jsonb_typeof(p_value) <> 'array' then
    return format('It must be an array of objects, it is %s.', left(p_value::text, 100));
  end if;
  for v_entry in
    select format('/%s/%s', p_list, e.n - 1) as at, e.value, jsonb_strip_nulls(e.value) as said
    from jsonb_array_elements(p_value) with ordinality e (value, n)
    order by e.n
  loop
    if jsonb_typeof(v_entry.value) <> 'object' then
      return format('%s must be an object, it is %s.', v_entry.at, left(v_entry.value::text, 100));
    end if;
    select format('%s has no key "%s". Its keys: %s.', v_entry.at, k.key, (
      select string_agg(o.key, ', ' order by o.key) from jsonb_object_keys(v_keys) o (key)
    )) into v_flaw
    from jsonb_object_keys(v_entry.value) k (key)
    where not v_keys ? k.key
    order by k.key
    limit 1;
    if found then
      return v_flaw;
    end if;
    select format('%s/%s must be %s, it is %s.', v_entry.at, k.key, f.must_be,
      coalesce(left((v_entry.said -> k.key)::text, 100), 'missing')
    ) into v_flaw
    from jsonb_each_text(v_keys) k
    cross join lateral catalog.check_patch_value(v_entry.value -> k.key, ltrim(k.value, '!')) f (must_be)
    where f.must_be is not null and (v_entry.said ? k.key or k.value like '!%')
    order by k.key
    limit 1;
    if found then
      return v_flaw;
    end if;
    if p_list = 'tracks' and (v_entry.said ? 'track') = (v_entry.said ? 'video') then
      return format('%s needs either "track" or "video", and only one.', v_entry.at);
    elsif p_list = 'release_events' and not v_entry.said ?| '{country,date}' then
      return format('%s needs "country" or "date".', v_entry.at);
    end if;
  end loop;
  return null;
end
$function$;
CREATE OR REPLACE FUNCTION catalog.check_patch_value(p_value jsonb, p_type text)
 RETURNS text
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_words constant text[] := string_to_array(p_type, ' ');
  v_is constant text := coalesce(jsonb_typeof(p_value), 'null');
  v_text constant text := case when v_is = 'string' then p_value #>> '{}' end;
begin
  case v_words[1]
    when 'text' then
      return case when v_text ~ '\S' then null else 'a text that is not empty' end;
    when 'string' then
      return case when v_is = 'string' then null else 'a text' end;
    when 'texts' then
      return case
        when v_is = 'array' and not exists (
          select from jsonb_array_elements(case when v_is = 'array' then p_value end) t (value)
          where jsonb_typeof(t.value) <> 'string' or t.value #>> '{}' !~ '\S'
        ) then null
        else 'an array of texts that are not empty'
      end;
    when 'many_texts' then
      return case
        when p_value <> '[]' and catalog.check_patch_value(p_value, 'texts') is null then null
        else 'an array of texts that are not empty, at least one'
      end;
    when 'territories' then
      return case
        when p_value <> '[]' and catalog.check_patch_value(p_value, 'texts') is null and not exists (
          select from jsonb_array_elements_text(case when v_is = 'array' then p_value end) t (code)
          where t.code !~ '^(Worldwide|[A-Z]{2}(-[A-Z0-9]{1,3})?)$'
        ) then null
        else 'an array of codes of countries or their parts (ISO 3166-1, ISO 3166-2) or Worldwide, at least one'
      end;
    when 'one_of' then
      return case when v_text = any (v_words[2:]) then null else array_to_string(v_words[2:], ' or ') end;
    when 'list' then
      return 'a list of ' || v_words[2] || ' (' || rtrim(catalog.check_patch_list(v_words[2], coalesce(p_value, 'null')), '.') || ')';
    when 'boolean' then
      return case when v_is = 'boolean' then null else 'true or false' end;
    when 'integer' then
      return case
        when v_is = 'number' and p_value::text ~ '^-?[0-9]+$'
          and p_value::numeric between v_words[2]::numeric and v_words[3]::numeric then null
        else format('an integer from %s to %s', v_words[2], v_words[3])
      end;
    when 'number' then
      return case
        when v_is = 'number' and p_value::numeric between v_words[2]::numeric and v_words[3]::numeric then null
        else format('a number from %s to %s', v_words[2], v_words[3])
      end;
    when 'date' then
      begin
        if v_text::catalog.partial_date is not null then
          return null;
        end if;
      exception when data_exception or check_violation then
        null;
      end;
      return 'a real date, YYYY or YYYY-MM or YYYY-MM-DD';
    when 'instant' then
      begin
        if v_text ~* '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d([.]\d+)?(Z|[+-]\d\d:\d\d)$' and v_text::timestamptz is not null then
          return null;
        end if;
      exception when data_exception then
        null;
      end;
      return 'a date and time with its offset (RFC 3339)';
    when 'moment' then
      return case
        when catalog.check_patch_value(p_value, 'instant') is null
          or length(v_text) = 10 and catalog.check_patch_value(p_value, 'date') is null then null
        else 'a day, YYYY-MM-DD, or a date and time with its offset (RFC 3339)'
      end;
    when 'country' then
      return case when v_text ~ '^[A-Z]{2}$' then null else 'two upper-case letters (ISO 3166-1)' end;
    when 'language' then
      return case when v_text ~ '^[a-z]{2,3}$' then null else 'two or three lower-case letters (ISO 639)' end;
    when 'language_tag' then
      return case when v_text ~ '^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$' then null else 'a language tag (BCP 47)' end;
    when 'script' then
      return case when v_text ~ '^[A-Z][a-z]{3}$' then null else 'four letters, the first in upper case (ISO 15924)' end;
    when 'url' then
      return case
        when v_text ~ '^https?://\S+$' and length(v_text) <= 2000 then null
        else 'an http or https URL of at most 2000 characters'
      end;
    when 'reference' then
      return case
        when v_is = 'object' and p_value - '{kind,id}'::text[] = '{}'
          and jsonb_typeof(p_value -> 'kind') = 'string' and p_value ->> 'kind' = any (v_words[2:])
          and jsonb_typeof(p_value -> 'id') = 'string'
          and p_value ->> 'id' ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then null
        else format(
          '{"kind": "%s", "id": a juke_id in lower case}', array_to_string(v_words[2:], '" or "')
        )
      end;
  end case;
end
$function$;
CREATE OR REPLACE FUNCTION catalog.edit(entity uuid, patch jsonb, expected_version integer DEFAULT NULL::integer)
 RETURNS catalog.entity
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_entity catalog.entity;
  v_delivery_id bigint;
  v_record_id bigint;
  v_juke_id uuid;
  v_referent record;
begin
  perform identity.require_read_committed();
  perform catalog.check_patch(e.kind, patch) from catalog.entity e where e.juke_id = entity; -- the kind of an entity never changes
  if found then
    -- Locked in the order of ids, together with what it will refer to and what it refers to already: of two edits, each of what
    -- the other one names, one waits for the other.
    foreach v_juke_id in array array(
      select entity
      union
      select t.id::uuid from ingest.referents(patch) t
      union
      select r.juke_id
      from catalog.statements(array[entity]) s
      cross join lateral ingest.referents(jsonb_build_object(s.key, s.value)) t
      cross join lateral (
        select m.juke_id
        from ingest.record r
        join identity.membership m on m.record_id = r.record_id
        where r.source_record_id = t.id and r.kind = t.kind and r.source = s.source
        offset 0 -- by the index, however many the planner expects
      ) r
      where jsonb_typeof(s.value) in ('object', 'array')
      order by 1
    )
    loop
      if v_juke_id = entity then
        perform from catalog.entity e where e.juke_id = v_juke_id for update;
      else
        perform from catalog.entity e where e.juke_id = v_juke_id for key share;
      end if;
    end loop;
  end if;
  perform identity.seize(array[entity], p_expected => catalog.seen(entity, expected_version));

  v_delivery_id := catalog.manual_delivery(entity, patch);
  perform set_config('jukebase.edit', v_delivery_id::text, true); -- what the events name: feed.origin
  v_record_id := catalog.manual_record(entity);
  begin
    for v_referent in
      select distinct t.kind, t.id, e.juke_id
      from ingest.referents(patch) t
      left join catalog.entity e on e.juke_id = t.id::uuid and e.kind = t.kind and e.status = 'active'
      order by e.juke_id
    loop
      if v_referent.juke_id is null then
        raise exception 'no % %', v_referent.kind, v_referent.id using errcode = 'foreign_key_violation';
      end if;
      perform catalog.manual_record(v_referent.juke_id); -- by which the source manual refers to it
    end loop;
    insert into ingest.record_version (record_id, version, body, mention, delivery_id, changed_at)
    select r.record_id, r.version, r.body, r.mention, r.delivery_id, r.changed_at
    from ingest.record r
    where r.record_id = v_record_id;
    update ingest.record r
    set body = n.body, checksum = md5(concat(n.body, chr(10), r.mention))::uuid, version = r.version + 1,
      delivery_id = v_delivery_id, changed_at = clock_timestamp()
    from (
      select jsonb_strip_nulls(r.body || patch) as body from ingest.record r where r.record_id = v_record_id
    ) n
    where r.record_id = v_record_id;
    perform catalog.project(array[entity]);
    perform set_config('jukebase.edit', '', true);
  exception when data_exception or integrity_constraint_violation then
    raise exception 'cannot edit %: %', entity, sqlerrm
      using errcode = 'JB163', detail = left(patch::text, 500), hint = 'The values are those of formats/record.schema.json.';
  end;
  select e.* into v_entity from catalog.entity e where e.juke_id = entity;
  return v_entity;
end
$function$;
CREATE OR REPLACE FUNCTION catalog.entity_by_juke_id(juke_id uuid)
 RETURNS catalog.entity
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select t.*
  from catalog.entity e
  join catalog.entity t on t.juke_id = coalesce(e.merged_into, e.juke_id) and t.status = 'active'
  where e.juke_id = $1
$function$;
CREATE OR REPLACE FUNCTION catalog.entity_by_mbid(mbid uuid, kind catalog.entity_kind DEFAULT NULL::catalog.entity_kind)
 RETURNS catalog.entity
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select e.* from catalog.entity_by_ref(concat_ws(':', 'mbid', kind, mbid)) e
$function$;
CREATE OR REPLACE FUNCTION catalog.entity_by_ref(ref text)
 RETURNS catalog.entity
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_found constant identity.resolution := identity.resolve_one(ref);
  v_entity catalog.entity;
begin
  select e.* into v_entity from catalog.entity e where e.juke_id = v_found.juke_id;
  return v_entity;
end
$function$;
CREATE OR REPLACE FUNCTION catalog.episode_chapters(episode catalog.episode)
 RETURNS SETOF catalog.chapter
 LANGUAGE sql
 STABLE PARALLEL SAFE ROWS 20
AS $function$
        select t.* from catalog.chapter t where t.juke_id = ($1).juke_id order by t.position
      $function$;
CREATE OR REPLACE FUNCTION catalog.genre_children(genre catalog.genre)
 RETURNS SETOF catalog.genre
 LANGUAGE sql
 STABLE PARALLEL SAFE ROWS 20
AS $function$
  select g.*
  from catalog.genre_parent p
  join catalog.genre g on g.juke_id = p.genre_id
  where p.parent_id = ($1).juke_id
  order by g.name, g.juke_id
$function$;
CREATE OR REPLACE FUNCTION catalog.genre_parents(genre catalog.genre)
 RETURNS SETOF catalog.genre
 LANGUAGE sql
 STABLE PARALLEL SAFE ROWS 5
AS $function$
  select g.*
  from catalog.genre_parent p
  join catalog.genre g on g.juke_id = p.parent_id
  where p.genre_id = ($1).juke_id
  order by g.name, g.juke_id
$function$;
CREATE OR REPLACE FUNCTION catalog.hold_referents(p_statements catalog.statement[])
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
AS $function$
declare
  v_referents constant bigint[] := array(
    with said as materialized (
      -- Many say the same of genres: it is taken apart once.
      select distinct s.source, s.key, s.value
      from unnest(p_statements) s
      where jsonb_typeof(s.value) in ('object', 'array')
    ),
    reference as materialized (
      select distinct s.source, t.kind, t.id
      from said s
      cross join lateral ingest.referents(jsonb_build_object(s.key, s.value)) t
    )
    select r.record_id
    from reference f
    cross join lateral (
      select r.record_id
      from ingest.record r
      where r.source_record_id = f.id and r.kind = f.kind and r.source = f.source
      offset 0 -- by the index, however many the planner expects
    ) r
  );
  v_held uuid[] := '{}';
  v_found uuid[];
begin
  loop
    v_found := array(
      select distinct m.juke_id
      from identity.membership m
      where m.record_id = any (v_referents) and m.juke_id <> all (v_held)
    );
    exit when v_found = '{}';
    perform from catalog.entity e where e.juke_id = any (v_found) order by e.juke_id for key share;
    v_held := v_held || v_found;
  end loop;
end
$function$;
CREATE OR REPLACE FUNCTION catalog.is_streamable(juke_id uuid, territory text, at timestamp with time zone DEFAULT now(), usage text DEFAULT 'Stream'::text)
 RETURNS catalog.availability
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select r from catalog.rights_at(array[$1], $2, $3, $4) r
$function$;
CREATE OR REPLACE FUNCTION catalog.manual_delivery(p_juke_id uuid, p_patch jsonb)
 RETURNS bigint
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_said constant bytea := convert_to(jsonb_build_object('juke_id', p_juke_id, 'patch', p_patch)::text, 'UTF8');
  v_delivery_id bigint;
begin
  insert into ingest.delivery (source, name, format, sha256, byte_count, content, status, closed_at)
  values (
    'manual', identity.actor(), 'edit',
    -- The same words at another time are another edit.
    sha256(v_said || convert_to(concat(identity.actor(), clock_timestamp(), gen_random_uuid()), 'UTF8')),
    octet_length(v_said), v_said, 'applied', now()
  )
  returning delivery_id into v_delivery_id;
  return v_delivery_id;
end
$function$;
CREATE OR REPLACE FUNCTION catalog.manual_record(p_juke_id uuid)
 RETURNS bigint
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_record_id bigint;
begin
  loop
    select r.record_id into v_record_id
    from ingest.record r
    join catalog.entity e on e.juke_id = p_juke_id and e.kind = r.kind
    where r.source = 'manual' and r.source_record_id = p_juke_id::text;
    exit when found;

    insert into ingest.record (source, kind, source_record_id, checksum, body, delivery_id)
    select 'manual', e.kind, e.juke_id::text, md5(concat('{}', chr(10), null))::uuid, '{}', catalog.manual_delivery(p_juke_id, '{}')
    from catalog.entity e
    where e.juke_id = p_juke_id
    on conflict on constraint record_is_one_per_source_kind_and_id do nothing
    returning record_id into v_record_id;
    if found then
      insert into identity.membership (record_id, juke_id, rule) values (v_record_id, p_juke_id, 'manual');
      exit;
    end if;
    -- Another session has made it at this moment: now it can be seen.
  end loop;
  return v_record_id;
end
$function$;
CREATE OR REPLACE FUNCTION catalog.moment(p_said text, p_is_end boolean)
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select case
    when p_said ~ '^\d{4}-\d\d-\d\d$' then (p_said::date + p_is_end::int)::timestamp at time zone 'UTC'
    else p_said::timestamptz
  end
$function$;
CREATE OR REPLACE FUNCTION catalog.plan_anew()
 RETURNS void
 LANGUAGE sql
AS $function$
  select set_config('plan_cache_mode', 'force_custom_plan', true);
  select from set_config('enable_seqscan', 'on', true)
$function$;
CREATE OR REPLACE FUNCTION catalog.plan_once()
 RETURNS void
 LANGUAGE sql
AS $function$
  select set_config('plan_cache_mode', 'force_generic_plan', true);
  select from set_config('enable_seqscan', 'off', true)
$function$;
CREATE OR REPLACE FUNCTION catalog.project(p_juke_ids uuid[])
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_attempt int := 1;
begin
  loop
    begin
      perform catalog.project_now(p_juke_ids);
      exit;
    exception when foreign_key_violation then
      -- What one of them refers to was merged or deleted by another session, which has ended: its outcome can be seen now.
      if v_attempt = 5 then
        raise;
      end if;
      v_attempt := v_attempt + 1;
    end;
  end loop;
end
$function$;
CREATE OR REPLACE FUNCTION catalog.project_aliases(p_juke_ids uuid[], p_statements catalog.statement[], p_are_new boolean DEFAULT false)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
 SET enable_seqscan TO 'on'
AS $function$
declare
  v_wanted constant catalog.alias[] := array(
    select row (w.juke_id, w.name, w.locale, w.sort_name, w.alias_type, w.is_primary, w.begin_date, w.end_date)::catalog.alias
    from (
      select distinct on (s.juke_id, a.name, coalesce(a.locale, ''))
        s.juke_id, a.name, coalesce(a.locale, '') as locale, a.sort_name, a.alias_type,
        coalesce(a.is_primary, false) as is_primary, a.begin_date, a.end_date
      from unnest(p_statements) with ordinality s (juke_id, kind, key, value, source, is_best, rank)
      cross join lateral rows from (
        jsonb_to_recordset(s.value) as (
          name text, locale text, sort_name text, alias_type text, is_primary boolean,
          begin_date catalog.partial_date, end_date catalog.partial_date
        )
      ) with ordinality a (name, locale, sort_name, alias_type, is_primary, begin_date, end_date, n)
      where s.key = 'aliases'
      order by s.juke_id, a.name, coalesce(a.locale, ''), s.rank, a.n
    ) w
  );
begin
  if p_are_new then
    perform catalog.plan_once();
    insert into catalog.alias select w.* from unnest(v_wanted) w;
  else
    delete from catalog.alias t
    where t.juke_id = any (p_juke_ids)
      and not exists (
        select from unnest(v_wanted) w
        where w.juke_id = t.juke_id and w.name = t.name and w.locale = t.locale and w is not distinct from t
      );
    perform catalog.plan_once();
    insert into catalog.alias
    select w.*
    from unnest(v_wanted) w
    where not exists (
      select from catalog.alias t where t.juke_id = w.juke_id and t.name = w.name and t.locale = w.locale
    );
  end if;
end
$function$;
CREATE OR REPLACE FUNCTION catalog.project_alone(p_source text, p_arrivals ingest.arrival[], p_with_columns boolean)
 RETURNS ingest.arrival[]
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
 SET enable_seqscan TO 'on'
AS $function$
declare
  v_columns constant text[] := '{album,parent,track,podcast,book}'; -- in which a record refers to another
  v_lists constant text[] := '{aliases,credits,genres,images,media,tracks,labels,release_events,works,parents}';
  v_plain ingest.arrival[];
  v_kind catalog.entity_kind;
  v_base text;
begin
  v_plain := array(
    select a
    from unnest(p_arrivals) a
    where not exists (
      select
      from jsonb_each(a.said) k
      where case jsonb_typeof(k.value)
        when 'object' then k.key <> 'ids' and not (p_with_columns and k.key = any (v_columns))
        when 'array' then k.key <> all (v_lists) and k.key not in ('languages', 'secondary_types')
        when 'null' then true
        else k.key = any (v_lists) or k.key = any (v_columns)
          or k.key in ('juke_id', 'album_id', 'parent_id', 'track_id', 'podcast_id', 'book_id', 'release_status')
      end
    )
  );

  if p_with_columns and exists (select from unnest(v_plain) a where a.said ?| v_columns) then
    perform catalog.hold_referents(array(
      select row (a.juke_id, a.kind, k.key, k.value, p_source, true)::catalog.statement
      from unnest(v_plain) a
      cross join lateral jsonb_each(a.said) k
      where a.said ?| v_columns and k.key = any (v_columns)
    ));
  end if;

  perform catalog.plan_once();
  -- What others refer to in a column comes first: podcast before episode, album before release.
  foreach v_kind in array array(
    select a.kind from unnest(v_plain) a
    group by a.kind
    order by array_position('{label,album,track,podcast,book}'::catalog.entity_kind[], a.kind)
  ) loop
    select string_agg(
      case a.attname
        when 'juke_id' then 'a.juke_id'
        when case when v_kind in ('artist', 'label', 'genre') then 'name' else 'title' end then 'a.source_record_id' -- when it says none
        when 'release_status' then $q$a.said ->> 'status'$q$ -- status is the entity's own
        else case
          when left(a.attname, -3) = any (v_columns) and a.attname like '%\_id'
          then format('(select nullif(t.juke_id, a.juke_id) from catalog.referent($3, a.said -> %L) t)', left(a.attname, -3)) -- nothing contains itself
          else 'null'
        end
      end, ', ' order by a.attnum
    ) into v_base
    from pg_attribute a
    where a.attrelid = format('catalog.%I', v_kind)::regclass and a.attnum > 0 and not a.attisdropped;
    execute format($sql$
      insert into catalog.%1$I
      select w.*
      from unnest($1) a
      cross join lateral jsonb_populate_record(row (%2$s)::catalog.%1$I, a.said) w
      where a.kind = $2 and $3 is not null
      order by a.juke_id
    $sql$, v_kind, v_base) using v_plain, v_kind, p_source;
  end loop;
  return v_plain;
end
$function$;
CREATE OR REPLACE FUNCTION catalog.project_alone_parts(p_source text, p_arrivals ingest.arrival[])
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
AS $function$
declare
  v_statements constant catalog.statement[] := array(
    select row (a.juke_id, a.kind, k.key, k.value, p_source, true)::catalog.statement
    from unnest(p_arrivals) a
    cross join lateral jsonb_each(a.said) k
    where jsonb_typeof(k.value) = 'array' and k.key not in ('languages', 'secondary_types')
    order by a.juke_id
  );
  v_keys constant text[] := array(select distinct s.key from unnest(v_statements) s);
  v_juke_ids uuid[];
  v_of catalog.statement[];
  v_key text;
begin
  if v_keys = '{}' then
    return;
  end if;
  perform catalog.hold_referents(v_statements);
  foreach v_key in array v_keys loop
    v_of := array(select s from unnest(v_statements) s where s.key = v_key);
    v_juke_ids := array(select s.juke_id from unnest(v_of) s);
    case v_key
      when 'aliases' then perform catalog.project_aliases(v_juke_ids, v_of, true);
      when 'credits' then perform catalog.project_credits(v_juke_ids, v_of, true);
      when 'genres' then perform catalog.project_genres(v_juke_ids, v_of, true);
      when 'images' then perform catalog.project_images(v_juke_ids, v_of, true);
      when 'works' then perform catalog.project_works(v_juke_ids, v_of, true);
      when 'parents' then perform catalog.project_parents(v_juke_ids, v_of, true);
      else null;
    end case;
  end loop;
  v_of := array(select s from unnest(v_statements) s where s.kind = 'release' and s.key in ('media', 'tracks', 'labels', 'release_events'));
  if v_of <> '{}' then
    perform catalog.project_release_parts(array(select distinct s.juke_id from unnest(v_of) s), v_of, true);
  end if;
end
$function$;
CREATE OR REPLACE FUNCTION catalog.project_chapters(p_juke_ids uuid[], p_statements catalog.statement[])
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
AS $function$
declare
  v_wanted constant catalog.chapter[] := array(
    select row (
      s.juke_id, row_number() over (partition by s.juke_id order by c.start_ms, c.n), c.start_ms, c.end_ms, c.title,
      c.url, c.image_url
    )::catalog.chapter
    from unnest(p_statements) s
    cross join lateral rows from (
      jsonb_to_recordset(s.value) as (start_ms int, end_ms int, title text, url text, image_url text)
    ) with ordinality c (start_ms, end_ms, title, url, image_url, n)
    where s.key = 'chapters' and s.is_best
  );
begin
  -- Most have none: nothing is written then, and no trigger fires.
  if v_wanted = '{}' and not exists (select from catalog.chapter t where t.juke_id = any (p_juke_ids)) then
    return;
  end if;
  delete from catalog.chapter t
  where t.juke_id = any (p_juke_ids)
    and not exists (
      select from unnest(v_wanted) w where w.juke_id = t.juke_id and w.position = t.position and w is not distinct from t
    );
  insert into catalog.chapter
  select w.*
  from unnest(v_wanted) w
  where not exists (select from catalog.chapter t where t.juke_id = w.juke_id and t.position = w.position);
end
$function$;
CREATE OR REPLACE FUNCTION catalog.project_copyrights(p_juke_ids uuid[], p_statements catalog.statement[])
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
AS $function$
declare
  v_wanted constant catalog.copyright[] := array(
    select row (
      s.juke_id, c.line, row_number() over (partition by s.juke_id, c.line order by c.n), c.year, c.text
    )::catalog.copyright
    from unnest(p_statements) s
    cross join lateral rows from (
      jsonb_to_recordset(s.value) as (line text, year int, text text)
    ) with ordinality c (line, year, text, n)
    where s.key = 'copyrights' and s.is_best
  );
begin
  -- Most have none: nothing is written then, and no trigger fires.
  if v_wanted = '{}' and not exists (select from catalog.copyright t where t.juke_id = any (p_juke_ids)) then
    return;
  end if;
  delete from catalog.copyright t
  where t.juke_id = any (p_juke_ids)
    and not exists (
      select from unnest(v_wanted) w
      where w.juke_id = t.juke_id and w.line = t.line and w.position = t.position and w is not distinct from t
    );
  insert into catalog.copyright
  select w.*
  from unnest(v_wanted) w
  where not exists (
    select from catalog.copyright t where t.juke_id = w.juke_id and t.line = w.line and t.position = w.position
  );
end
$function$;
CREATE OR REPLACE FUNCTION catalog.project_credits(p_juke_ids uuid[], p_statements catalog.statement[], p_are_new boolean DEFAULT false)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
 SET enable_seqscan TO 'on'
AS $function$
declare
  v_wanted constant catalog.credit[] := array(
    with said as materialized (
      select s.juke_id, s.source, c.*
      from unnest(p_statements) s
      cross join lateral rows from (
        jsonb_to_recordset(s.value) as (
          contributor jsonb, role text, position int, credited_as text, join_phrase text, share numeric, attributes text[],
          mechanical_share numeric, synchronization_share numeric
        )
      ) with ordinality c (
        contributor, role, position, credited_as, join_phrase, share, attributes, mechanical_share, synchronization_share, n
      )
      where s.key = 'credits' and s.is_best
    ),
    contributor as (
      -- Whom many records name is looked up once.
      select d.source, d.contributor, r.juke_id
      from (select distinct s.source, s.contributor from said s) d
      cross join lateral catalog.referent(d.source, d.contributor) r
    )
    select row (
      s.juke_id, s.role, row_number() over (partition by s.juke_id, s.role order by s.position, s.n), c.juke_id,
      s.credited_as, s.join_phrase, s.share, s.attributes, s.mechanical_share, s.synchronization_share
    )::catalog.credit
    from said s
    join contributor c on c.contributor = s.contributor and c.source = s.source
  );
begin
  if p_are_new then
    perform catalog.plan_once();
    insert into catalog.credit select w.* from unnest(v_wanted) w;
  else
    delete from catalog.credit t
    where t.juke_id = any (p_juke_ids)
      and not exists (
        select from unnest(v_wanted) w
        where w.juke_id = t.juke_id and w.role = t.role and w.position = t.position and w is not distinct from t
      );
    perform catalog.plan_once();
    insert into catalog.credit
    select w.*
    from unnest(v_wanted) w
    where not exists (
      select from catalog.credit t where t.juke_id = w.juke_id and t.role = w.role and t.position = w.position
    );
  end if;
end
$function$;
CREATE OR REPLACE FUNCTION catalog.project_genres(p_juke_ids uuid[], p_statements catalog.statement[], p_are_new boolean DEFAULT false)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
 SET enable_seqscan TO 'on'
AS $function$
declare
  v_wanted constant catalog.entity_genre[] := array(
    select row (g.juke_id, r.juke_id, max(g.weight))::catalog.entity_genre
    from (
      -- What many records name is looked up once.
      select s.juke_id, s.source, g.genre, max(coalesce(g.weight, 1)) as weight
      from unnest(p_statements) s
      cross join lateral jsonb_to_recordset(s.value) as g (genre jsonb, weight real)
      where s.key = 'genres'
      group by s.juke_id, s.source, g.genre
    ) g
    cross join lateral catalog.referent(g.source, g.genre) r
    group by g.juke_id, r.juke_id
  );
begin
  if p_are_new then
    perform catalog.plan_once();
    insert into catalog.entity_genre select w.* from unnest(v_wanted) w;
  else
    delete from catalog.entity_genre t
    where t.juke_id = any (p_juke_ids)
      and not exists (
        select from unnest(v_wanted) w where w.juke_id = t.juke_id and w.genre_id = t.genre_id and w.weight = t.weight
      );
    perform catalog.plan_once();
    insert into catalog.entity_genre
    select w.*
    from unnest(v_wanted) w
    where not exists (
      select from catalog.entity_genre t where t.juke_id = w.juke_id and t.genre_id = w.genre_id
    );
  end if;
end
$function$;
CREATE OR REPLACE FUNCTION catalog.project_images(p_juke_ids uuid[], p_statements catalog.statement[], p_are_new boolean DEFAULT false)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
 SET enable_seqscan TO 'on'
AS $function$
declare
  v_wanted constant catalog.image[] := array(
    select row (w.juke_id, w.url, w.image_type, w.width, w.height)::catalog.image
    from (
      select distinct on (s.juke_id, i.url) s.juke_id, i.url, i.image_type, i.width, i.height
      from unnest(p_statements) with ordinality s (juke_id, kind, key, value, source, is_best, rank)
      cross join lateral rows from (
        jsonb_to_recordset(s.value) as (url text, image_type text, width int, height int)
      ) with ordinality i (url, image_type, width, height, n)
      where s.key = 'images'
      order by s.juke_id, i.url, s.rank, i.n
    ) w
  );
begin
  if p_are_new then
    perform catalog.plan_once();
    insert into catalog.image select w.* from unnest(v_wanted) w;
  else
    delete from catalog.image t
    where t.juke_id = any (p_juke_ids)
      and not exists (
        select from unnest(v_wanted) w where w.juke_id = t.juke_id and w.url = t.url and w is not distinct from t
      );
    perform catalog.plan_once();
    insert into catalog.image
    select w.*
    from unnest(v_wanted) w
    where not exists (select from catalog.image t where t.juke_id = w.juke_id and t.url = w.url);
  end if;
end
$function$;
CREATE OR REPLACE FUNCTION catalog.project_kind(p_kind catalog.entity_kind, p_rows jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_columns constant text := (
    select string_agg(format('%I', a.attname), ', ' order by a.attnum)
    from pg_attribute a
    where a.attrelid = format('catalog.%I', p_kind)::regclass and a.attnum > 0 and not a.attisdropped
  );
begin
  execute format($sql$
    insert into catalog.%1$I
    select w.*
    from jsonb_populate_recordset(null::catalog.%1$I, $1) w
    where not exists (select from catalog.%1$I t where t.juke_id = w.juke_id)
    order by w.juke_id
  $sql$, p_kind) using p_rows;

  execute format($sql$
    update catalog.%1$I t
    set (%2$s) = row (w.*)
    from jsonb_populate_recordset(null::catalog.%1$I, $1) w
    where t.juke_id = w.juke_id and t.* is distinct from w.*
  $sql$, p_kind, v_columns) using p_rows;
end
$function$;
CREATE OR REPLACE FUNCTION catalog.project_mbids(p_juke_ids uuid[])
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
AS $function$
begin
  update catalog.entity e
  set mbid = w.mbid
  from (
    select distinct on (t.juke_id) t.juke_id, x.external_id::uuid as mbid
    from unnest(p_juke_ids) t (juke_id)
    left join identity.external_id x on x.juke_id = t.juke_id and x.source = 'mbid'
    left join identity.membership m on m.record_id = x.record_id
    order by t.juke_id, m.rule is not distinct from 'merge', x.external_id
  ) w
  where e.juke_id = w.juke_id and e.mbid is distinct from w.mbid;
end
$function$;
CREATE OR REPLACE FUNCTION catalog.project_now(p_juke_ids uuid[])
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
 SET enable_seqscan TO 'on'
AS $function$
declare
  v_active uuid[];
  v_best catalog.statement[];
  v_aliases catalog.statement[];
  v_genres catalog.statement[];
  v_images catalog.statement[];
  v_relations catalog.statement[];
  v_kind catalog.entity_kind;
  v_rows jsonb;
begin
  -- Locked before they are read: what another session has written of them is in what follows.
  perform from catalog.entity e where e.juke_id = any (p_juke_ids) order by e.juke_id for no key update;
  -- A tombstone has records, but nothing to show.
  v_active := array(
    select e.juke_id from catalog.entity e where e.juke_id = any (p_juke_ids) and e.status = 'active'
  );
  -- Each list by itself: a statement is planned with a copy of the arrays it reads.
  select coalesce(array_agg(s) filter (where s.is_best), '{}'),
    coalesce(array_agg(s) filter (where s.key = 'aliases'), '{}'),
    coalesce(array_agg(s) filter (where s.key = 'genres'), '{}'),
    coalesce(array_agg(s) filter (where s.key = 'images'), '{}'),
    coalesce(array_agg(s) filter (where s.key = 'relations'), '{}')
  into v_best, v_aliases, v_genres, v_images, v_relations
  from catalog.statements(v_active) s;

  perform catalog.hold_referents(v_best || v_genres || v_relations);

  for v_kind, v_rows in
    select g.kind, jsonb_agg(g.said)
    from (
      select e.kind,
        jsonb_build_object('name', f.fallback, 'title', f.fallback)
          || coalesce(b.said, '{}')
          || jsonb_build_object('juke_id', e.juke_id) as said
      from catalog.entity e
      left join (
        select s.juke_id, jsonb_object_agg(
          case
            when jsonb_typeof(s.value) = 'object' then s.key || '_id'
            when s.key = 'status' then 'release_status' -- status is the entity's own
            else s.key
          end,
          case
            when jsonb_typeof(s.value) = 'object' then to_jsonb(nullif(r.juke_id, s.juke_id)) -- nothing contains itself
            else s.value
          end
        ) as said
        from unnest(v_best) s
        left join lateral (
          select t.juke_id from catalog.referent(s.source, s.value) t where jsonb_typeof(s.value) = 'object'
        ) r on true
        group by s.juke_id
      ) b on b.juke_id = e.juke_id
      cross join lateral (
        -- Looked for only where it is needed.
        select coalesce(min(r.source_record_id) filter (where r.source <> 'manual'), min(r.source_record_id)) as fallback
        from identity.membership m
        join ingest.record r on r.record_id = m.record_id
        where m.juke_id = e.juke_id
          and not coalesce(b.said ? case when e.kind in ('artist', 'label', 'genre') then 'name' else 'title' end, false)
      ) f
      where e.juke_id = any (v_active)
        and exists (select from identity.membership m where m.juke_id = e.juke_id)
    ) g
    group by g.kind
    -- What others refer to in a column comes first: podcast before episode, album before release.
    order by array_position('{label,album,track,podcast,book}'::catalog.entity_kind[], g.kind)
  loop
    perform catalog.plan_once();
    perform catalog.project_kind(v_kind, v_rows);
    update catalog.entity e
    set display_name = w.name
    from (
      select (r ->> 'juke_id')::uuid as juke_id,
        case when v_kind in ('artist', 'label', 'genre') then r ->> 'name' else r ->> 'title' end as name
      from jsonb_array_elements(v_rows) r
    ) w
    where e.juke_id = w.juke_id and e.display_name <> w.name;
  end loop;

  perform catalog.project_mbids(p_juke_ids);
  perform catalog.project_aliases(p_juke_ids, v_aliases);
  perform catalog.project_credits(p_juke_ids, v_best);
  perform catalog.project_genres(p_juke_ids, v_genres);
  perform catalog.project_images(p_juke_ids, v_images);
  perform catalog.project_parents(p_juke_ids, v_best);
  perform catalog.project_release_parts(p_juke_ids, v_best);
  perform catalog.project_works(p_juke_ids, v_best);
  perform catalog.project_rights(p_juke_ids, v_best);
  perform catalog.project_copyrights(p_juke_ids, v_best);
  perform catalog.project_relations(p_juke_ids, v_relations);
  perform catalog.project_chapters(p_juke_ids, v_best);
  perform catalog.project_transcripts(p_juke_ids, v_best);
end
$function$;
CREATE OR REPLACE FUNCTION catalog.project_parents(p_juke_ids uuid[], p_statements catalog.statement[], p_are_new boolean DEFAULT false)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
 SET enable_seqscan TO 'on'
AS $function$
declare
  v_wanted constant catalog.genre_parent[] := array(
    select distinct row (s.juke_id, r.juke_id)::catalog.genre_parent
    from unnest(p_statements) s
    cross join lateral jsonb_to_recordset(s.value) as p (genre jsonb)
    cross join lateral catalog.referent(s.source, p.genre) r
    where s.key = 'parents' and s.is_best and s.kind = 'genre' and r.juke_id <> s.juke_id
  );
begin
  if not exists (select from catalog.genre g where g.juke_id = any (p_juke_ids)) then
    return;
  end if;
  if p_are_new then
    perform catalog.plan_once();
    insert into catalog.genre_parent select w.* from unnest(v_wanted) w;
  else
    delete from catalog.genre_parent t
    where t.genre_id = any (p_juke_ids) and t <> all (v_wanted);
    perform catalog.plan_once();
    insert into catalog.genre_parent
    select w.*
    from unnest(v_wanted) w
    where not exists (
      select from catalog.genre_parent t where t.genre_id = w.genre_id and t.parent_id = w.parent_id
    );
  end if;
end
$function$;
CREATE OR REPLACE FUNCTION catalog.project_relations(p_juke_ids uuid[], p_statements catalog.statement[])
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
AS $function$
declare
  v_wanted catalog.artist_relation[];
begin
  if not exists (select from catalog.artist a where a.juke_id = any (p_juke_ids)) then
    return;
  end if;
  v_wanted := array(
    with said as materialized (
      select distinct on (s.juke_id, o.artist_id, o.related_id, o.relation, a.begin_date)
        s.juke_id, o.artist_id, o.related_id, o.relation, a.begin_date, a.end_date, a.ended
      from unnest(p_statements) with ordinality s (juke_id, kind, key, value, source, is_best, rank)
      cross join lateral rows from (
        jsonb_to_recordset(s.value) as (
          artist jsonb, relation text, begin_date catalog.partial_date, end_date catalog.partial_date, ended boolean
        )
      ) with ordinality a (artist, relation, begin_date, end_date, ended, n)
      cross join lateral catalog.referent(s.source, a.artist) r
      cross join lateral (
        select case when x.is_first then s.juke_id else r.juke_id end as artist_id,
          case when x.is_first then r.juke_id else s.juke_id end as related_id,
          case a.relation when 'group' then 'member' else a.relation end as relation
        from (
          select a.relation <> 'group' as is_first
        ) x
      ) o
      where s.key = 'relations' and s.kind = 'artist' and r.juke_id <> s.juke_id
      order by s.juke_id, o.artist_id, o.related_id, o.relation, a.begin_date, s.rank, a.n
    )
    select row (
      s.juke_id, s.artist_id, s.related_id, s.relation,
      row_number() over (
        partition by s.juke_id, s.artist_id, s.related_id, s.relation order by s.begin_date collate "C" nulls first
      ),
      s.begin_date, s.end_date, s.ended
    )::catalog.artist_relation
    from said s
    where not exists (
      select from said o
      where o.juke_id = s.juke_id and o.artist_id = s.artist_id and o.related_id = s.related_id
        and o.relation = s.relation and o.begin_date is distinct from s.begin_date
        and starts_with(o.begin_date, coalesce(s.begin_date, ''))
    )
  );
  -- Most have none: nothing is written then, and no trigger fires.
  if v_wanted = '{}' and not exists (select from catalog.artist_relation t where t.juke_id = any (p_juke_ids)) then
    return;
  end if;
  delete from catalog.artist_relation t
  where t.juke_id = any (p_juke_ids)
    and not exists (
      select from unnest(v_wanted) w
      where w.juke_id = t.juke_id and w.artist_id = t.artist_id and w.related_id = t.related_id
        and w.relation = t.relation and w.position = t.position and w is not distinct from t
    );
  insert into catalog.artist_relation
  select w.*
  from unnest(v_wanted) w
  where not exists (
    select from catalog.artist_relation t
    where t.juke_id = w.juke_id and t.artist_id = w.artist_id and t.related_id = w.related_id
      and t.relation = w.relation and t.position = w.position
  );
end
$function$;
CREATE OR REPLACE FUNCTION catalog.project_release_parts(p_juke_ids uuid[], p_statements catalog.statement[], p_are_new boolean DEFAULT false)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
 SET enable_seqscan TO 'on'
AS $function$
declare
  v_lists constant catalog.statement[] := array(
    select s from unnest(p_statements) s
    where s.kind = 'release' and s.is_best and s.key in ('media', 'tracks', 'labels', 'release_events')
  );
  v_releases constant uuid[] := array(
    select r.juke_id from catalog.release r where r.juke_id = any (p_juke_ids)
  );
  v_media catalog.release_medium[];
  v_tracks catalog.release_track[];
  v_labels catalog.release_label[];
  v_events catalog.release_event[];
begin
  if v_releases = '{}' then
    return;
  end if;

  v_media := array(
    select distinct on (s.juke_id, m.disc) row (s.juke_id, m.disc, m.format, m.title)::catalog.release_medium
    from unnest(v_lists) s
    cross join lateral rows from (
      jsonb_to_recordset(s.value) as (disc int, format text, title text)
    ) with ordinality m (disc, format, title, n)
    where s.key = 'media'
    order by s.juke_id, m.disc, m.n
  );
  if p_are_new then
    perform catalog.plan_once();
    insert into catalog.release_medium select w.* from unnest(v_media) w;
  else
    delete from catalog.release_medium t
    where t.release_id = any (v_releases)
      and not exists (
        select from unnest(v_media) w where w.release_id = t.release_id and w.disc = t.disc and w is not distinct from t
      );
    perform catalog.plan_once();
    insert into catalog.release_medium
    select w.* from unnest(v_media) w
    where not exists (
      select from catalog.release_medium t where t.release_id = w.release_id and t.disc = w.disc
    );
  end if;

  perform catalog.plan_anew();
  v_tracks := array(
    select distinct on (s.juke_id, i.disc, i.position) row (
      s.juke_id, i.disc, i.position, i.number, i.title, i.duration_ms, t.juke_id,
      case when t.juke_id is null then v.juke_id end
    )::catalog.release_track
    from unnest(v_lists) s
    cross join lateral rows from (
      jsonb_to_recordset(s.value) as (
        disc int, position int, number text, title text, duration_ms int, track jsonb, video jsonb
      )
    ) with ordinality i (disc, position, number, title, duration_ms, track, video, n)
    left join lateral catalog.referent(s.source, i.track) t on true
    left join lateral catalog.referent(s.source, i.video) v on true
    where s.key = 'tracks' and num_nonnulls(t.juke_id, v.juke_id) > 0
    order by s.juke_id, i.disc, i.position, i.n
  );
  if p_are_new then
    perform catalog.plan_once();
    insert into catalog.release_track select w.* from unnest(v_tracks) w;
  else
    delete from catalog.release_track t
    where t.release_id = any (v_releases)
      and not exists (
        select from unnest(v_tracks) w
        where w.release_id = t.release_id and w.disc = t.disc and w.position = t.position and w is not distinct from t
      );
    perform catalog.plan_once();
    insert into catalog.release_track
    select w.* from unnest(v_tracks) w
    where not exists (
      select from catalog.release_track t
      where t.release_id = w.release_id and t.disc = w.disc and t.position = w.position
    );
  end if;

  perform catalog.plan_anew();
  v_labels := array(
    select distinct row (s.juke_id, r.juke_id, coalesce(l.catalog_number, ''))::catalog.release_label
    from unnest(v_lists) s
    cross join lateral jsonb_to_recordset(s.value) as l (label jsonb, catalog_number text)
    cross join lateral catalog.referent(s.source, l.label) r
    where s.key = 'labels'
  );
  if p_are_new then
    perform catalog.plan_once();
    insert into catalog.release_label select w.* from unnest(v_labels) w;
  else
    delete from catalog.release_label t
    where t.release_id = any (v_releases) and t <> all (v_labels);
    perform catalog.plan_once();
    insert into catalog.release_label
    select w.* from unnest(v_labels) w
    where not exists (
      select from catalog.release_label t
      where t.release_id = w.release_id and t.label_id = w.label_id and t.catalog_number = w.catalog_number
    );
  end if;

  perform catalog.plan_anew();
  v_events := array(
    select row (
      s.juke_id, row_number() over (partition by s.juke_id order by e.date, e.country), e.country, e.date
    )::catalog.release_event
    from unnest(v_lists) s
    cross join lateral (
      select distinct e.country, e.date
      from jsonb_to_recordset(s.value) as e (country catalog.country_code, date catalog.partial_date)
      where num_nonnulls(e.country, e.date) > 0
    ) e
    where s.key = 'release_events'
  );
  if p_are_new then
    perform catalog.plan_once();
    insert into catalog.release_event select w.* from unnest(v_events) w;
  else
    delete from catalog.release_event t
    where t.release_id = any (v_releases)
      and not exists (
        select from unnest(v_events) w
        where w.release_id = t.release_id and w.position = t.position and w is not distinct from t
      );
    perform catalog.plan_once();
    insert into catalog.release_event
    select w.* from unnest(v_events) w
    where not exists (
      select from catalog.release_event t where t.release_id = w.release_id and t.position = w.position
    );
  end if;
end
$function$;
CREATE OR REPLACE FUNCTION catalog.project_rights(p_juke_ids uuid[], p_statements catalog.statement[])
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
AS $function$
declare
  v_wanted constant catalog.usage_right[] := array(
    select row (
      s.juke_id, t.n,
      case when t.territories = '{}' then '{}' when not t.territories @> '{Worldwide}' then c.territories end, -- a list of none is nowhere
      c.excluded_territories,
      case
        when t.usages = '{}' then '{}'
        else (select array_agg(distinct u collate "C" order by u collate "C") from unnest(t.usages) u)
      end,
      (select array_agg(distinct m collate "C" order by m collate "C") from unnest(t.commercial_models) m),
      catalog.moment(t.valid_from, false), catalog.moment(t.valid_until, true)
    )::catalog.usage_right
    from unnest(p_statements) s
    cross join lateral rows from (
      jsonb_to_recordset(
        case when s.value = '[]' then '[{"excluded_territories": ["Worldwide"]}]' else s.value end
      ) as (
        territories text[], excluded_territories text[], usages text[], commercial_models text[], valid_from text,
        valid_until text
      )
    ) with ordinality t (territories, excluded_territories, usages, commercial_models, valid_from, valid_until, n)
    cross join lateral (
      select
        array_agg(distinct k.code collate "C" order by k.code collate "C") filter (where not k.is_excluded) as territories,
        array_agg(distinct k.code collate "C" order by k.code collate "C") filter (where k.is_excluded) as excluded_territories
      from (
        select l.is_excluded, coalesce(o.renamed_to || substr(l.code, 3), l.code) as code
        from (
          select false as is_excluded, i.code from unnest(t.territories) i (code)
          union all
          select true, x.code from unnest(t.excluded_territories) x (code)
        ) l
        left join catalog.territory o on o.territory = left(l.code, 2) and l.code <> 'Worldwide'
      ) k
    ) c
    where s.key = 'rights' and s.is_best
  );
begin
  -- Most have none: nothing is written then, and no trigger fires.
  if v_wanted = '{}' and not exists (select from catalog.usage_right t where t.juke_id = any (p_juke_ids)) then
    return;
  end if;
  delete from catalog.usage_right t
  where t.juke_id = any (p_juke_ids)
    and not exists (
      select from unnest(v_wanted) w where w.juke_id = t.juke_id and w.position = t.position and w is not distinct from t
    );
  insert into catalog.usage_right
  select w.*
  from unnest(v_wanted) w
  where not exists (select from catalog.usage_right t where t.juke_id = w.juke_id and t.position = w.position);
end
$function$;
CREATE OR REPLACE FUNCTION catalog.project_transcripts(p_juke_ids uuid[], p_statements catalog.statement[])
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
AS $function$
declare
  v_wanted constant catalog.transcript[] := array(
    select row (s.juke_id, t.n, t.url, t.media_type, t.language, t.rel)::catalog.transcript
    from unnest(p_statements) s
    cross join lateral rows from (
      jsonb_to_recordset(s.value) as (url text, media_type text, language text, rel text)
    ) with ordinality t (url, media_type, language, rel, n)
    where s.key = 'transcripts' and s.is_best and s.kind = 'episode'
  );
begin
  -- Most have none: nothing is written then, and no trigger fires.
  if v_wanted = '{}' and not exists (select from catalog.transcript t where t.episode_id = any (p_juke_ids)) then
    return;
  end if;
  delete from catalog.transcript t
  where t.episode_id = any (p_juke_ids)
    and not exists (
      select from unnest(v_wanted) w
      where w.episode_id = t.episode_id and w.position = t.position and w is not distinct from t
    );
  insert into catalog.transcript
  select w.*
  from unnest(v_wanted) w
  where not exists (
    select from catalog.transcript t where t.episode_id = w.episode_id and t.position = w.position
  );
end
$function$;
CREATE OR REPLACE FUNCTION catalog.project_works(p_juke_ids uuid[], p_statements catalog.statement[], p_are_new boolean DEFAULT false)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
 SET enable_seqscan TO 'on'
AS $function$
declare
  v_wanted constant catalog.track_work[] := array(
    select distinct on (s.juke_id, r.juke_id)
      row (s.juke_id, r.juke_id, coalesce(w.relation, 'performance'), w.attributes)::catalog.track_work
    from unnest(p_statements) s
    cross join lateral rows from (
      jsonb_to_recordset(s.value) as (work jsonb, relation text, attributes text[])
    ) with ordinality w (work, relation, attributes, n)
    cross join lateral catalog.referent(s.source, w.work) r
    where s.key = 'works' and s.is_best and s.kind = 'track'
    order by s.juke_id, r.juke_id, w.n
  );
begin
  if not exists (select from catalog.track t where t.juke_id = any (p_juke_ids)) then
    return;
  end if;
  if p_are_new then
    perform catalog.plan_once();
    insert into catalog.track_work select w.* from unnest(v_wanted) w;
  else
    delete from catalog.track_work t
    where t.track_id = any (p_juke_ids)
      and not exists (
        select from unnest(v_wanted) w
        where w.track_id = t.track_id and w.work_id = t.work_id and w is not distinct from t
      );
    perform catalog.plan_once();
    insert into catalog.track_work
    select w.*
    from unnest(v_wanted) w
    where not exists (select from catalog.track_work t where t.track_id = w.track_id and t.work_id = w.work_id);
  end if;
end
$function$;
CREATE OR REPLACE FUNCTION catalog.provenance(entity uuid)
 RETURNS TABLE(attribute text, value jsonb, source text, record_id bigint, source_record_id text, stated boolean, won boolean, why text)
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE SECURITY DEFINER ROWS 50
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_juke_id constant uuid := (select coalesce(e.merged_into, e.juke_id) from catalog.entity e where e.juke_id = entity);
begin
  perform identity.refuse_missing(array[entity]);
  return query
    select a.key, a.value, r.source, r.record_id, r.source_record_id, coalesce(r.body ? a.key, false),
      a.nth = 1 or a.key in ('aliases', 'genres', 'images', 'relations'), -- all of these are shown
      case
        when a.key in ('aliases', 'genres', 'images', 'relations') then 'all sources count'
        when a.rivals = 1 then 'the only one that says so'
        when a.nth > 1 then format('outranked (%s of %s)', a.nth, a.rivals)
        when r.source = 'manual' then 'a person''s word outranks every source'
        else format('priority %s, %s', s.priority, case when r.body ? a.key then 'stated' else 'mentioned' end)
      end
    from (
      select r.record_id, k.key, k.value,
        row_number() over w as nth,
        count(*) over (partition by k.key) as rivals
      from identity.membership m
      join ingest.record r on r.record_id = m.record_id
      join ingest.source s on s.source = r.source
      cross join lateral jsonb_each(ingest.effective(r.body, r.mention)) k
      where m.juke_id = v_juke_id and k.key <> 'ids' and k.value <> 'null'
      window w as (
        partition by k.key
        order by s.priority desc, coalesce(r.body ? k.key, false) desc, r.source,
          case when r.source = 'manual' then left(r.source_record_id, 36) = m.juke_id::text end desc,
          case when r.source = 'manual' then r.record_id end desc,
          r.source_record_id
      )
    ) a
    join ingest.record r on r.record_id = a.record_id
    join ingest.source s on s.source = r.source
    order by a.key, a.nth;
end
$function$;
CREATE OR REPLACE FUNCTION catalog.referent(p_source text, p_reference jsonb)
 RETURNS TABLE(juke_id uuid)
 LANGUAGE sql
 STABLE PARALLEL SAFE ROWS 1
AS $function$
  select m.juke_id
  from ingest.record r
  join identity.membership m on m.record_id = r.record_id
  join catalog.entity e on e.juke_id = m.juke_id and e.status = 'active'
  where r.source_record_id = p_reference ->> 'id'
    and r.kind = (p_reference ->> 'kind')::catalog.entity_kind
    and r.source = p_source
$function$;
CREATE OR REPLACE FUNCTION catalog.refuse_stale(p_expected catalog.entity_version[])
 RETURNS void
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_count constant int := cardinality(p_expected);
  v_stale record;
begin
  perform identity.refuse_missing(array(select x.juke_id from unnest(p_expected) x));
  select count(*) as count, string_agg(
    format('The current version%s is %s. ', case when v_count > 1 then ' of ' || e.juke_id end, e.version) || case
      when x.version between 1 and e.version then
        format('Changed since: %s.', coalesce(catalog.changed_since(e.juke_id, x.version), 'not recorded any more'))
      else format('Version %s has never been.', coalesce(x.version::text, 'null'))
    end,
    e'\n' order by e.juke_id, x.version
  ) as detail into v_stale
  from unnest(p_expected) x
  join catalog.entity e on e.juke_id = x.juke_id
  where x.version is distinct from e.version;
  if v_stale.count > 0 then
    raise exception '%', case v_count
      when 1 then format('version %s is stale', coalesce(p_expected[1].version::text, 'null'))
      else format('%s of %s versions are stale', v_stale.count, v_count)
    end
      using errcode = 'JB162', detail = v_stale.detail,
        hint = format('Read %s again, and repeat it if it still holds.', case v_count when 1 then 'the entity' else 'these entities' end);
  end if;
end
$function$;
CREATE OR REPLACE FUNCTION catalog.release_artist_credit(release catalog.release)
 RETURNS text
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
        select string_agg(
          coalesce(c.credited_as, e.display_name) || coalesce(c.join_phrase, case when c.is_last then '' else ', ' end),
          '' order by c.position
        )
        from (
          select x.*, lead(x.position) over (order by x.position) is null as is_last
          from catalog.credit x
          where x.juke_id = ($1).juke_id and x.role = 'artist'
        ) c
        join catalog.entity e on e.juke_id = c.contributor_id
      $function$;
CREATE OR REPLACE FUNCTION catalog.rights_at(juke_ids uuid[], territory text, at timestamp with time zone DEFAULT now(), usage text DEFAULT 'Stream'::text)
 RETURNS SETOF catalog.availability
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
AS $function$
declare
  v_code constant text := catalog.territory_code(rights_at.territory);
  v_places constant text[] := array['Worldwide', left(v_code, 2), v_code];
  v_usages constant text[] := catalog.use_types(coalesce(rights_at.usage, 'Stream'));
  v_at constant timestamptz := coalesce(rights_at.at, now());
begin
  if cardinality(juke_ids) > 10000 then
    raise exception 'too many ids: %', cardinality(juke_ids)
      using errcode = 'JB104', detail = 'One call takes at most 10,000.', hint = 'Send them in several calls.';
  end if;
  return query
    with asked as materialized (
      select i.ordinal, i.juke_id as asked_id, t.juke_id, t.kind, t.status
      from unnest(juke_ids) with ordinality i (juke_id, ordinal)
      left join catalog.entity e on e.juke_id = i.juke_id
      left join catalog.entity t on t.juke_id = coalesce(e.merged_into, e.juke_id)
    ),
    entity as materialized (
      select distinct a.juke_id, a.kind,
        exists (select from catalog.usage_right u where u.juke_id = a.juke_id) as has_terms
      from asked a
      where a.status = 'active'
    ),
    holder as (
      select e.juke_id, e.juke_id as held_by from entity e where e.has_terms
      union
      select e.juke_id, t.release_id
      from entity e
      join catalog.release_track t on t.track_id = e.juke_id
      where e.kind = 'track' and not e.has_terms
      union
      select e.juke_id, t.release_id
      from entity e
      join catalog.release_track t on t.video_id = e.juke_id
      where e.kind = 'video' and not e.has_terms
      union
      select e.juke_id, o.podcast_id
      from entity e
      join catalog.episode o on o.juke_id = e.juke_id
      where e.kind = 'episode' and not e.has_terms
    ),
    term as (
      -- What it lacks, in the order of the reasons.
      select h.juke_id, h.held_by, u.position, u.valid_from, u.valid_until,
        array_remove(array[
          case when v_at < u.valid_from then 'not_yet' when v_at >= u.valid_until then 'expired' end,
          case when not u.usages && v_usages then 'usage_not_covered' end,
          case
            when u.excluded_territories && v_places[2:] then 'territory_excluded'
            when not u.territories && v_places then 'territory_not_covered'
          end,
          case
            when r.release_status in ('withdrawn', 'cancelled') or 'Worldwide' = any (u.excluded_territories) then 'withdrawn'
          end
        ]::catalog.right_reason[], null) as lacks
      from holder h
      join catalog.usage_right u on u.juke_id = h.held_by
      left join catalog.release r on r.juke_id = h.held_by
      union all
      select e.juke_id, e.juke_id, null, null, null, '{withdrawn}'
      from entity e
      join catalog.release r on r.juke_id = e.juke_id
      where r.release_status in ('withdrawn', 'cancelled') and not e.has_terms
    ),
    nearest as (
      select distinct on (t.juke_id) t.*
      from term t
      order by t.juke_id, cardinality(t.lacks), t.lacks, case when v_at < t.valid_from then t.valid_from end,
        t.valid_until desc nulls first, t.held_by, t.position
    )
    select a.asked_id, case when a.status = 'active' then a.juke_id end, coalesce(n.lacks = '{}', false),
      case
        when a.juke_id is null then '{entity_unknown}'
        when a.status <> 'active' then '{entity_deleted}'
        else coalesce(n.lacks, '{no_rights_known}')
      end,
      n.held_by, n.position, n.valid_from, n.valid_until
    from asked a
    left join nearest n on n.juke_id = a.juke_id
    order by a.ordinal;
end
$function$;
CREATE OR REPLACE FUNCTION catalog.seen(p_juke_id uuid, p_version integer)
 RETURNS catalog.entity_version[]
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select case when p_version is not null then array[row (p_juke_id, p_version)::catalog.entity_version] end
$function$;
CREATE OR REPLACE FUNCTION catalog.state(juke_ids uuid[])
 RETURNS TABLE(juke_id uuid, version integer, state jsonb)
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET "TimeZone" TO 'UTC'
 SET extra_float_digits TO '1'
 SET plan_cache_mode TO 'force_custom_plan'
AS $function$
begin
  return query
  with attribute as (
    select r.juke_id, left(k.key, 1) || substr(replace(initcap(k.key collate "C"), '_', ''), 2) as key, k.value
    from (
      select t.juke_id, to_jsonb(t) as columns from catalog.artist t where t.juke_id = any (juke_ids)
      union all
      select t.juke_id, to_jsonb(t) from catalog.label t where t.juke_id = any (juke_ids)
      union all
      select t.juke_id, to_jsonb(t) from catalog.genre t where t.juke_id = any (juke_ids)
      union all
      select t.juke_id, to_jsonb(t) from catalog.work t where t.juke_id = any (juke_ids)
      union all
      select t.juke_id, to_jsonb(t) from catalog.album t where t.juke_id = any (juke_ids)
      union all
      select t.juke_id, to_jsonb(t) from catalog.release t where t.juke_id = any (juke_ids)
      union all
      select t.juke_id, to_jsonb(t) from catalog.track t where t.juke_id = any (juke_ids)
      union all
      select t.juke_id, to_jsonb(t) from catalog.video t where t.juke_id = any (juke_ids)
      union all
      select t.juke_id, to_jsonb(t) from catalog.podcast t where t.juke_id = any (juke_ids)
      union all
      select t.juke_id, to_jsonb(t) from catalog.episode t where t.juke_id = any (juke_ids)
      union all
      select t.juke_id, to_jsonb(t) from catalog.book t where t.juke_id = any (juke_ids)
      union all
      select t.juke_id, to_jsonb(t) from catalog.audiobook t where t.juke_id = any (juke_ids)
    ) r
    cross join lateral jsonb_each(r.columns) k
    where k.key <> 'juke_id' and k.value <> 'null'
  ),
  part as (
    select x.juke_id, 'externalIds' as key,
      jsonb_agg(jsonb_build_object('scheme', x.source, 'value', x.external_id) order by x.source, x.external_id) as value
    from catalog.external_id x
    where x.juke_id = any (juke_ids)
    group by x.juke_id
    union all
    select a.juke_id, 'aliases',
      jsonb_agg(jsonb_build_object(
        'name', a.name, 'locale', nullif(a.locale, ''), 'sortName', a.sort_name, 'aliasType', a.alias_type,
        'isPrimary', a.is_primary, 'beginDate', a.begin_date, 'endDate', a.end_date
      ) order by a.name collate "C", a.locale collate "C")
    from catalog.alias a
    where a.juke_id = any (juke_ids)
    group by a.juke_id
    union all
    select c.juke_id, 'credits',
      jsonb_agg(jsonb_build_object(
        'role', c.role, 'position', c.position, 'contributorId', c.contributor_id, 'creditedAs', c.credited_as,
        'joinPhrase', c.join_phrase, 'share', c.share, 'mechanicalShare', c.mechanical_share,
        'synchronizationShare', c.synchronization_share, 'attributes', c.attributes
      ) order by c.role collate "C", c.position)
    from catalog.credit c
    where c.juke_id = any (juke_ids)
    group by c.juke_id
    union all
    select g.juke_id, 'genres',
      jsonb_agg(jsonb_build_object('genreId', g.genre_id, 'weight', g.weight) order by g.weight desc, g.genre_id)
    from catalog.entity_genre g
    where g.juke_id = any (juke_ids)
    group by g.juke_id
    union all
    select i.juke_id, 'images',
      jsonb_agg(jsonb_build_object(
        'url', i.url, 'imageType', i.image_type, 'width', i.width, 'height', i.height
      ) order by i.url collate "C")
    from catalog.image i
    where i.juke_id = any (juke_ids)
    group by i.juke_id
    union all
    select p.genre_id, 'parents', jsonb_agg(jsonb_build_object('parentId', p.parent_id) order by p.parent_id)
    from catalog.genre_parent p
    where p.genre_id = any (juke_ids)
    group by p.genre_id
    union all
    select m.release_id, 'media',
      jsonb_agg(jsonb_build_object('disc', m.disc, 'format', m.format, 'title', m.title) order by m.disc)
    from catalog.release_medium m
    where m.release_id = any (juke_ids)
    group by m.release_id
    union all
    select t.release_id, 'tracks',
      jsonb_agg(jsonb_build_object(
        'disc', t.disc, 'position', t.position, 'number', t.number, 'title', t.title, 'durationMs', t.duration_ms,
        'trackId', t.track_id, 'videoId', t.video_id
      ) order by t.disc, t.position)
    from catalog.release_track t
    where t.release_id = any (juke_ids)
    group by t.release_id
    union all
    select l.release_id, 'labels',
      jsonb_agg(jsonb_build_object(
        'labelId', l.label_id, 'catalogNumber', nullif(l.catalog_number, '')
      ) order by l.label_id, l.catalog_number collate "C")
    from catalog.release_label l
    where l.release_id = any (juke_ids)
    group by l.release_id
    union all
    select v.release_id, 'releaseEvents',
      jsonb_agg(jsonb_build_object('position', v.position, 'country', v.country, 'date', v.date) order by v.position)
    from catalog.release_event v
    where v.release_id = any (juke_ids)
    group by v.release_id
    union all
    select w.track_id, 'works',
      jsonb_agg(jsonb_build_object(
        'workId', w.work_id, 'relation', w.relation, 'attributes', w.attributes
      ) order by w.work_id)
    from catalog.track_work w
    where w.track_id = any (juke_ids)
    group by w.track_id
    union all
    select u.juke_id, 'rights',
      jsonb_agg(jsonb_build_object(
        'position', u.position, 'territories', u.territories, 'excludedTerritories', u.excluded_territories,
        'usages', u.usages, 'commercialModels', u.commercial_models, 'validFrom', u.valid_from, 'validUntil', u.valid_until
      ) order by u.position)
    from catalog.usage_right u
    where u.juke_id = any (juke_ids)
    group by u.juke_id
    union all
    select c.juke_id, 'copyrights',
      jsonb_agg(jsonb_build_object(
        'line', c.line, 'position', c.position, 'year', c.year, 'text', c.text
      ) order by c.line collate "C" desc, c.position)
    from catalog.copyright c
    where c.juke_id = any (juke_ids)
    group by c.juke_id
    union all
    select a.juke_id, 'relations',
      jsonb_agg(jsonb_build_object(
        'artistId', a.artist_id, 'relatedId', a.related_id, 'relation', a.relation, 'beginDate', a.begin_date,
        'endDate', a.end_date, 'ended', a.ended
      ) order by a.relation, a.artist_id, a.related_id, a.position)
    from catalog.artist_relation a
    where a.juke_id = any (juke_ids)
    group by a.juke_id
    union all
    select c.juke_id, 'chapters',
      jsonb_agg(jsonb_build_object(
        'position', c.position, 'startMs', c.start_ms, 'endMs', c.end_ms, 'title', c.title, 'url', c.url,
        'imageUrl', c.image_url
      ) order by c.position)
    from catalog.chapter c
    where c.juke_id = any (juke_ids)
    group by c.juke_id
    union all
    select t.episode_id, 'transcripts',
      jsonb_agg(jsonb_build_object(
        'position', t.position, 'url', t.url, 'mediaType', t.media_type, 'language', t.language, 'rel', t.rel
      ) order by t.position)
    from catalog.transcript t
    where t.episode_id = any (juke_ids)
    group by t.episode_id
  ),
  said as materialized (
    select s.juke_id, jsonb_object_agg(s.key, s.value) as body
    from (table attribute union all table part) s
    group by s.juke_id
  )
  select e.juke_id, e.version,
    jsonb_strip_nulls(jsonb_build_object(
      'jukeId', e.juke_id, 'kind', e.kind, 'version', e.version, 'status', e.status, 'mergedInto', e.merged_into,
      'displayName', e.display_name, 'mbid', e.mbid
    ) || coalesce(s.body, '{}'))
  from catalog.entity e
  left join said s on s.juke_id = e.juke_id
  where e.juke_id = any (juke_ids)
  order by e.juke_id;
end
$function$;
CREATE OR REPLACE FUNCTION catalog.statements(p_juke_ids uuid[])
 RETURNS SETOF catalog.statement
 LANGUAGE sql
 STABLE PARALLEL SAFE ROWS 10000
AS $function$
  -- Records are put in order once, not each of their keys: an entity may have a thousand.
  with said as materialized (
    select m.juke_id, r.kind, r.source, ingest.effective(r.body, r.mention) as keys, -s.priority::bigint as authority,
      r.mention is null as is_stated, case when r.mention is not null then r.body end as stated, -- carried only where it is needed
      row_number() over (
        order by r.quality desc nulls last, r.source,
          case when r.source = 'manual' then left(r.source_record_id, 36) = m.juke_id::text end desc,
          case when r.source = 'manual' then r.record_id end desc,
          r.source_record_id
      ) as place
    from identity.membership m
    join ingest.record r on r.record_id = m.record_id
    join ingest.source s on s.source = r.source
    where m.juke_id = any (p_juke_ids)
  ),
  best as (
    -- authority, whether it is only mentioned, and place, in one number: the least is found without sorting
    select s.juke_id, k.key,
      min(((s.authority * 2 + (not coalesce(s.stated ? k.key, s.is_stated))::int) << 32) + s.place) as rank
    from said s
    cross join lateral jsonb_each(s.keys) k
    where k.value <> 'null' and k.key not in ('ids', 'aliases', 'genres', 'images', 'relations')
    group by s.juke_id, k.key
  )
  select s.juke_id, s.kind, b.key, s.keys -> b.key, s.source, true
  from best b
  join said s on s.place = b.rank & x'ffffffff'::bigint
  union all
  (
    select s.juke_id, s.kind, l.key, s.keys -> l.key, s.source, false
    from said s
    cross join unnest('{aliases,genres,images,relations}'::text[]) l (key)
    where s.keys -> l.key <> 'null'
    order by s.authority, not coalesce(s.stated ? l.key, s.is_stated), s.place
  )
$function$;
CREATE OR REPLACE FUNCTION catalog.territory_code(p_territory text)
 RETURNS text
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_given constant text := upper(p_territory);
  v_country catalog.territory;
begin
  if v_given ~ '^[A-Z]{2}(-[A-Z0-9]{1,3})?$' then
    select t.* into v_country from catalog.territory t where t.territory = left(v_given, 2);
  end if;
  if v_country.territory is null then
    raise exception 'not a territory: %', coalesce(left(p_territory, 50), 'null')
      using errcode = 'JB260',
        detail = case
          when v_given = 'WORLDWIDE' then 'The answer depends on where.'
          when v_given in ('EU', 'EZ', 'UN') then 'It is a group of countries.'
          else 'No country has this code.'
        end,
        hint = 'Say one country by its two letters (ISO 3166-1: DE), or a part of it (ISO 3166-2: CA-QC); ask for each country by itself.';
  elsif v_country.replaced_by is not null then
    raise exception 'not a territory any more: %', left(p_territory, 50)
      using errcode = 'JB260', detail = format('%s was withdrawn from ISO 3166-1.', v_country.territory),
        hint = format('Ask for what is there now: %s.', array_to_string(v_country.replaced_by, ', '));
  end if;
  return coalesce(v_country.renamed_to, v_country.territory) || substr(v_given, 3);
end
$function$;
CREATE OR REPLACE FUNCTION catalog.tg_part__hold_referents()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_column text;
  v_gone uuid;
begin
  if not exists (select from new_rows) then
    return null;
  end if;
  foreach v_column in array tg_argv loop
    execute format($sql$
      select l.juke_id
      from (
        select e.juke_id, e.status
        from catalog.entity e
        where e.juke_id in (select n.%1$I from new_rows n where n.%1$I is not null)
        order by e.juke_id
        for key share
      ) l
      where l.status <> 'active'
      limit 1
    $sql$, v_column) into v_gone;
    if v_gone is not null then
      raise exception 'entity % is not in the catalog any more', v_gone
        using errcode = 'foreign_key_violation', detail = format('catalog.%s would refer to it.', tg_table_name),
          hint = 'Try again: another session has merged or deleted it at this moment.';
    end if;
  end loop;
  return null;
end
$function$;
CREATE OR REPLACE FUNCTION catalog.tg_projected__guard()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_callers text;
begin
  -- Rows that go with their entity are deleted by a foreign key, from within another statement.
  if current_setting('jukebase.writing', true) = 'catalog' or pg_trigger_depth() > 1 then
    return null;
  end if;
  -- Who called, a line for each function, this one first. A setting of the functions themselves (set jukebase.writing) would say it
  -- more plainly, but only a superuser may create functions with a setting of one's own. A line of a statement may name our
  -- functions as well; only that of a caller names its language, too, in every language of the server's messages.
  get diagnostics v_callers = pg_context;
  if regexp_replace(v_callers, '^[^\n]*', '') ~* '\n[^\n"]*pl/pgsql[^\n"]* (catalog|identity)[.][a-z_]+[(]' then
    return null;
  end if;
  raise exception '%.% is computed and cannot be written directly', tg_table_schema, tg_table_name
    using errcode = 'JB168',
      detail = format('This is a direct %s. ', lower(tg_op)) || case tg_table_name
        when 'entity' then 'It would leave no trace of who made it, and could not be undone.'
        when 'external_id' then 'It would leave no trace of who made it, and could not be undone.'
        else 'It would be lost when the entity is projected again.'
      end,
      hint = case tg_table_name
        when 'entity' then 'Call identity.merge, identity.split, identity.delete or catalog.edit.'
        when 'external_id' then 'Call identity.claim or identity.retract.'
        else 'Call catalog.edit(juke_id, patch, expected_version); claim ids with identity.claim.'
      end;
end
$function$;
CREATE OR REPLACE FUNCTION catalog.track_artist_credit(track catalog.track)
 RETURNS text
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
        select string_agg(
          coalesce(c.credited_as, e.display_name) || coalesce(c.join_phrase, case when c.is_last then '' else ', ' end),
          '' order by c.position
        )
        from (
          select x.*, lead(x.position) over (order by x.position) is null as is_last
          from catalog.credit x
          where x.juke_id = ($1).juke_id and x.role = 'artist'
        ) c
        join catalog.entity e on e.juke_id = c.contributor_id
      $function$;
CREATE OR REPLACE FUNCTION catalog.unproject(p_juke_ids uuid[])
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_table text;
begin
  if p_juke_ids = '{}' then
    return;
  end if;
  delete from catalog.alias t where t.juke_id = any (p_juke_ids);
  delete from catalog.credit t where t.juke_id = any (p_juke_ids);
  delete from catalog.entity_genre t where t.juke_id = any (p_juke_ids);
  delete from catalog.image t where t.juke_id = any (p_juke_ids);
  delete from catalog.usage_right t where t.juke_id = any (p_juke_ids);
  delete from catalog.copyright t where t.juke_id = any (p_juke_ids);
  delete from catalog.chapter t where t.juke_id = any (p_juke_ids);
  -- The other parts hang on the kind's row.
  foreach v_table in array array(
    select distinct e.kind::text from catalog.entity e where e.juke_id = any (p_juke_ids)
  ) loop
    execute format('delete from catalog.%I t where t.juke_id = any ($1)', v_table) using p_juke_ids;
  end loop;
end
$function$;
CREATE OR REPLACE FUNCTION catalog.use_types(p_usage text)
 RETURNS text[]
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if not exists (select from catalog.use_type t where t.use_type = p_usage) then
    raise exception 'not a use type: %', coalesce(left(p_usage, 50), 'null')
      using errcode = 'JB261', detail = 'It is none of the DDEX allowed value set UseType, where case matters.',
        hint = 'Stream, OnDemandStream, Download, PermanentDownload…: catalog.use_type lists them.';
  end if;
  return array(
    with recursive above as (
      select t.use_type, t.parent from catalog.use_type t where t.use_type = p_usage
      union all
      select t.use_type, t.parent from above a join catalog.use_type t on t.use_type = a.parent
    ),
    below as (
      select t.use_type from catalog.use_type t where t.parent = p_usage
      union all
      select t.use_type from below b join catalog.use_type t on t.parent = b.use_type
    )
    select a.use_type from above a union all select b.use_type from below b
  );
end
$function$;
CREATE OR REPLACE FUNCTION catalog.video_artist_credit(video catalog.video)
 RETURNS text
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
        select string_agg(
          coalesce(c.credited_as, e.display_name) || coalesce(c.join_phrase, case when c.is_last then '' else ', ' end),
          '' order by c.position
        )
        from (
          select x.*, lead(x.position) over (order by x.position) is null as is_last
          from catalog.credit x
          where x.juke_id = ($1).juke_id and x.role = 'artist'
        ) c
        join catalog.entity e on e.juke_id = c.contributor_id
      $function$;
CREATE OR REPLACE FUNCTION catalog.writing(p_on boolean)
 RETURNS void
 LANGUAGE sql
AS $function$
  select set_config('jukebase.writing', case when p_on then 'catalog' else '' end, true)
$function$;
CREATE OR REPLACE FUNCTION descriptor.build(p_juke_ids uuid[])
 RETURNS TABLE(juke_id uuid, kind catalog.entity_kind, name text, tsv tsvector, checksum uuid)
 LANGUAGE sql
 STABLE ROWS 500
AS $function$
  with entity as (
    select e.juke_id, e.kind, e.display_name
    from catalog.entity e
    where e.juke_id = any (p_juke_ids) and e.status = 'active'
  ),
  term (juke_id, weight, value) as (
    select a.juke_id, 'B', a.name from catalog.alias a where a.juke_id = any (p_juke_ids)
    union
    select a.juke_id, 'B', a.sort_name from catalog.artist a where a.juke_id = any (p_juke_ids)
    union
    select l.juke_id, 'B', l.sort_name from catalog.label l where l.juke_id = any (p_juke_ids)
    union
    select c.juke_id, 'B', n.value
    from catalog.credit c
    join catalog.entity e on e.juke_id = c.contributor_id
    cross join lateral (values (e.display_name), (c.credited_as)) n (value)
    where c.juke_id = any (p_juke_ids)
    union
    select g.juke_id, 'C', e.display_name
    from catalog.entity_genre g
    join catalog.entity e on e.juke_id = g.genre_id
    where g.juke_id = any (p_juke_ids)
    union
    -- What its own records say: what others say of it is no change of it.
    select a.juke_id, 'C', e.display_name
    from catalog.artist_relation a
    join catalog.entity e on e.juke_id = case a.juke_id when a.artist_id then a.related_id else a.artist_id end
    where a.juke_id = any (p_juke_ids)
    union
    select l.release_id, 'C', n.value
    from catalog.release_label l
    join catalog.entity e on e.juke_id = l.label_id
    cross join lateral (values (e.display_name), (l.catalog_number)) n (value)
    where l.release_id = any (p_juke_ids)
    union
    -- the releases a track is on share their title with the album in most cases
    select t.track_id, 'C', e.display_name
    from catalog.release_track t
    join catalog.entity e on e.juke_id = t.release_id
    where t.track_id = any (p_juke_ids)
    union
    select t.video_id, 'C', e.display_name
    from catalog.release_track t
    join catalog.entity e on e.juke_id = t.release_id
    where t.video_id = any (p_juke_ids)
    union
    select c.juke_id, 'C', e.display_name
    from (
      select r.juke_id, r.album_id as container_id from catalog.release r
      union all
      select o.juke_id, o.podcast_id from catalog.episode o
      union all
      select b.juke_id, b.book_id from catalog.audiobook b
    ) c
    join catalog.entity e on e.juke_id = c.container_id
    where c.juke_id = any (p_juke_ids)
    union
    select d.juke_id, 'D', d.value
    from (
      select a.juke_id, concat_ws(' ', a.disambiguation, a.area, a.begin_area) as value from catalog.artist a
      union all
      select a.juke_id, a.disambiguation from catalog.album a
      union all
      select r.juke_id, concat_ws(' ', r.disambiguation, r.barcode) from catalog.release r
      union all
      select t.juke_id, t.disambiguation from catalog.track t
      union all
      select w.juke_id, w.disambiguation from catalog.work w
      union all
      select g.juke_id, concat_ws(' ', g.disambiguation, g.description) from catalog.genre g
      union all
      select l.juke_id, concat_ws(' ', l.disambiguation, l.area) from catalog.label l
      union all
      select v.juke_id, v.disambiguation from catalog.video v
      union all
      select p.juke_id, concat_ws(' ', p.author, p.description) from catalog.podcast p
      union all
      select o.juke_id, o.description from catalog.episode o
      union all
      select b.juke_id, concat_ws(' ', b.subtitle, b.series, b.publisher, b.description) from catalog.book b
      union all
      select b.juke_id, concat_ws(' ', b.subtitle, b.publisher, b.description) from catalog.audiobook b
    ) d
    where d.juke_id = any (p_juke_ids)
  ),
  text_of as (
    select e.juke_id, e.kind, e.display_name,
      string_agg(t.value, E'\n' order by t.value collate "C") filter (where t.weight = 'B') as b,
      string_agg(t.value, E'\n' order by t.value collate "C") filter (where t.weight = 'C') as c,
      string_agg(t.value, E'\n' order by t.value collate "C") filter (where t.weight = 'D') as d
    from entity e
    left join term t on t.juke_id = e.juke_id and t.value <> ''
    group by e.juke_id, e.kind, e.display_name
  )
  select x.juke_id, x.kind, x.display_name,
    setweight(to_tsvector('descriptor.names', descriptor.words(left(x.display_name, 2000))), 'A')
      || setweight(to_tsvector('descriptor.names', descriptor.words(coalesce(left(x.b, 30000), ''))), 'B')
      || setweight(to_tsvector('descriptor.names', descriptor.words(coalesce(left(x.c, 30000), ''))), 'C')
      || setweight(to_tsvector('descriptor.names', descriptor.words(coalesce(left(x.d, 50000), ''))), 'D'),
    md5(concat_ws(chr(30), x.display_name, coalesce(x.b, ''), coalesce(x.c, ''), coalesce(x.d, '')))::uuid
  from text_of x
$function$;
CREATE OR REPLACE FUNCTION descriptor.builder_version()
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$select 3$function$;
CREATE OR REPLACE FUNCTION descriptor.mark_dependents(p_juke_ids uuid[])
 RETURNS void
 LANGUAGE sql
AS $function$
  insert into descriptor.dirty (juke_id)
  select c.juke_id from catalog.credit c where c.contributor_id = any (p_juke_ids)
  union
  select g.juke_id from catalog.entity_genre g where g.genre_id = any (p_juke_ids)
  union
  select a.juke_id from catalog.artist_relation a where a.artist_id = any (p_juke_ids)
  union
  select a.juke_id from catalog.artist_relation a where a.related_id = any (p_juke_ids)
  union
  select l.release_id from catalog.release_label l where l.label_id = any (p_juke_ids)
  union
  select coalesce(t.track_id, t.video_id) from catalog.release_track t where t.release_id = any (p_juke_ids)
  union
  select r.juke_id from catalog.release r where r.album_id = any (p_juke_ids)
  union
  select o.juke_id from catalog.episode o where o.podcast_id = any (p_juke_ids)
  union
  select b.juke_id from catalog.audiobook b where b.book_id = any (p_juke_ids)
$function$;
CREATE OR REPLACE FUNCTION descriptor.query_of(p_text text)
 RETURNS tsquery
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select websearch_to_tsquery(
    'descriptor.names',
    translate(regexp_replace(left(p_text, 1000), '(?<=\S)-', ' ', 'g'), '/\._@:&~+<>#%=?|*^', repeat(' ', 18))
  )
$function$;
CREATE OR REPLACE FUNCTION descriptor.refresh(p_limit integer DEFAULT 500, OUT refreshed integer, OUT unchanged integer, OUT remaining bigint)
 RETURNS record
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
AS $function$
declare
  v_ids uuid[];
  v_renamed uuid[];
begin
  with taken as (
    select d.id
    from descriptor.dirty d
    order by d.id
    limit least(p_limit, 1000) -- each entity takes a lock, and the server has some thousands
    for update skip locked
  ),
  cleared as (
    delete from descriptor.dirty d
    using taken t
    where d.id = t.id
    returning d.juke_id
  )
  select coalesce(array_agg(distinct c.juke_id), '{}') into v_ids from cleared c;

  -- Two workers may hold marks of one entity: the second waits here, and so builds from what the first could not see.
  perform pg_advisory_xact_lock(hashtextextended(i.juke_id::text, 0))
  from (select unnest(v_ids) as juke_id order by 1) i;

  loop
    begin
      with built as materialized (
        select b.* from descriptor.build(v_ids) b
      ),
      gone as (
        delete from descriptor.document d
        where d.juke_id = any (v_ids) and not exists (select from built b where b.juke_id = d.juke_id)
      ),
      stale as (
        -- Nobody has seen another name of an entity that has its first version and no document yet.
        select b.*, d.name <> b.name or d.juke_id is null and e.version > 1 as is_renamed
        from built b
        join catalog.entity e on e.juke_id = b.juke_id
        left join descriptor.document d on d.juke_id = b.juke_id
        where d.juke_id is null or d.checksum <> b.checksum or d.builder_version <> descriptor.builder_version()
      ),
      written as (
        insert into descriptor.document as d (juke_id, kind, name, tsv, checksum, builder_version)
        select s.juke_id, s.kind, s.name, s.tsv, s.checksum, descriptor.builder_version()
        from stale s
        order by s.juke_id
        on conflict (juke_id) do update
          set name = excluded.name, tsv = excluded.tsv, checksum = excluded.checksum,
            builder_version = excluded.builder_version, built_at = now()
        returning d.juke_id
      )
      select (select count(*) from written), (select count(*) from built) - (select count(*) from written),
        coalesce((select array_agg(s.juke_id) from stale s where s.is_renamed), '{}')
      into refreshed, unchanged, v_renamed;
      exit;
    exception when foreign_key_violation then
      -- An entity was removed between the build and the write: now it is seen to be gone.
    end;
  end loop;

  if v_renamed <> '{}' then
    perform descriptor.mark_dependents(v_renamed);
  end if;
  select count(*) into remaining
  from (select from descriptor.dirty d limit 1 for update skip locked) l;
end
$function$;
CREATE OR REPLACE FUNCTION descriptor.search(query text, kinds catalog.entity_kind[] DEFAULT NULL::catalog.entity_kind[], "limit" integer DEFAULT 20)
 RETURNS SETOF descriptor.hit
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER ROWS 20
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_query constant tsquery := descriptor.query_of(query);
  v_name constant text := lower(btrim(query));
begin
  if "limit" is null or "limit" not between 1 and 100 then
    raise exception 'limit is out of range: %', coalesce("limit"::text, 'null')
      using errcode = 'JB401', detail = 'One call gives 1 to 100 results.', hint = 'Ask for 1 to 100 results.';
  end if;
  return query
    select r.juke_id, r.kind, r.name, r.score
    from (
      select c.juke_id, c.kind, c.name,
        (ts_rank_cd('{.1,.2,.4,1}', c.tsv, v_query, 1 | 32) + case when c.is_name then 1 else 0 end)::real as score
      from (
        (
          select d.juke_id, d.kind, d.name, d.tsv, true as is_name
          from descriptor.document d
          where lower(d.name) = v_name and (kinds is null or d.kind = any (kinds))
          limit 1000
        )
        union all
        (
          select d.juke_id, d.kind, d.name, d.tsv, false
          from descriptor.document d
          where d.tsv @@ v_query and lower(d.name) <> v_name and (kinds is null or d.kind = any (kinds))
          limit 1000
        )
      ) c
    ) r
    order by r.score desc, r.juke_id
    limit "limit";
end
$function$;
CREATE OR REPLACE FUNCTION descriptor.tg_event__mark_dirty()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  insert into descriptor.dirty (juke_id)
  select n.juke_id from new_rows n;
  return null;
end
$function$;
CREATE OR REPLACE FUNCTION descriptor.tg_release_track__mark_dirty()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if tg_op <> 'DELETE' then
    insert into descriptor.dirty (juke_id)
    select coalesce(n.track_id, n.video_id) from new_rows n;
  end if;
  if tg_op <> 'INSERT' then
    insert into descriptor.dirty (juke_id)
    select coalesce(o.track_id, o.video_id) from old_rows o;
  end if;
  return null;
end
$function$;
CREATE OR REPLACE FUNCTION descriptor.words(p_text text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select translate(p_text, '/\.-_@:&~+<>#%=?|*^', repeat(' ', 19))
$function$;
CREATE OR REPLACE FUNCTION feed.ack(consumer text, cursor text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  v_consumer constant feed.consumer := feed.known_consumer(ack.consumer);
  v_new feed.place;
  v_old feed.place;
  v_is_further boolean;
begin
  if ack.cursor is null then
    raise exception 'not a feed cursor: null'
      using errcode = 'JB301', detail = 'What is acknowledged is everything up to a cursor.', hint = 'Pass the next_cursor of the last event that is done.';
  end if;
  v_new := feed.decode_cursor(ack.cursor);
  v_old := feed.decode_cursor(v_consumer.cursor, false); -- what it had read may be dropped since
  v_is_further := case
    when v_new.from_snapshot::text = v_old.from_snapshot::text and v_new.to_snapshot::text = v_old.to_snapshot::text
      then v_new.after_id >= v_old.after_id
    else feed.covers(v_new.from_snapshot, coalesce(v_old.to_snapshot, v_old.from_snapshot))
  end;
  if not v_is_further then
    raise exception 'consumer % is further already', ack.consumer
      using errcode = 'JB307', detail = format('It has acknowledged more, at %s.', v_consumer.acked_at),
        hint = 'Another session works for the same consumer: poll again. To go back on purpose: feed.reset.';
  end if;
  update feed.consumer c
  set cursor = ack.cursor, acked_at = clock_timestamp()
  where c.consumer = ack.consumer and c.cursor <> ack.cursor;
end
$function$;
CREATE OR REPLACE FUNCTION feed.add_consumer(consumer text, after text DEFAULT NULL::text)
 RETURNS feed.consumer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  v_consumer feed.consumer;
begin
  insert into feed.consumer (consumer, cursor)
  values (add_consumer.consumer, feed.encode_cursor(feed.decode_cursor(after)))
  on conflict (consumer) do nothing;
  select c.* into v_consumer from feed.consumer c where c.consumer = add_consumer.consumer;
  return v_consumer;
exception when check_violation or not_null_violation then
  raise exception 'not a name for a consumer: %', coalesce(left(add_consumer.consumer, 100), 'null')
    using errcode = 'JB306', detail = 'It is a lower-case word of at most 63 letters, digits and signs (_ . : -).',
      hint = 'Choose another name.';
end
$function$;
CREATE OR REPLACE FUNCTION feed.batch(p_from pg_snapshot, p_to pg_snapshot)
 RETURNS SETOF feed.event
 LANGUAGE sql
 STABLE
AS $function$
  select v.*
  from feed.event v
  where v.xid >= pg_snapshot_xmax(p_from)
    and v.xid < pg_snapshot_xmax(p_to)
    and pg_visible_in_snapshot(v.xid, p_to)
  union all
  select v.*
  from feed.event v
  where v.xid = any (array(select x.xid from pg_snapshot_xip(p_from) x (xid) where pg_visible_in_snapshot(x.xid, p_to)))
$function$;
CREATE OR REPLACE FUNCTION feed.begin_anew(p_kept feed.retention)
 RETURNS SETOF text
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_cluster constant bigint := (select c.system_identifier from pg_catalog.pg_control_system() c);
begin
  if p_kept.cluster <> v_cluster then
    truncate feed.event;
    update feed.retention r
    set cluster = v_cluster, drops = 0, dropped_xid = null, dropped_id = null, dropped_until = null, dropped_at = null;
    return next 'feed.event';
  end if;
end
$function$;
CREATE OR REPLACE FUNCTION feed.bootstrap(VARIADIC kinds catalog.entity_kind[] DEFAULT '{}'::catalog.entity_kind[])
 RETURNS TABLE(next_cursor text, kind catalog.entity_kind, juke_id uuid, version integer, state jsonb)
 LANGUAGE sql
 STABLE ROWS 1e+06
AS $function$
  with h as materialized (select feed.head() as cursor) -- once, and not for each row
  select h.cursor, e.kind, e.juke_id, e.version, e.state
  from h
  left join (
    select t.kind, s.juke_id, s.version, s.state
    from (
      select n.kind, array_agg(n.juke_id) as juke_ids
      from (
        select e.kind, e.juke_id, row_number() over (partition by e.kind order by e.juke_id) / 500 as chunk
        from catalog.entity e
        where e.status <> 'deleted' and (kinds = '{}' or e.kind = any (kinds))
      ) n
      group by n.kind, n.chunk
    ) t
    cross join lateral catalog.state(t.juke_ids) s
  ) e on true
$function$;
CREATE OR REPLACE FUNCTION feed.capture(p_changes feed.change[])
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
AS $function$
declare
  v_fresh int;
begin
  if coalesce(cardinality(p_changes), 0) = 0 then
    return;
  end if;
  -- For a few the plan is kept: to look them up, also when it was made while the tables were small. For many it is made anew, and
  -- knows how many they are. (What is set here ends with the function.)
  if cardinality(p_changes) > 10 then
    perform set_config('plan_cache_mode', 'force_custom_plan', true), set_config('enable_seqscan', 'on', true);
  end if;

  with change as materialized (
    select c.juke_id, array_agg(distinct a.name order by a.name) as changed
    from unnest(p_changes) c, unnest(c.changed) a (name)
    group by c.juke_id
  ),
  fresh as (
    -- Locked in id order, so that two batches that meet wait for each other instead of deadlocking.
    select e.juke_id, c.changed
    from change c
    join catalog.entity e on e.juke_id = c.juke_id
    where not exists (
      select from feed.event o where o.xid = pg_current_xact_id() and o.juke_id = c.juke_id and o.at = now()
    )
    order by e.juke_id
    for no key update of e
  ),
  bumped as (
    update catalog.entity e
    set version = e.version + 1, updated_at = now()
    from fresh f
    where e.juke_id = f.juke_id
    returning e.juke_id, e.kind, e.version, f.changed
  )
  insert into feed.event (kind, juke_id, op, version, changed, actor, delivery_id)
  select b.kind, b.juke_id, 'upsert', b.version, b.changed, o.actor, o.delivery_id
  from bumped b, feed.origin() o
  order by b.juke_id;

  get diagnostics v_fresh = row_count;
  if v_fresh = cardinality(p_changes) then
    return; -- each is the first of its entity: there is no event to widen
  end if;

  with change as (
    select c.juke_id, array_agg(distinct a.name) as changed
    from unnest(p_changes) c, unnest(c.changed) a (name)
    group by c.juke_id
  )
  update feed.event o
  set changed = array(select distinct n from unnest(o.changed || c.changed) n order by n)
  from change c
  where o.xid = pg_current_xact_id()
    and o.juke_id = c.juke_id
    and o.at = now()
    and not o.changed @> c.changed; -- null (a new entity) stays null
end
$function$;
CREATE OR REPLACE FUNCTION feed.catalog_name()
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
  select concat(c.system_identifier, '.', d.oid)
  from pg_catalog.pg_control_system() c, pg_catalog.pg_database d
  where d.datname = current_database()
$function$;
CREATE OR REPLACE FUNCTION feed.check_limit("limit" integer)
 RETURNS void
 LANGUAGE plpgsql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if "limit" is null or "limit" not between 1 and 10000 then
    raise exception 'limit is out of range: %', coalesce("limit"::text, 'null')
      using errcode = 'JB304', detail = 'A page of the feed has 1 to 10,000 events.', hint = 'Ask for 1 to 10,000 events.';
  end if;
end
$function$;
CREATE OR REPLACE FUNCTION feed.covers(p_later pg_snapshot, p_earlier pg_snapshot)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select pg_snapshot_xmax(p_later) >= pg_snapshot_xmax(p_earlier)
    and not exists (
      select from pg_snapshot_xip(p_later) x (xid) where pg_visible_in_snapshot(x.xid, p_earlier)
    )
$function$;
CREATE OR REPLACE FUNCTION feed.current_snapshot()
 RETURNS pg_snapshot
 LANGUAGE sql
 STABLE
AS $function$
  select case
    when pg_current_xact_id_if_assigned() < pg_snapshot_xmax(s.now) then format(
      '%s:%s:%s',
      least(pg_snapshot_xmin(s.now), pg_current_xact_id_if_assigned()),
      pg_snapshot_xmax(s.now),
      (
        select string_agg(x.xid::text, ',' order by x.xid)
        from (select pg_snapshot_xip(s.now) union select pg_current_xact_id_if_assigned()) x (xid)
      )
    )::pg_snapshot
    else s.now
  end
  from (select pg_current_snapshot() as now) s
$function$;
CREATE OR REPLACE FUNCTION feed.decode_cursor(p_cursor text, p_kept boolean DEFAULT true)
 RETURNS feed.place
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_parts constant text[] := regexp_match(
    p_cursor,
    '^(([0-9]{1,20}[.][0-9]{1,10})/(?:o([0-9]{1,9})|([0-9]+:[0-9]+:[0-9,]*))/(?:([0-9]+:[0-9]+:[0-9,]*)/)?([0-9]{1,20})/([0-9]{1,19})(?:/([0-9]{1,19}))?)/[0-9a-f]{8}$');
  v_retention feed.retention;
  v_place feed.place;
  v_is_lost boolean;
begin
  perform feed.refuse_unreadable();
  select r.* into v_retention from feed.retention r;
  if p_cursor is null then
    return row ('3:3:', null, '3', 0, null, v_retention.drops)::feed.place; -- 3 is the first transaction of any cluster
  end if;

  if v_parts is null or (v_parts[5] is null) <> (v_parts[8] is null) or feed.seal(v_parts[1]) <> p_cursor then
    raise exception 'not a feed cursor: %', left(p_cursor, 100)
      using errcode = 'JB301', detail = case when v_parts is null then 'It is not of that form.' else 'Its check sum is wrong.' end,
        hint = 'Pass back, unchanged, a cursor that the feed returned, or none to begin.';
  elsif v_parts[2] <> feed.catalog_name() then
    raise exception 'the cursor belongs to another database'
      using errcode = 'JB302', detail = format('It was issued by %s; this is %s (cluster and database).', v_parts[2], feed.catalog_name()),
        hint = 'Look whether this is the right server; after a restore, begin again from a full read of the catalog: feed.bootstrap, over HTTP GET /bootstrap.';
  end if;
  v_place.drops := v_parts[3]::int;
  v_place.from_snapshot := coalesce(v_parts[4], '3:3:')::pg_snapshot;
  v_place.to_snapshot := v_parts[5]::pg_snapshot;
  v_place.next_xid := v_parts[6]::xid8;
  v_place.last_id := v_parts[7]::bigint;
  v_place.after_id := v_parts[8]::bigint;
  begin
    -- Raises for a transaction that has not begun: the snapshot is one of this cluster before it was set back.
    perform pg_xact_status((pg_snapshot_xmax(coalesce(v_place.to_snapshot, v_place.from_snapshot))::text::numeric - 1)::text::xid8);
    if greatest(v_place.last_id, v_place.after_id) > (select s.last_value from feed.event_id_seq s) then
      raise invalid_parameter_value;
    end if;
  exception when invalid_parameter_value then
    raise exception 'the cursor is ahead of this database'
      using errcode = 'JB302', detail = 'It names transactions or events that have not begun here: the database was set back to an earlier moment.',
        hint = 'After a restore, begin again from a full read of the catalog: feed.bootstrap, over HTTP GET /bootstrap.';
  end;

  -- Whoever began at the oldest lost something when something was dropped since, that it had not come to.
  -- Whoever began at a snapshot has read what was dropped when the last transaction in it was finished then; within a batch, when its last event was read.
  v_is_lost := case
    when v_place.drops is not null
      then v_retention.drops > v_place.drops and v_retention.dropped_id > coalesce(v_place.after_id, 0)
    else v_retention.dropped_xid >= pg_snapshot_xmin(v_place.from_snapshot)
      and (
        v_place.to_snapshot is null
        or v_retention.dropped_xid >= pg_snapshot_xmin(v_place.to_snapshot)
        or v_retention.dropped_id > v_place.after_id
      )
  end;
  if p_kept and v_is_lost then
    raise exception 'the cursor has expired'
      using errcode = 'JB305',
        detail = format('Events that follow it were dropped at %s: they are kept for %s.', v_retention.dropped_at, v_retention.keep),
        hint = 'Begin again from a full read of the catalog: feed.bootstrap, over HTTP GET /bootstrap.';
  end if;
  return v_place;
exception when invalid_text_representation or numeric_value_out_of_range then
  raise exception 'not a feed cursor: %', left(p_cursor, 100)
    using errcode = 'JB301', detail = 'A number in it is out of range.',
      hint = 'Pass back, unchanged, a cursor that the feed returned, or none to begin.';
end
$function$;
CREATE OR REPLACE FUNCTION feed.drop_expired()
 RETURNS TABLE(done text, partition text)
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  v_old record;
  v_xid xid8;
  v_id bigint;
begin
  for v_old in
    select p.partition, p.until
    from feed.partitions() p, feed.retention r
    where p.until <= now() - r.keep
    order by p.until
  loop
    partition := v_old.partition::text;
    begin
      -- Nobody writes there but a transaction that is older still; then look what there is, before readers are kept out.
      execute format('lock table %s in share mode', v_old.partition);
      execute format('select max(v.xid), max(v.id) from %s v', v_old.partition) into v_xid, v_id;
      if v_xid >= pg_snapshot_xmin(pg_current_snapshot()) then
        done := 'postponed';
      else
        execute format('drop table %s', v_old.partition);
        update feed.retention r
        set drops = r.drops + (v_xid is not null)::int, -- of an empty one nobody misses anything
          dropped_xid = greatest(r.dropped_xid, v_xid), dropped_id = greatest(r.dropped_id, v_id),
          dropped_until = greatest(r.dropped_until, v_old.until), dropped_at = clock_timestamp();
        done := 'dropped';
      end if;
    exception when lock_not_available then
      done := 'postponed'; -- the next run tries again
    end;
    return next;
    exit when done = 'postponed';
  end loop;
end
$function$;
CREATE OR REPLACE FUNCTION feed.encode_cursor(p_place feed.place)
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
  select feed.seal(concat_ws(
    '/', feed.catalog_name(), coalesce('o' || p_place.drops, p_place.from_snapshot::text),
    p_place.to_snapshot, p_place.next_xid, p_place.last_id, p_place.after_id
  ))
$function$;
CREATE OR REPLACE FUNCTION feed.file_default()
 RETURNS TABLE(done text, partition text)
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  v_last constant timestamptz := (select max(p.until) from feed.partitions() p);
  v_oldest timestamptz;
  v_newest timestamptz;
  v_has_early boolean;
  v_since timestamptz;
  v_until timestamptz;
begin
  if not exists (select from feed.event_default v where v_last is null or v.at >= v_last) then
    return;
  end if;
  begin
    lock table feed.event in access exclusive mode;
    select min(v.at) filter (where v_last is null or v.at >= v_last), max(v.at), coalesce(bool_or(v.at < v_last), false)
    into v_oldest, v_newest, v_has_early
    from feed.event_default v;
    v_since := coalesce(v_last, date_trunc('day', v_oldest, 'UTC'));
    v_until := date_trunc('day', greatest(v_newest, now()), 'UTC') + interval '1 day';
    partition := 'feed.' || feed.partition_name(v_since);
    execute format('alter table feed.event_default rename to %I', feed.partition_name(v_since));
    execute format('alter table feed.event detach partition %s', partition);
    create table feed.event_default (like feed.event including defaults including constraints);
    alter table feed.event attach partition feed.event_default default;
    if v_has_early then
      execute format(
        'with early as (delete from %s v where v.at < $1 returning v.*)
         insert into feed.event overriding system value select * from early', partition)
      using v_since;
    end if;
    execute format('alter table feed.event attach partition %s for values from (%L) to (%L)', partition, v_since, v_until);
    done := 'filed';
  exception when lock_not_available then
    partition := 'feed.event_default';
    done := 'postponed';
  end;
  return next;
end
$function$;
CREATE OR REPLACE FUNCTION feed.head()
 RETURNS text
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform feed.refuse_unreadable();
  return feed.encode_cursor(feed.here());
end
$function$;
CREATE OR REPLACE FUNCTION feed.here()
 RETURNS feed.place
 LANGUAGE sql
 STABLE
AS $function$
  select row (
    s.now, null, feed.next_xid(pg_snapshot_xmax(s.now)),
    coalesce((select v.id from feed.event v order by v.id desc limit 1), 0), null, null
  )::feed.place
  from (select feed.current_snapshot() as now) s
$function$;
CREATE OR REPLACE FUNCTION feed.known_consumer(p_consumer text)
 RETURNS feed.consumer
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_consumer feed.consumer;
begin
  perform pg_advisory_xact_lock(hashtextextended('jukebase feed.consumer ' || p_consumer, 0));
  -- A statement of its own, after the lock: it sees what the session that held it has committed.
  select c.* into v_consumer from feed.consumer c where c.consumer = p_consumer;
  if not found then
    raise exception 'no consumer %', coalesce(p_consumer, 'null')
      using errcode = 'JB306', detail = 'No consumer of the feed has this name.', hint = 'Add it: feed.add_consumer; feed.lag() shows those there are.';
  end if;
  return v_consumer;
end
$function$;
CREATE OR REPLACE FUNCTION feed.lag(p_consumer text DEFAULT NULL::text)
 RETURNS TABLE(consumer text, paused boolean, events bigint, seconds double precision, acked_at timestamp with time zone, problem text)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER ROWS 10
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
#variable_conflict use_column
declare
  v_now constant pg_snapshot := feed.current_snapshot();
  v_consumer feed.consumer;
  v_place feed.place;
begin
  perform feed.refuse_unreadable();
  for v_consumer in
    select c.* from feed.consumer c where p_consumer is null or c.consumer = p_consumer order by c.consumer
  loop
    consumer := v_consumer.consumer;
    paused := v_consumer.paused;
    acked_at := v_consumer.acked_at;
    events := null;
    seconds := null;
    problem := null;
    begin
      v_place := feed.decode_cursor(v_consumer.cursor);
      select count(*), coalesce(extract(epoch from clock_timestamp() - min(b.at)), 0)
      into events, seconds
      from feed.batch(v_place.from_snapshot, v_now) b
      where v_place.to_snapshot is null
        or b.id > v_place.after_id
        or not pg_visible_in_snapshot(b.xid, v_place.to_snapshot);
    exception when sqlstate 'JB301' or sqlstate 'JB302' or sqlstate 'JB305' then
      problem := format('%s: %s', sqlstate, sqlerrm);
    end;
    return next;
  end loop;
  if p_consumer is not null and not found then
    raise exception 'no consumer %', p_consumer
      using errcode = 'JB306', detail = 'No consumer of the feed has this name.', hint = 'feed.lag() shows those there are.';
  end if;
end
$function$;
CREATE OR REPLACE FUNCTION feed.maintain(patience interval DEFAULT '00:00:00.2'::interval)
 RETURNS TABLE(done text, partition text)
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET lock_timeout TO '200ms'
AS $function$
declare
  v_kept feed.retention;
begin
  perform identity.require_read_committed();
  perform set_config('lock_timeout', greatest(1, (1000 * extract(epoch from patience))::int)::text, true); -- until this function ends
  select r.* into v_kept from feed.retention r for update skip locked;
  if not found then
    return; -- another session does it
  end if;
  begin
    return query select 'emptied', t from feed.begin_anew(v_kept) t;
  exception when lock_not_available then
    return query select 'postponed', 'feed.event';
    return;
  end;
  return query select f.done, f.partition from feed.file_default() f;
  return query select f.done, f.partition from feed.make_ahead(v_kept.width) f;
  return query select f.done, f.partition from feed.drop_expired() f;
end
$function$;
CREATE OR REPLACE FUNCTION feed.make_ahead(p_width interval)
 RETURNS TABLE(done text, partition text)
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  v_since timestamptz := coalesce(
    (select max(p.until) from feed.partitions() p), date_trunc('day', now(), 'UTC'));
begin
  while v_since < now() + p_width loop
    partition := 'feed.' || feed.partition_name(v_since);
    done := 'made';
    begin
      if v_since <= clock_timestamp() then
        -- Writers use the default partition: one that has chosen it already would be refused by it.
        lock table feed.event in access exclusive mode;
      end if;
      perform feed.make_partition(v_since, v_since + p_width);
    exception when lock_not_available or check_violation then
      done := 'postponed'; -- a reader of the default partition is in its way, or an event came that is to be filed first
    end;
    return next;
    exit when done = 'postponed';
    v_since := v_since + p_width;
  end loop;
end
$function$;
CREATE OR REPLACE FUNCTION feed.make_partition(p_since timestamp with time zone, p_until timestamp with time zone)
 RETURNS text
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_name constant text := feed.partition_name(p_since);
begin
  execute format('create table feed.%I (like feed.event including defaults including constraints)', v_name);
  execute format('alter table feed.event attach partition feed.%I for values from (%L) to (%L)', v_name, p_since, p_until);
  return 'feed.' || v_name;
end
$function$;
CREATE OR REPLACE FUNCTION feed.mark(p_juke_ids uuid[], p_op feed.op)
 RETURNS void
 LANGUAGE sql
AS $function$
  update feed.event v
  set op = p_op
  where v.xid = pg_current_xact_id() and v.at = now() and v.juke_id = any (p_juke_ids)
$function$;
CREATE OR REPLACE FUNCTION feed.next_xid(p_from xid8)
 RETURNS xid8
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_xid numeric := p_from::text::numeric;
  v_step int := 8;
begin
  loop
    perform pg_xact_status(v_xid::text::xid8); -- raises for one that has not begun
    v_xid := v_xid + v_step;
    v_step := v_step * 4;
  end loop;
exception when invalid_parameter_value then
  return v_xid::text::xid8;
end
$function$;
CREATE OR REPLACE FUNCTION feed.origin(OUT actor text, OUT delivery_id bigint)
 RETURNS record
 LANGUAGE sql
 STABLE
AS $function$
  select
    case when o.edit is not null or o.delivery is null or current_setting('jukebase.actor', true) <> '' then identity.actor() end,
    coalesce(o.edit, o.delivery)::bigint
  from (
    select nullif(current_setting('jukebase.edit', true), '') as edit, nullif(current_setting('jukebase.delivery', true), '') as delivery
  ) o
$function$;
CREATE OR REPLACE FUNCTION feed.page(p_place feed.place, p_to pg_snapshot, p_limit integer, p_kinds catalog.entity_kind[])
 RETURNS SETOF feed.event
 LANGUAGE plpgsql
 STABLE ROWS 100
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
begin
  if p_place.after_id is null then
    return query
      select b.*
      from (
        (
          select v.*
          from feed.event v
          where v.id > p_place.last_id
            and pg_visible_in_snapshot(v.xid, p_to)
            and not pg_visible_in_snapshot(v.xid, p_place.from_snapshot)
            and (p_kinds is null or v.kind = any (p_kinds))
          order by v.id
          limit p_limit
        )
        union all
        select v.*
        from (
          select v.*
          from feed.event v
          where v.xid = any (array(
            select x.xid from pg_snapshot_xip(p_place.from_snapshot) x (xid) where pg_visible_in_snapshot(x.xid, p_to)
          ))
          union all
          select v.*
          from feed.event v
          where v.xid >= pg_snapshot_xmax(p_place.from_snapshot) and v.xid < p_place.next_xid
          offset 0 -- by transaction: a plan that goes by the id would read the whole feed
        ) v
        where v.id <= p_place.last_id
          and pg_visible_in_snapshot(v.xid, p_to)
          and (p_kinds is null or v.kind = any (p_kinds))
      ) b
      order by b.id
      limit p_limit;
  else
    return query
      select v.*
      from feed.event v
      where v.id > p_place.after_id
        and pg_visible_in_snapshot(v.xid, p_to)
        and not pg_visible_in_snapshot(v.xid, p_place.from_snapshot)
        and (p_kinds is null or v.kind = any (p_kinds))
      order by v.id
      limit p_limit;
  end if;
end
$function$;
CREATE OR REPLACE FUNCTION feed.partition_name(p_since timestamp with time zone)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select to_char(p_since at time zone 'UTC', '"event_"YYYYMMDD"t"HH24MI')
$function$;
CREATE OR REPLACE FUNCTION feed.partitions()
 RETURNS TABLE(partition regclass, since timestamp with time zone, until timestamp with time zone)
 LANGUAGE sql
 STABLE ROWS 10
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select c.oid::regclass, b.bounds[1]::timestamptz, b.bounds[2]::timestamptz
  from pg_catalog.pg_inherits i
  join pg_catalog.pg_class c on c.oid = i.inhrelid
  cross join lateral regexp_match(
    pg_get_expr(c.relpartbound, c.oid), '^FOR VALUES FROM \(''(.+)''\) TO \(''(.+)''\)$'
  ) b (bounds)
  where i.inhparent = 'feed.event'::regclass and b.bounds is not null
  order by 2
$function$;
CREATE OR REPLACE FUNCTION feed.pause(consumer text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
#variable_conflict use_column
begin
  perform feed.known_consumer(pause.consumer);
  update feed.consumer c set paused = true where c.consumer = pause.consumer;
end
$function$;
CREATE OR REPLACE FUNCTION feed.poll(consumer text, "limit" integer DEFAULT 100)
 RETURNS SETOF feed.update
 LANGUAGE plpgsql
 SECURITY DEFINER ROWS 100
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_consumer constant feed.consumer := feed.known_consumer(poll.consumer);
begin
  perform feed.check_limit("limit");
  if v_consumer.paused then
    return;
  end if;
  -- A statement of its own, after the lock: it sees what the session that held it has committed.
  return query select u.* from feed.updates(v_consumer.cursor, "limit") u;
end
$function$;
CREATE OR REPLACE FUNCTION feed.read(cursor text DEFAULT NULL::text, "limit" integer DEFAULT 100, kinds catalog.entity_kind[] DEFAULT NULL::catalog.entity_kind[], until text DEFAULT NULL::text)
 RETURNS TABLE(next_cursor text, updates feed.update[])
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER ROWS 1
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  v_place feed.place;
  v_to feed.place;
  v_now pg_snapshot;
  v_events feed.event[];
  v_within text; -- the cursor of an event within the batch, but for its id
begin
  perform feed.check_limit("limit");
  v_place := feed.decode_cursor(read.cursor);
  v_now := feed.current_snapshot();
  if until is not null then
    v_to := feed.decode_cursor(until);
    if v_to.to_snapshot is not null then
      raise exception 'not a moment of the feed: %', left(until, 100)
        using errcode = 'JB301', detail = 'It is a cursor within a batch.', hint = 'Pass what feed.head() returned.';
    end if;
  end if;
  if not feed.covers(v_now, coalesce(v_place.to_snapshot, v_to.from_snapshot, v_now)) then
    return query select read.cursor, '{}'::feed.update[]; -- at repeatable read: not all of the batch is to be seen yet
    return;
  end if;

  -- The rest of a batch that an earlier page began.
  if v_place.to_snapshot is not null then
    v_events := array(select p from feed.page(v_place, v_place.to_snapshot, "limit" + 1, kinds) p);
    if v_events = '{}' then
      v_place := row (v_place.to_snapshot, null, v_place.next_xid, v_place.last_id, null, null)::feed.place;
    end if;
  end if;
  if v_place.to_snapshot is null then
    if until is null and kinds is null then
      -- The last event of the batch takes the place of the last that is visible: a lower one is as right, and need not be looked for.
      v_to := row (v_now, null, feed.next_xid(pg_snapshot_xmax(v_now)), v_place.last_id, null, null)::feed.place;
    elsif until is null then
      v_to := feed.here();
    end if;
    if not feed.covers(v_to.from_snapshot, v_place.from_snapshot) or not feed.covers(v_now, v_to.from_snapshot) then
      return query select read.cursor, '{}'::feed.update[]; -- it is of a later moment
      return;
    end if;
    v_events := array(select p from feed.page(v_place, v_to.from_snapshot, "limit" + 1, kinds) p);
    v_place.to_snapshot := v_to.from_snapshot;
    v_place.next_xid := v_to.next_xid;
    v_place.last_id := v_to.last_id;
  end if;

  perform feed.refuse_dropped();
  if kinds is null and cardinality(v_events) <= "limit" then
    v_place.last_id := greatest(v_place.last_id, v_events[cardinality(v_events)].id);
  end if;

  next_cursor := feed.encode_cursor(row (v_place.to_snapshot, null, v_place.next_xid, v_place.last_id, null, null)::feed.place);
  v_within := concat_ws('/', split_part(next_cursor, '/', 1), coalesce('o' || v_place.drops, v_place.from_snapshot::text), v_place.to_snapshot, v_place.next_xid, v_place.last_id, '');
  updates := array(
    select row (
      case when e.nth = cardinality(v_events) then next_cursor else feed.seal(v_within || e.id) end,
      e.id, e.at, e.kind, e.juke_id, e.op, e.version, e.changed, e.actor, e.delivery_id
    )::feed.update
    from unnest(v_events) with ordinality e (
      id, xid, at, kind, juke_id, op, version, changed, actor, delivery_id, nth
    )
    where e.nth <= "limit"
    order by e.nth
  );
  if cardinality(v_events) > "limit" then
    next_cursor := updates["limit"].next_cursor;
  end if;
  return next;
end
$function$;
CREATE OR REPLACE FUNCTION feed.refuse_dropped()
 RETURNS void
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if exists (
    select from pg_catalog.pg_inherits i
    where i.inhparent = 'feed.event'::regclass and pg_relation_size(i.inhrelid) is null -- looks at what there is now
  )
  then
    raise exception 'events were dropped while they were read'
      using errcode = 'serialization_failure', detail = 'feed.maintain() has dropped what is older than the feed is kept.',
        hint = 'Read again, in a new transaction.';
  end if;
end
$function$;
CREATE OR REPLACE FUNCTION feed.refuse_unreadable()
 RETURNS void
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_cluster constant bigint := (select c.system_identifier from pg_catalog.pg_control_system() c);
  v_origin bigint;
begin
  if pg_is_in_recovery() then
    raise exception 'the feed cannot be read on a standby'
      using errcode = 'JB303', detail = 'A standby does not know which transactions are still running on the primary.',
        hint = 'Connect to the primary.';
  end if;
  select r.cluster into v_origin from feed.retention r;
  if v_origin <> v_cluster then
    raise exception 'the feed was restored from another database cluster'
      using errcode = 'JB302', detail = format('Its events are those of cluster %s; this is cluster %s.', v_origin, v_cluster),
        hint = 'Call feed.maintain(), which begins a new feed; consumers begin again from a full read: feed.bootstrap.';
  end if;
end
$function$;
CREATE OR REPLACE FUNCTION feed.remove_consumer(consumer text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
#variable_conflict use_column
begin
  perform feed.known_consumer(remove_consumer.consumer);
  delete from feed.consumer c where c.consumer = remove_consumer.consumer;
end
$function$;
CREATE OR REPLACE FUNCTION feed.reset(consumer text, cursor text DEFAULT NULL::text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
#variable_conflict use_column
begin
  perform feed.known_consumer(reset.consumer);
  update feed.consumer c
  set cursor = feed.encode_cursor(feed.decode_cursor(reset.cursor)), acked_at = null
  where c.consumer = reset.consumer;
end
$function$;
CREATE OR REPLACE FUNCTION feed.resume(consumer text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
#variable_conflict use_column
begin
  perform feed.known_consumer(resume.consumer);
  update feed.consumer c set paused = false where c.consumer = resume.consumer;
end
$function$;
CREATE OR REPLACE FUNCTION feed.seal(p_text text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select concat(p_text, '/', left(md5(p_text), 8))
$function$;
CREATE OR REPLACE FUNCTION feed.tg_captured__refuse_truncate()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  raise exception 'table %.% is not truncated', tg_table_schema, tg_table_name
    using errcode = 'JB110', detail = 'The change feed does not see a truncation.',
      hint = 'Delete the rows, or make a new database.';
end
$function$;
CREATE OR REPLACE FUNCTION feed.tg_entity__capture()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_changes feed.change[];
begin
  if tg_op = 'INSERT' then
    insert into feed.event (kind, juke_id, op, version, actor, delivery_id)
    select n.kind, n.juke_id, 'upsert', n.version, o.actor, o.delivery_id
    from new_rows n, feed.origin() o
    order by n.juke_id;

  elsif tg_op = 'UPDATE' then
    -- A version raised by feed.capture changes nothing else: its event is that function's.
    if not exists (
      select n.juke_id, n.display_name, n.mbid, n.kind, n.status, n.merged_into from new_rows n
      except all
      select o.juke_id, o.display_name, o.mbid, o.kind, o.status, o.merged_into from old_rows o
    ) then
      return null;
    end if;
    -- Planned anew each time: a plan that was made for one row would compare every row with every other.
    execute $sql$
      select array(
        select row (n.juke_id, d.changed)::feed.change
        from new_rows n
        join old_rows o on o.juke_id = n.juke_id
        cross join lateral (
          select array_remove(array[
            case when n.display_name is distinct from o.display_name then 'display_name' end,
            case when n.mbid is distinct from o.mbid then 'mbid' end,
            case when n.kind is distinct from o.kind then 'kind' end,
            case when n.status is distinct from o.status then 'status' end,
            case when n.merged_into is distinct from o.merged_into then 'merged_into' end
          ], null) as changed
        ) d
        where d.changed <> '{}'
      )
    $sql$ into v_changes;
    perform feed.capture(v_changes);
    if v_changes <> '{}' then
      if exists (select from unnest(v_changes) c where 'kind' = any (c.changed)) then
        raise exception 'an entity keeps its kind'
          using errcode = 'JB101',
            detail = (
              select format('%s is of kind %s, and would become one of kind %s.', n.juke_id, o.kind, n.kind)
              from new_rows n
              join old_rows o on o.juke_id = n.juke_id
              where n.kind <> o.kind
              order by n.juke_id
              limit 1
            ),
            hint = 'Make a new entity of the other kind, and merge or delete this one.';
      end if;
      execute $sql$
        update feed.event v
        set op = case n.status when 'merged' then 'merge' else 'delete' end::feed.op
        from new_rows n
        join old_rows o on o.juke_id = n.juke_id
        where (n.status, n.merged_into) is distinct from (o.status, o.merged_into) -- it may redirect elsewhere now
          and n.status <> 'active'
          and v.xid = pg_current_xact_id()
          and v.at = now()
          and v.juke_id = n.juke_id
      $sql$;
    end if;

  else
    update feed.event v
    set op = 'delete'
    from old_rows o
    where v.xid = pg_current_xact_id() and v.at = now() and v.juke_id = o.juke_id and v.changed is not null;
    -- What was born in this transaction (changed is null) was never seen outside: no trace of it remains.
    with born as (
      delete from feed.event v
      using old_rows o
      where v.xid = pg_current_xact_id() and v.at = now() and v.juke_id = o.juke_id and v.changed is null
    )
    insert into feed.event (kind, juke_id, op, version, changed, actor, delivery_id)
    select o.kind, o.juke_id, 'delete', o.version + 1, '{}', g.actor, g.delivery_id
    from old_rows o, feed.origin() g
    where not exists (
      select from feed.event v where v.xid = pg_current_xact_id() and v.at = now() and v.juke_id = o.juke_id
    )
    order by o.juke_id;
  end if;
  return null;
end
$function$;
CREATE OR REPLACE FUNCTION feed.tg_kind__capture()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_stray uuid;
  v_changes feed.change[];
begin
  if tg_op = 'INSERT' then
    select n.juke_id into v_stray
    from new_rows n
    join catalog.entity e on e.juke_id = n.juke_id
    where e.kind <> tg_table_name::catalog.entity_kind
    limit 1;
    if v_stray is not null then
      raise exception 'entity % is not of kind %', v_stray, tg_table_name
        using errcode = 'JB101',
          detail = format('catalog.entity has it as %s.', (select e.kind from catalog.entity e where e.juke_id = v_stray)),
          hint = format('Insert into catalog.%s only entities of that kind.', tg_table_name);
    end if;
    perform feed.capture(array(
      select row (n.juke_id, array[tg_table_name::text])::feed.change
      from new_rows n
      where not exists (
        select from feed.event v
        where v.xid = pg_current_xact_id() and v.at = now() and v.juke_id = n.juke_id and v.changed is null
        offset 0 -- by the key, one by one: see tg_part__capture
      )
    ));

  elsif tg_op = 'UPDATE' then
    -- One row is compared by a plan that is kept. More are not: a plan that was made for one row would compare every row with every other.
    if (select count(*) from new_rows) = 1 then
      v_changes := array(
        select row (w.juke_id, array(
          select d.key
          from jsonb_each(w.after) d
          where d.value is distinct from w.before -> d.key
          order by d.key
        ))::feed.change
        from (
          select n.juke_id, to_jsonb(n) as after, to_jsonb(o) as before
          from new_rows n, old_rows o
          where n.* is distinct from o.*
          offset 0
        ) w
      );
    else
      execute $sql$
        select array(
          select row (w.juke_id, array(
            select d.key
            from jsonb_each(w.after) d
            where d.value is distinct from w.before -> d.key
            order by d.key
          ))::feed.change
          from (
            select n.juke_id, to_jsonb(n) as after, to_jsonb(o) as before
            from new_rows n
            left join old_rows o on o.juke_id = n.juke_id
            where n.* is distinct from o.*
            offset 0 -- else a row is made JSON again for each of its columns
          ) w
        )
      $sql$ into v_changes;
    end if;
    if exists (select from unnest(v_changes) c where 'juke_id' = any (c.changed)) then
      raise exception 'a row of catalog.% stays its entity''s', tg_table_name
        using errcode = 'JB101', hint = 'Insert a row for the other entity.';
    end if;
    perform feed.capture(v_changes);

  else
    perform feed.capture(array(
      select row (o.juke_id, array[tg_table_name::text])::feed.change from old_rows o
    ));
  end if;
  return null;
end
$function$;
CREATE OR REPLACE FUNCTION feed.tg_part__capture()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_rows constant text := case tg_op
    when 'INSERT' then 'table new_rows'
    when 'DELETE' then 'table old_rows'
    else '(table new_rows except all table old_rows) union all (table old_rows except all table new_rows)'
  end;
  v_changes feed.change[];
begin
  -- A projection that finds everything right writes no rows, and a trigger of statements fires all the same.
  if tg_op = 'DELETE' then
    if not exists (select from old_rows) then
      return null;
    end if;
  elsif not exists (select from new_rows) then
    return null;
  end if;

  -- Parts of an entity that is new in this transaction are the bulk of a load: they end here.
  execute format($sql$
    select array_agg(row (p.juke_id, array[$1])::feed.change)
    from (select distinct r.%I as juke_id from (%s) r) p
    where not exists (
      select from feed.event v
      where v.xid = pg_current_xact_id() and v.at = now() and v.juke_id = p.juke_id
        and (v.changed is null or v.changed @> array[$1])
      offset 0 -- by the key, one by one: a join is planned without knowing how many rows this transaction has written
    )
  $sql$, tg_argv[0], v_rows)
  into v_changes
  using tg_argv[1];

  perform feed.capture(v_changes);
  return null;
end
$function$;
CREATE OR REPLACE FUNCTION feed.updates(cursor text DEFAULT NULL::text, "limit" integer DEFAULT 100, kinds catalog.entity_kind[] DEFAULT NULL::catalog.entity_kind[])
 RETURNS SETOF feed.update
 LANGUAGE sql
 STABLE SECURITY DEFINER ROWS 100
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select u.* from feed.read(cursor, "limit", kinds) r, unnest(r.updates) u
$function$;
CREATE OR REPLACE FUNCTION feed.updates_between(since timestamp with time zone, until timestamp with time zone DEFAULT NULL::timestamp with time zone, "limit" integer DEFAULT 100, cursor text DEFAULT NULL::text)
 RETURNS SETOF feed.update
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER ROWS 100
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  v_until constant timestamptz := coalesce(updates_between.until, 'infinity');
  v_retention feed.retention;
  v_place feed.place;
  v_catalog text;
  v_end text;
begin
  perform feed.refuse_unreadable();
  perform feed.check_limit("limit");
  if updates_between.since is null or v_until <= updates_between.since then
    raise exception 'no time lies between % and %', coalesce(updates_between.since::text, 'null'), v_until
      using errcode = 'JB308', detail = 'The window begins at since and ends before until.', hint = 'Pass a since that is before until.';
  end if;
  select r.* into v_retention from feed.retention r;
  if updates_between.since < v_retention.dropped_until then
    raise exception 'events since % are not kept any more', updates_between.since
      using errcode = 'JB305', detail = format('Those before %s were dropped.', v_retention.dropped_until),
        hint = format('Ask for a window that begins at %s or later.', v_retention.dropped_until);
  end if;

  if updates_between.cursor is null then
    v_place := feed.here();
    v_place := row (null, v_place.from_snapshot, v_place.next_xid, v_place.last_id, 0, null)::feed.place;
  else
    v_place := feed.decode_cursor(updates_between.cursor, false); -- the window has its own limit
    if v_place.to_snapshot is null then
      return; -- the last page had everything
    elsif not feed.covers(feed.current_snapshot(), v_place.to_snapshot) then
      raise exception 'the window was first read later than this transaction sees'
        using errcode = 'serialization_failure', detail = 'Its first page was read by another transaction, after this one took its snapshot.',
          hint = 'Read the next page in a new transaction, or at read committed.';
    end if;
  end if;
  v_end := feed.encode_cursor(row (v_place.to_snapshot, null, v_place.next_xid, v_place.last_id, null, null)::feed.place);
  v_catalog := split_part(v_end, '/', 1);

  return query
    select
      case when p.is_last and v_until = 'infinity' then v_end
        else feed.seal(concat_ws('/', v_catalog, 'o' || v_retention.drops, v_place.to_snapshot, v_place.next_xid, v_place.last_id, p.id)) end,
      p.id, p.at, p.kind, p.juke_id, p.op, p.version, p.changed, p.actor, p.delivery_id
    from (
      select v.*, lead(v.id) over (order by v.id) is null as is_last, row_number() over (order by v.id) as nth
      from (
        select v.*
        from feed.event v
        where v.at >= updates_between.since and v.at < v_until
          and v.id > v_place.after_id
          and pg_visible_in_snapshot(v.xid, v_place.to_snapshot)
        order by v.id
        limit "limit" + 1
      ) v
    ) p
    where p.nth <= "limit"
    order by p.id;
  perform feed.refuse_dropped();
end
$function$;
CREATE OR REPLACE FUNCTION feed.updates_of(page jsonb)
 RETURNS SETOF feed.update
 LANGUAGE sql
 STABLE ROWS 100
AS $function$
  select u.* from jsonb_populate_recordset(null::feed.update, page) u
$function$;
CREATE OR REPLACE PROCEDURE feed.watch(INOUT seen pg_snapshot, IN p_for interval, IN p_every interval)
 LANGUAGE plpgsql
AS $procedure$
declare
  v_end constant timestamptz := pg_catalog.clock_timestamp() + p_for;
  v_every constant double precision := extract(epoch from p_every);
  v_now pg_snapshot;
begin
  loop
    v_now := pg_catalog.pg_current_snapshot();
    if seen is null
      or v_now::text <> seen::text and exists (select from feed.batch(seen, v_now))
    then
      perform pg_catalog.pg_notify('jukebase_feed', '');
    end if;
    seen := v_now;
    commit;
    exit when pg_catalog.clock_timestamp() >= v_end;
    perform pg_catalog.pg_sleep(v_every);
  end loop;
end
$procedure$;
CREATE OR REPLACE FUNCTION identity.actor()
 RETURNS text
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select coalesce(
    case current_setting('jukebase.actor', true)
      when '' then null
      when 'record' then '"record"'
      when 'jukebase' then '"jukebase"'
      else current_setting('jukebase.actor', true)
    end,
    session_user
  )
$function$;
CREATE OR REPLACE FUNCTION identity.adopt(p_juke_ids uuid[])
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  update identity.external_id x
  set record_id = catalog.manual_record(x.juke_id), method = 'manual'
  where x.juke_id = any (p_juke_ids) and x.record_id is null;
end
$function$;
CREATE OR REPLACE FUNCTION identity.arrival_claims(p_source text, p_arrivals ingest.arrival[])
 RETURNS SETOF identity.claim
 LANGUAGE sql
 STABLE PARALLEL SAFE ROWS 3000
AS $function$
  select distinct on (a.record_id, s.scheme, coalesce(c.value, v.raw))
    a.record_id, a.kind, p_source, s.scheme, s.rank, s.exclusivity,
    s.exclusivity in ('shared', 'unstable') or o.duplicate_free, c.value, v.raw
  from unnest(p_arrivals) a
  join ingest.source o on o.source = p_source
  cross join lateral jsonb_each(nullif(a.said -> 'ids', 'null')) i (scheme, listed)
  join identity.scheme s on s.scheme = i.scheme and s.scheme <> 'juke_id' and a.kind = any (s.kinds)
  cross join lateral (
    select i.listed #>> '{}' where jsonb_typeof(i.listed) <> 'array'
    union all
    select jsonb_array_elements_text(i.listed) where jsonb_typeof(i.listed) = 'array'
  ) v (raw)
  cross join lateral (select identity.claimed(s.scheme, v.raw, a.kind, s.kinds) offset 0) c (value)
  where v.raw is not null
  order by a.record_id, s.scheme, coalesce(c.value, v.raw)
$function$;
CREATE OR REPLACE FUNCTION identity.bare_readings(p_text text)
 RETURNS SETOF identity.reading
 LANGUAGE sql
 STABLE PARALLEL SAFE ROWS 3
AS $function$
  with given as materialized (
    select g.plain,
      identity.domains(lower(substring(g.plain from '^[Hh][Tt][Tt][Pp][Ss]?://(?:[^@/?#]*@)?([^/:?#]+)'))) as domains
    from (
      select btrim(
        case
          when octet_length(p_text) = length(p_text) then left(p_text, 4000)
          -- Dashes and spaces as web pages and word processors write them; nothing without a width.
          else translate(
            normalize(left(p_text, 4000), nfkc), U&'\2010\2011\2012\2013\2014\2015\2212\00AD\200B\200C\200D\FEFF', '-------'
          )
        end,
        E' \t\r\n'
      ) as plain
    ) g
  ),
  reading as (
    select distinct on (h.scheme) s.rank, h.scheme, c.value, h.confidence, h.why, g.plain
    from given g
    -- CASE, because the length must be looked at first: a session keeps no more than 32 compiled expressions.
    join identity.shape h on case when length(g.plain) between h.shortest and h.longest then g.plain ~ h.pattern end
    join identity.scheme s on s.scheme = h.scheme
    cross join lateral identity.canonical(h.scheme, g.plain) c (value)
    where c.value is not null
      and not exists (select from identity.url_pattern p where p.domain = any (g.domains))
    order by h.scheme, h.confidence desc
  )
  select r.scheme, r.value, identity.named_kinds(r.scheme, r.plain), r.confidence, r.why
  from reading r
  order by r.confidence desc, r.rank
$function$;
CREATE OR REPLACE FUNCTION identity.canonical(p_scheme text, p_value text)
 RETURNS text
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_value text := btrim(p_value, E' \t\r\n\u00a0\u200b\ufeff');
  v_reference identity.reference;
begin
  if octet_length(v_value) > 8000 then
    return null; -- longer than any id in any writing
  elsif strpos(v_value, '://') > 0 and p_scheme not in ('bandcamp', 'feed_url', 'episode_guid', 'genre', 'handle') then
    v_reference := identity.parse_url(v_value);
    if v_reference.scheme = p_scheme then
      return v_reference.value;
    end if;
  end if;

  v_value := case p_scheme
    when 'mbid' then identity.canonical_uuid(v_value)
    when 'isrc' then identity.canonical_isrc(v_value)
    when 'spotify' then identity.canonical_spotify(v_value)
    when 'gtin' then identity.canonical_gtin(v_value)
    when 'iswc' then identity.canonical_iswc(v_value)
    when 'isni' then identity.canonical_isni(v_value)
    when 'ipi' then identity.canonical_ipi(v_value)
    when 'genre' then nullif(identity.slug(v_value), '')
    when 'discogs' then substring(v_value from '^\[?[almrALMR]?=?([1-9][0-9]{0,19})\]?$')
    when 'wikidata' then substring(upper(v_value collate "C") from '^Q[1-9][0-9]{0,11}$')
    when 'apple_music' then substring(v_value from '^(?:id)?([1-9][0-9]{0,19})$')
    when 'deezer' then substring(v_value from '^[1-9][0-9]{0,19}$')
    when 'tidal' then substring(v_value from '^[1-9][0-9]{0,19}$')
    when 'youtube' then substring(v_value from '^(?:UC[0-9A-Za-z_-]{22}|[0-9A-Za-z_-]{11})$')
    when 'bandcamp' then identity.canonical_bandcamp(v_value)
    when 'isbn' then identity.canonical_isbn(v_value)
    when 'asin' then identity.canonical_asin(v_value)
    when 'podcast_guid' then identity.canonical_uuid(v_value)
    when 'feed_url' then identity.canonical_feed_url(v_value)
    when 'episode_guid' then nullif(v_value, '')
    when 'viaf' then substring(v_value from '^[1-9][0-9](?:[0-9]{0,7}|[0-9]{17,20})$')
    when 'openlibrary' then substring(upper(v_value collate "C") from '^(?:/?(?:AUTHORS|BOOKS|WORKS)/)?(OL[1-9][0-9]{0,11}[AMW])$')
    when 'ipi_base' then identity.canonical_ipi_base(v_value)
    when 'grid' then identity.canonical_grid(v_value)
    when 'dpid' then identity.canonical_dpid(v_value)
    when 'issn' then identity.canonical_issn(v_value)
    when 'ismn' then identity.canonical_ismn(v_value)
    when 'acoustid' then identity.canonical_uuid(v_value)
    when 'juke_id' then identity.canonical_uuid(v_value)
    when 'handle' then nullif(identity.slug(v_value), '')
    else identity.canonical_other(p_scheme, v_value)
  end;
  return case when octet_length(v_value) <= 2000 then v_value end; -- what an index key holds
end
$function$;
CREATE OR REPLACE FUNCTION identity.canonical_asin(p_value text)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_asin constant text := upper(p_value collate "C");
begin
  return case
    when v_asin ~ '^B[0-9][0-9A-Z]{8}$' then v_asin
    when v_asin ~ '^[0-9]{9}[0-9X]$' and identity.canonical_isbn(v_asin) is not null then v_asin
  end;
end
$function$;
CREATE OR REPLACE FUNCTION identity.canonical_bandcamp(p_value text)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_address constant text := substring(regexp_replace(p_value, '^[Hh][Tt][Tt][Pp][Ss]?://', '') from '^[^?#]*');
  v_host constant text := lower(split_part(v_address, '/', 1) collate "C");
  v_path constant text := rtrim(substr(v_address, length(v_host) + 1), '/');
begin
  return case
    when v_host !~ '^[a-z0-9-]+[.]bandcamp[.]com$' or split_part(v_host, '.', 1) in ('www', 'daily', 'get', 'blog', 'support')
    then null
    when v_path in ('', '/music') then 'https://' || v_host
    when v_path ~ '^/(?:album|track)/[^/[:space:]]+$' then 'https://' || v_host || v_path
  end;
end
$function$;
CREATE OR REPLACE FUNCTION identity.canonical_dpid(p_value text)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_dpid constant text := identity.compact(p_value);
begin
  return case when v_dpid ~ '^PADPIDA[0-9]{10}[0-9A-Z]$' and identity.check_mod_37_36(v_dpid) then v_dpid end;
end
$function$;
CREATE OR REPLACE FUNCTION identity.canonical_feed_url(p_value text)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_protocol constant text := lower(split_part(p_value, '://', 1));
  v_address constant text := split_part(substr(p_value, length(v_protocol) + 4), '#', 1);
  v_authority constant text := substring(v_address from '^[^/?]*');
  v_host constant text := regexp_replace(lower(regexp_replace(v_authority, '^.*@', '')), ':0*(?:80|443)?$', '');
begin
  return case
    when v_protocol in (
        'https', 'http', 'feed', 'itpc', 'pcast', 'podcast',
        'feed:https', 'feed:http', 'itpc:http', 'pcast:http', 'podcast:https', 'podcast:http'
      )
      and v_host ~ '^(?:[^][[:space:]:]+|\[[0-9a-f:.]+\])(?::[0-9]+)?$'
      and v_address !~ '[[:space:]]'
    then 'https://' || v_host || rtrim(substr(v_address, length(v_authority) + 1), '/')
  end;
end
$function$;
CREATE OR REPLACE FUNCTION identity.canonical_grid(p_value text)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_grid constant text := regexp_replace(identity.compact(p_value), '^GRID:', '');
begin
  return case when v_grid ~ '^A1[0-9A-Z]{16}$' and identity.check_mod_37_36(v_grid) then v_grid end;
end
$function$;
CREATE OR REPLACE FUNCTION identity.canonical_gtin(p_value text)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_digits constant text := identity.compact(p_value);
  v_number bigint;
begin
  if v_digits !~ '^[0-9]+$' or length(v_digits) not in (8, 11, 12, 13, 14) then
    return null;
  end if;
  v_number := v_digits::bigint;
  return case
    when v_number > 0 and (
      v_number % 10 + v_number / 100 % 10 + v_number / 10000 % 10 + v_number / 1000000 % 10
      + v_number / 100000000 % 10 + v_number / 10000000000 % 10 + v_number / 1000000000000 % 10
      + 3 * (
        v_number / 10 % 10 + v_number / 1000 % 10 + v_number / 100000 % 10 + v_number / 10000000 % 10
        + v_number / 1000000000 % 10 + v_number / 100000000000 % 10 + v_number / 10000000000000
      )
    ) % 10 = 0
    then lpad(v_digits, 14, '0')
  end;
end
$function$;
CREATE OR REPLACE FUNCTION identity.canonical_ipi(p_value text)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_ipi constant text := identity.compact(p_value);
  v_number bigint;
begin
  if v_ipi !~ '^[0-9]{1,11}$' then
    return null;
  end if;
  v_number := v_ipi::bigint;
  return case
    when v_number > 0 and (101 - (
      10 * (v_number / 10000000000) + 9 * (v_number / 1000000000 % 10) + 8 * (v_number / 100000000 % 10)
      + 7 * (v_number / 10000000 % 10) + 6 * (v_number / 1000000 % 10) + 5 * (v_number / 100000 % 10)
      + 4 * (v_number / 10000 % 10) + 3 * (v_number / 1000 % 10) + 2 * (v_number / 100 % 10)
    ) % 101) % 101 % 100 = v_number % 100
    then lpad(v_ipi, 11, '0')
  end;
end
$function$;
CREATE OR REPLACE FUNCTION identity.canonical_ipi_base(p_value text)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_ipi constant text := identity.compact(p_value);
  v_number bigint;
begin
  if v_ipi ~ '^I[0-9]{10}$' then
    v_number := substr(v_ipi, 2)::bigint;
  end if;
  return case when identity.check_cisac_digit(v_number, 2) then v_ipi end;
end
$function$;
CREATE OR REPLACE FUNCTION identity.canonical_isbn(p_value text)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_isbn constant text := identity.compact(p_value);
  v_number bigint;
begin
  if v_isbn ~ '^97(8[0-9]|9[1-9])[0-9]{9}$' then
    return substr(identity.canonical_gtin(v_isbn), 2);
  elsif v_isbn !~ '^[0-9]{9}[0-9X]$' then
    return null;
  end if;
  v_number := left(v_isbn, 9)::bigint;
  if (
    10 * (v_number / 100000000) + 9 * (v_number / 10000000 % 10) + 8 * (v_number / 1000000 % 10)
    + 7 * (v_number / 100000 % 10) + 6 * (v_number / 10000 % 10) + 5 * (v_number / 1000 % 10)
    + 4 * (v_number / 100 % 10) + 3 * (v_number / 10 % 10) + 2 * (v_number % 10)
    + strpos('0123456789X', right(v_isbn, 1)) - 1
  ) % 11 <> 0 then
    return null;
  end if;
  -- 38 is what the digits of 978 add up to under the weights 1 and 3.
  return '978' || left(v_isbn, 9) || (10 - (
    38 + v_number / 10000000 % 10 + v_number / 100000 % 10 + v_number / 1000 % 10 + v_number / 10 % 10
    + 3 * (
      v_number / 100000000 + v_number / 1000000 % 10 + v_number / 10000 % 10 + v_number / 100 % 10 + v_number % 10
    )
  ) % 10) % 10;
end
$function$;
CREATE OR REPLACE FUNCTION identity.canonical_ismn(p_value text)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_ismn constant text := regexp_replace(identity.compact(p_value), '^M', '9790');
begin
  return case when v_ismn ~ '^9790[0-9]{9}$' then substr(identity.canonical_gtin(v_ismn), 2) end;
end
$function$;
CREATE OR REPLACE FUNCTION identity.canonical_isni(p_value text)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_isni constant text := identity.compact(p_value);
  v_number bigint;
begin
  if v_isni !~ '^[0-9]{15}[0-9X]$' then
    return null;
  end if;
  v_number := left(v_isni, 15)::bigint;
  return case
    when v_number > 0 and (
      strpos('0123456789X', right(v_isni, 1)) - 1
      + 2 * (v_number % 10 + v_number / 10000000000 % 10)
      + 4 * (v_number / 10 % 10 + v_number / 100000000000 % 10)
      + 8 * (v_number / 100 % 10 + v_number / 1000000000000 % 10)
      + 5 * (v_number / 1000 % 10 + v_number / 10000000000000 % 10)
      + 10 * (v_number / 10000 % 10 + v_number / 100000000000000)
      + 9 * (v_number / 100000 % 10) + 7 * (v_number / 1000000 % 10) + 3 * (v_number / 10000000 % 10)
      + 6 * (v_number / 100000000 % 10) + v_number / 1000000000 % 10
    ) % 11 = 1
    then v_isni
  end;
end
$function$;
CREATE OR REPLACE FUNCTION identity.canonical_isrc(p_value text)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_isrc constant text := identity.compact(p_value);
  v_prefixes constant text :=
    ' AD AE AF AG AI AL AM AN AO AQ AR AS AT AU AW AX AZ BA BB BC BD BE BF BG BH BI BJ BK BL BM BN BO BP BQ BR BS BT BU'
    ' BV BW BX BY BZ CA CB CC CD CF CG CH CI CK CL CM CN CO CP CR CS CU CV CW CX CY CZ DD DE DG DJ DK DM DO DZ EC EE EG'
    ' EH ER ES ET FI FJ FK FM FO FR FX GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GX GY HK HM HN HR HT HU ID'
    ' IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KS KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC'
    ' MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG'
    ' PH PK PL PM PN PR PS PT PW PY QA QM QN QT QZ RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SU'
    ' SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TP TR TT TV TW TZ UA UG UK UM US UY UZ VA VC VE VG VI VN VU WF WS XK'
    ' YE YT YU ZA ZB ZM ZR ZW ZZ ';
begin
  return case
    when v_isrc ~ '^[A-Z]{2}[A-Z0-9]{3}[0-9]{7}$' and strpos(v_prefixes, ' ' || left(v_isrc, 2)) > 0 then v_isrc
  end;
end
$function$;
CREATE OR REPLACE FUNCTION identity.canonical_issn(p_value text)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_issn text := identity.compact(p_value);
  v_number bigint;
  v_check text;
begin
  if v_issn ~ '^977[0-9]{10}$' and identity.canonical_gtin(v_issn) is not null then
    v_issn := substr(v_issn, 4, 7);
  elsif v_issn !~ '^[0-9]{7}[0-9X]$' then
    return null;
  end if;
  v_number := left(v_issn, 7)::bigint;
  v_check := substr('0X987654321', 1 + (
    8 * (v_number / 1000000) + 7 * (v_number / 100000 % 10) + 6 * (v_number / 10000 % 10)
    + 5 * (v_number / 1000 % 10) + 4 * (v_number / 100 % 10) + 3 * (v_number / 10 % 10) + 2 * (v_number % 10)
  )::int % 11, 1);
  return case
    when v_number = 0 then null
    when length(v_issn) = 7 or right(v_issn, 1) = v_check then left(v_issn, 7) || v_check
  end;
end
$function$;
CREATE OR REPLACE FUNCTION identity.canonical_iswc(p_value text)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_iswc constant text := identity.compact(p_value);
  v_number bigint;
begin
  if v_iswc ~ '^T[0-9]{10}$' then
    v_number := substr(v_iswc, 2)::bigint;
  end if;
  return case when identity.check_cisac_digit(v_number, 1) then v_iswc end;
end
$function$;
CREATE OR REPLACE FUNCTION identity.canonical_other(p_scheme text, p_value text)
 RETURNS text
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  return (select p_value from identity.scheme s where s.scheme = p_scheme and p_value ~ s.pattern);
end
$function$;
CREATE OR REPLACE FUNCTION identity.canonical_spotify(p_value text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select case
    when p_value ~ '^[0-6][0-9A-Za-z]{21}$' then p_value
    when p_value ~ '^7[0-9A-Za-z]{21}$'
      and translate(
        p_value,
        'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ', 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
      ) collate "C" <= '7n42DGM5Tflk9n8mt7Fhc7'
    then p_value
  end
$function$;
CREATE OR REPLACE FUNCTION identity.canonical_uuid(p_value text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select case
    when p_value ~* '^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$'
    then nullif(p_value::uuid::text, '00000000-0000-0000-0000-000000000000')
  end
$function$;
CREATE OR REPLACE FUNCTION identity.check_cisac_digit(p_number bigint, p_start integer)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select (
    p_start + p_number / 1000000000 + 2 * (p_number / 100000000 % 10) + 3 * (p_number / 10000000 % 10)
    + 4 * (p_number / 1000000 % 10) + 5 * (p_number / 100000 % 10) + 6 * (p_number / 10000 % 10)
    + 7 * (p_number / 1000 % 10) + 8 * (p_number / 100 % 10) + 9 * (p_number / 10 % 10) + p_number % 10
  ) % 10 = 0
$function$;
CREATE OR REPLACE FUNCTION identity.check_kinds(p_juke_ids uuid[])
 RETURNS void
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_kinds text;
  v_special text;
begin
  select string_agg(format('%s is of kind %s', e.juke_id, e.kind), ', ' order by e.kind, e.juke_id) into v_kinds
  from catalog.entity e
  where e.juke_id = any (p_juke_ids)
  having count(distinct e.kind) > 1;
  if v_kinds is not null then
    raise exception 'entities of different kinds cannot be merged'
      using errcode = 'JB154', detail = left(v_kinds, 1000) || '.', hint = 'Relate them instead: a release to its album, say.';
  end if;

  v_special := identity.special_title(p_juke_ids);
  if v_special is not null then
    raise exception '% cannot be merged', v_special
      using errcode = 'JB155', detail = 'It stands for no one in particular (identity.special_entity).',
        hint = 'Correct the credits instead.';
  end if;
end
$function$;
CREATE OR REPLACE FUNCTION identity.check_merge(p_winner uuid, p_losers uuid[], p_expected catalog.entity_version[] DEFAULT NULL::catalog.entity_version[])
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_all constant uuid[] := p_losers || p_winner;
  v_merged uuid[];
  v_fact identity.link_fact;
begin
  if p_losers = '{}' then
    raise exception 'nothing to merge'
      using errcode = 'JB157', detail = 'No loser is named.', hint = 'Name the entities that are to become the winner.';
  elsif p_winner = any (p_losers) then
    raise exception 'an entity cannot be merged with itself'
      using errcode = 'JB153', detail = format('%s is the winner and among the losers.', p_winner),
        hint = 'Take it out of the losers.';
  end if;

  perform identity.seize(v_all, identity.member_keys(p_losers), p_expected);

  perform identity.check_kinds(v_all);

  -- What was ruled of an entity holds for the one it has become.
  v_merged := array(
    select e.juke_id from catalog.entity e where e.juke_id = any (v_all) or e.merged_into = any (v_all)
  );
  select f.* into v_fact
  from identity.link_fact f
  join catalog.entity a on a.juke_id = f.a_juke_id
  join catalog.entity b on b.juke_id = f.b_juke_id
  where f.verdict = 'cannot_link'
    and f.a_juke_id = any (v_merged)
    and f.b_juke_id = any (v_merged)
    and coalesce(a.merged_into, a.juke_id) <> coalesce(b.merged_into, b.juke_id)
  order by f.at
  limit 1;
  if found then
    raise exception 'these entities were ruled to be different'
      using errcode = 'JB156',
        detail = format('%s decided on %s that %s and %s are not the same%s.', v_fact.actor, v_fact.at::date,
          v_fact.a_juke_id, v_fact.b_juke_id, coalesce(': ' || v_fact.reason, '')),
        hint = case
          when v_fact.operation_id is null then 'If that was wrong, take it back: identity.rule without a verdict.'
          else format('If that was wrong, undo the split: identity.undo(%s).', v_fact.operation_id)
        end;
  end if;
end
$function$;
CREATE OR REPLACE FUNCTION identity.check_mod_37_36(p_code text)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_alphabet constant text := '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
  v_rest int := 36;
begin
  for i in 1..17 loop
    v_rest := ((v_rest + strpos(v_alphabet, substr(p_code, i, 1)) - 2) % 36 + 1) * 2 % 37;
  end loop;
  return length(p_code) = 18 and (v_rest + strpos(v_alphabet, substr(p_code, 18, 1)) - 1) % 36 = 1;
end
$function$;
CREATE OR REPLACE FUNCTION identity.check_split(p_entity uuid, p_records bigint[], p_expected catalog.entity_version[] DEFAULT NULL::catalog.entity_version[])
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_strays bigint[];
  v_own bigint := (
    select m.record_id
    from identity.membership m
    join ingest.record r on r.record_id = m.record_id and r.source = 'manual' and r.source_record_id = p_entity::text
    where m.record_id = any (p_records) and m.juke_id = p_entity
  );
begin
  perform identity.seize(array[p_entity], identity.record_keys(p_records), p_expected);
  v_strays := array(
    select r.record_id
    from unnest(p_records) r (record_id)
    where not exists (
      select from identity.membership m where m.record_id = r.record_id and m.juke_id = p_entity
    )
    order by r.record_id
  );
  if p_records = '{}' or v_strays <> '{}' or v_own is not null or not exists (
    select from identity.membership m
    join ingest.record r on r.record_id = m.record_id
    where m.juke_id = p_entity and m.record_id <> all (p_records)
      and (r.source <> 'manual' or r.body ?| '{name,title}')
  ) then
    raise exception 'cannot split % by these records', p_entity
      using errcode = 'JB158',
        detail = case
          when p_records = '{}' then 'No record is named.'
          when v_strays <> '{}' then format('Not its records: %s.', left(array_to_string(v_strays, ', '), 500))
          when v_own is not null then format('Record %s holds what people say of it: it stays.', v_own)
          else 'All its records are named: nothing would remain that gives it a name.'
        end,
        hint = 'identity.how lists the records of an entity.';
  end if;
end
$function$;
CREATE OR REPLACE FUNCTION identity.checked(p_source text, p_external_id text, p_kind catalog.entity_kind)
 RETURNS text
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_scheme identity.scheme;
  v_value text;
  v_special text;
begin
  select s.* into v_scheme from identity.scheme s where s.scheme = p_source;
  if not found then
    raise exception 'unknown identifier scheme "%"', coalesce(p_source, 'null')
      using errcode = 'JB105',
        detail = format('Known schemes: %s.', (select string_agg(s.scheme, ', ' order by s.rank) from identity.scheme s)),
        hint = 'Add a row to identity.scheme for a new one.';
  elsif p_kind <> all (v_scheme.kinds) then
    raise exception 'scheme "%" does not name kind %', p_source, p_kind
      using errcode = 'JB106', detail = format('It names %s.', array_to_string(v_scheme.kinds, ', ')),
        hint = 'Check the kind, or add it to identity.scheme.kinds.';
  end if;
  v_value := identity.canonical(p_source, p_external_id);
  if v_value is null then
    raise exception 'not a valid % id: %', p_source, coalesce(left(p_external_id, 100), 'null')
      using errcode = 'JB150', detail = format('Its form is not that of %s, or its check digit does not agree.', v_scheme.title),
        hint = 'Check it for a typing error.';
  end if;
  if p_kind <> all (coalesce(identity.named_kinds(p_source, p_external_id), v_scheme.kinds)) then
    raise exception '% % is not the id of a %', p_source, left(p_external_id, 100), p_kind
      using errcode = 'JB106',
        detail = format('It says itself that it names: %s.', array_to_string(identity.named_kinds(p_source, p_external_id), ', ')),
        hint = 'Claim it for what it names.';
  end if;
  select p.title into v_special
  from identity.special_entity p
  where p.source = p_source and p.external_id = v_value and p.kind = p_kind;
  if found then
    raise exception '% % is the id of %', p_source, v_value, v_special
      using errcode = 'JB155', detail = 'That stands for no one in particular (identity.special_entity), and keeps its ids.',
        hint = 'Correct the credits instead.';
  end if;
  return v_value;
end
$function$;
CREATE OR REPLACE FUNCTION identity.claim(entity uuid, source text, external_id text, confidence real DEFAULT 1, reason text DEFAULT NULL::text, expected_version integer DEFAULT NULL::integer)
 RETURNS identity.operation
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_kind constant catalog.entity_kind := (select e.kind from catalog.entity e where e.juke_id = entity);
  v_value text;
  v_record bigint;
  v_operation identity.operation;
  v_is_bound boolean;
begin
  if confidence is null or confidence not between 0 and 1 then
    raise exception 'not a confidence: %', coalesce(confidence::text, 'null')
      using errcode = 'JB171', detail = 'It is a probability: 0 to 1.', hint = 'Leave it out when a person is certain.';
  end if;
  if v_kind is null then
    perform identity.seize(array[entity]); -- says why not
  end if;
  v_value := identity.checked(claim.source, claim.external_id, v_kind);
  perform identity.seize(array[entity], array[row (v_value, claim.source, v_kind)::identity.id_key],
    catalog.seen(entity, expected_version));
  v_record := catalog.manual_record(entity);
  if exists (
    select from identity.assertion a
    where a.external_id = v_value and a.source = claim.source and a.kind = v_kind and a.juke_id = entity
      and a.method = 'manual' and a.retracted_at is null
  ) then
    raise exception '% claims %:% already', entity, claim.source, v_value
      using errcode = 'JB170', detail = 'A person has said so before.',
        hint = 'To say it with another confidence, undo that claim first.';
  end if;

  insert into identity.operation (op, juke_id, actor, reason)
  values ('claim', entity, identity.actor(), claim.reason)
  returning * into v_operation;
  insert into identity.changed_claim (operation_id, record_id, source, external_id)
  values (v_operation.operation_id, v_record, claim.source, v_value);
  -- An id that nobody claims is bound at once; of an id that others claim too, precedence decides.
  insert into identity.external_id (external_id, source, kind, juke_id, record_id, method, confidence, since)
  select v_value, claim.source, v_kind, entity, v_record, 'manual', claim.confidence, v_operation.at
  where not exists (
    select from identity.further_claim f
    where f.external_id = v_value and f.source = claim.source and f.kind = v_kind
      and f.status = 'valid' and f.retracted_at is null
  )
  on conflict do nothing;
  v_is_bound := found;
  if not v_is_bound then
    insert into identity.further_claim (external_id, source, kind, record_id, method, confidence, asserted_at)
    values (v_value, claim.source, v_kind, v_record, 'manual', claim.confidence, v_operation.at);
  end if;

  perform identity.settle_id(entity, row (v_value, claim.source, v_kind)::identity.id_key, v_is_bound);
  return v_operation;
end
$function$;
CREATE OR REPLACE FUNCTION identity.claimants(p_keys identity.id_key[])
 RETURNS uuid[]
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  -- identity.assertion, read by its keys: a join with the view itself would read all of it.
  select coalesce(array_agg(distinct c.juke_id), '{}')
  from (
    select coalesce(m.juke_id, x.juke_id)
    from unnest(p_keys) k
    join identity.external_id x on x.external_id = k.external_id and x.source = k.source and x.kind = k.kind
    left join identity.membership m on m.record_id = x.record_id
    union all
    select m.juke_id
    from unnest(p_keys) k
    join identity.further_claim f on f.external_id = k.external_id and f.source = k.source and f.kind = k.kind
    join identity.membership m on m.record_id = f.record_id
    where f.retracted_at is null
  ) c (juke_id)
$function$;
CREATE OR REPLACE FUNCTION identity.claimed(p_scheme text, p_raw text, p_kind catalog.entity_kind, p_kinds catalog.entity_kind[])
 RETURNS text
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select case
    when p_scheme = 'mbid' and p_raw like '________-____-____-____-____________' and translate(p_raw, '0123456789abcdef', '') = '----'
      then nullif(p_raw, '00000000-0000-0000-0000-000000000000')
    when p_scheme = 'spotify' and length(p_raw) = 22 and strpos('0123456', left(p_raw, 1)) > 0
      and translate(p_raw, '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ', '') = ''
      then p_raw
    when p_scheme = 'isrc' and length(p_raw) = 12 and identity.canonical_isrc(p_raw) = p_raw then p_raw
    when p_kind = any (coalesce(identity.named_kinds(p_scheme, p_raw), p_kinds)) then identity.canonical(p_scheme, p_raw)
  end
$function$;
CREATE OR REPLACE FUNCTION identity.compact(p_value text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select upper(translate(
    case
      when octet_length(p_value) = length(p_value) then p_value
      -- In this order: soft hyphen, zero-width space and joiners, hyphens, dashes, minus, byte order mark.
      else translate(normalize(p_value, nfkc), U&'\00AD\200B\200C\200D\2010\2011\2012\2013\2014\2015\2212\FEFF', '')
    end,
    ' -.', ''
  ) collate "C")
$function$;
CREATE OR REPLACE FUNCTION identity.decide(item bigint, verdict text, note text DEFAULT NULL::text, expected_versions catalog.entity_version[] DEFAULT NULL::catalog.entity_version[])
 RETURNS identity.review
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_review identity.review;
  v_all uuid[];
  v_a catalog.entity;
  v_b catalog.entity;
  v_status identity.review_status := case verdict
    when 'merge' then 'merged' when 'keep_apart' then 'kept_apart' when 'skip' then 'skipped'
  end;
  v_operation identity.operation;
begin
  if v_status is null then
    raise exception 'unknown verdict "%"', coalesce(verdict, 'null')
      using errcode = 'JB166', detail = 'A verdict is merge, keep_apart or skip.', hint = 'Say one of them.';
  end if;
  select v.* into v_review from identity.review v where v.review_id = item;
  if not found then
    raise exception 'no review %', coalesce(item::text, 'null')
      using errcode = 'JB164', detail = 'identity.review has no such id.',
        hint = 'identity.review_queue lists the open ones, those with the greatest worth first.';
  end if;

  perform identity.require_read_committed();
  -- The entities before the review, as a merge does; of those that were merged since, what they have become.
  v_all := array[v_review.a_juke_id, v_review.b_juke_id]
    || identity.claimants(identity.member_keys(array[v_review.b_juke_id]))
    || array(select x.juke_id from unnest(expected_versions) x);
  perform
  from catalog.entity e
  where e.juke_id = any (v_all)
  order by e.juke_id
  for update;
  select t.* into v_a
  from catalog.entity e join catalog.entity t on t.juke_id = coalesce(e.merged_into, e.juke_id)
  where e.juke_id = v_review.a_juke_id;
  select t.* into v_b
  from catalog.entity e join catalog.entity t on t.juke_id = coalesce(e.merged_into, e.juke_id)
  where e.juke_id = v_review.b_juke_id;

  select v.* into v_review from identity.review v where v.review_id = item for update;
  if v_review.status <> 'open' then
    raise exception 'review % is decided', item
      using errcode = 'JB165',
        detail = format('%s by %s on %s.', v_review.status, v_review.decided_by, v_review.decided_at::date),
        hint = 'To revise it, undo the merge, or take the verdict back: identity.rule without a verdict.';
  end if;
  perform catalog.refuse_stale(expected_versions);

  if (case v_review.topic
    when 'undo_refused' then not exists (
      select from identity.undo_scope((v_review.evidence ->> 'operation')::bigint) c where c.juke_id = v_review.b_juke_id
    )
    else v_a.juke_id = v_b.juke_id or v_a.status = 'deleted' or v_b.status = 'deleted'
  end) then
    v_status := 'settled';
  end if;
  -- Decided before it is carried out: what is still open between the two is settled by that.
  update identity.review v
  set status = v_status, note = decide.note, decided_at = clock_timestamp(),
    decided_by = case v_status when 'settled' then 'jukebase' else identity.actor() end
  where v.review_id = item;

  if v_review.topic = 'undo_refused' and v_status <> 'skipped' then
    if (v_review.evidence ->> 'op' = 'merge') = (v_status = 'kept_apart') then
      v_operation := identity.undo(
        (v_review.evidence ->> 'operation')::bigint,
        case v_review.evidence ->> 'op' when 'merge' then v_review.b_juke_id end,
        note
      );
    end if;
    perform identity.set_fact(v_review.a_juke_id, v_review.b_juke_id,
      case v_status when 'merged' then 'must_link' else 'cannot_link' end::identity.verdict, note);
  elsif v_status = 'merged' then
    perform identity.rule(v_a.juke_id, v_b.juke_id, 'must_link', note);
    v_operation := identity.merge(v_a.juke_id, array[v_b.juke_id], coalesce(note, format('review %s', item)));
  elsif v_status = 'kept_apart' then
    perform identity.rule(v_a.juke_id, v_b.juke_id, 'cannot_link', note);
  end if;

  update identity.review v
  set operation_id = v_operation.operation_id
  where v.review_id = item
  returning v.* into v_review;
  return v_review;
end
$function$;
CREATE OR REPLACE FUNCTION identity.deed_of(p_operation identity.operation)
 RETURNS text
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select format('%s %s%s.', (p_operation).actor, case (p_operation).op
      when 'merge' then format('merged %s into %s', c.names, e.name)
      when 'split' then format('split %s off %s', c.names, e.name)
      when 'delete' then format('deleted %s', e.name)
      when 'claim' then format('claimed %s for %s', i.ids, e.name)
      when 'retract' then format('said that %s is not the id of %s', i.ids, e.name)
      else format('undid operation %s%s', (p_operation).undoes, coalesce(
        (
          select format(', the %s by %s on %s', o.op, o.actor, o.at::date)
          from identity.operation o
          where o.operation_id = (p_operation).undoes
        ) || coalesce('; ' || c.states, ''), ''))
    end, coalesce(': ' || (p_operation).reason, ''))
    || coalesce(' Operation ' || (p_operation).undone_by || ' has undone it.', '')
  from (select identity.named((p_operation).juke_id) as name) e
  cross join (
    select string_agg(identity.named(k.juke_id), ', ' order by k.juke_id)
        filter (where k.from_status is distinct from 'merged' or (p_operation).op <> 'merge') as names,
      string_agg(format('%s is %s', identity.named(k.juke_id),
        case k.to_status
          when 'merged' then 'merged into ' || identity.named(k.to_merged_into)
          when 'active' then 'active again'
          else k.to_status::text
        end), ', ' order by k.juke_id) as states
    from (
      select n.* from identity.changed_entity n where n.operation_id = (p_operation).operation_id order by n.juke_id limit 20
    ) k
  ) c
  cross join (
    select string_agg(distinct format('%s %s', k.source, k.external_id), ', ') as ids
    from identity.changed_claim k
    where k.operation_id = (p_operation).operation_id
  ) i
$function$;
CREATE OR REPLACE FUNCTION identity.delete(entity uuid, reason text DEFAULT NULL::text, expected_version integer DEFAULT NULL::integer)
 RETURNS identity.operation
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_operation identity.operation;
  v_referrers uuid[];
  v_special text;
begin
  perform identity.seize(array[entity], identity.member_keys(array[entity]), catalog.seen(entity, expected_version));
  v_special := identity.special_title(array[entity]);
  if v_special is not null then
    raise exception '% cannot be deleted', v_special
      using errcode = 'JB155', detail = 'It stands for no one in particular (identity.special_entity).',
        hint = 'Correct the credits instead.';
  end if;
  v_referrers := identity.referrers(array[entity]);

  insert into identity.operation (op, juke_id, actor, reason)
  values ('delete', entity, identity.actor(), delete.reason)
  returning * into v_operation;
  insert into identity.changed_entity (operation_id, juke_id, from_status, from_merged_into, to_status)
  select v_operation.operation_id, e.juke_id, e.status, e.merged_into, 'deleted'
  from catalog.entity e
  where e.juke_id = entity or e.merged_into = entity;
  update catalog.entity e
  set status = 'deleted', merged_into = null
  where e.juke_id = entity or e.merged_into = entity;

  perform identity.settle(
    array[entity],
    array(select m.record_id from identity.membership m where m.juke_id = entity),
    v_referrers
  );
  return v_operation;
end
$function$;
CREATE OR REPLACE FUNCTION identity.domains(p_host text)
 RETURNS text[]
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select array[substring(p_host from '[^.]+[.][^.]+$'), substring(p_host from '[^.]+[.][^.]+[.][^.]+$')]
$function$;
CREATE OR REPLACE FUNCTION identity.dossier(entity uuid)
 RETURNS jsonb
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select jsonb_build_object(
    'juke_id', e.juke_id, 'kind', e.kind, 'name', e.display_name, 'status', e.status, 'version', e.version,
    'ids', coalesce((
      select jsonb_agg(
        jsonb_build_object('scheme', x.source, 'value', x.external_id, 'contested', x.is_contested)
        order by x.source, x.external_id
      )
      from identity.external_id x
      where x.juke_id = e.juke_id
    ), '[]'),
    'records', coalesce((
      select jsonb_agg(jsonb_build_object('source', r.source, 'id', r.source_record_id, 'rule', m.rule) order by r.record_id)
      from (
        select m.* from identity.membership m where m.juke_id = e.juke_id order by m.record_id limit 100
      ) m
      join ingest.record r on r.record_id = m.record_id
    ), '[]'),
    'aliases', coalesce((
      select jsonb_agg(distinct a.name) from catalog.alias a where a.juke_id = e.juke_id
    ), '[]'),
    'credits', (select count(*) from catalog.credit c where c.contributor_id = e.juke_id)
  )
  from catalog.entity e
  where e.juke_id = entity
$function$;
CREATE OR REPLACE FUNCTION identity.entity_at(p_juke_id uuid, p_at timestamp with time zone)
 RETURNS TABLE(juke_id uuid, kind catalog.entity_kind, status catalog.entity_status)
 LANGUAGE sql
 STABLE PARALLEL SAFE ROWS 1
AS $function$
  select coalesce(w.merged_into, e.juke_id), e.kind, w.status
  from catalog.entity e
  cross join lateral (
    select c.from_status as status, c.from_merged_into as merged_into
    from identity.changed_entity c
    join identity.operation o on o.operation_id = c.operation_id
    where c.juke_id = e.juke_id and o.at > p_at and c.from_status is not null
    order by c.operation_id
    limit 1
  ) w
  where e.juke_id = p_juke_id and e.created_at <= p_at
  union all
  select coalesce(e.merged_into, e.juke_id), e.kind, e.status
  from catalog.entity e
  where e.juke_id = p_juke_id and e.created_at <= p_at
    and not exists (
      select from identity.changed_entity c
      join identity.operation o on o.operation_id = c.operation_id
      where c.juke_id = e.juke_id and o.at > p_at and c.from_status is not null
    )
$function$;
CREATE OR REPLACE FUNCTION identity.explain(ref text)
 RETURNS TABLE(step integer, what text, detail text)
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE SECURITY DEFINER ROWS 10
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_reference constant identity.reference := identity.parse(ref);
  v_key constant uuid := case when v_reference.scheme in ('uuid', 'juke_id') then v_reference.value::uuid end;
  v_scheme identity.scheme;
  -- As an invalid id would be kept: the text itself, or what follows the name of a scheme.
  v_given constant text := regexp_replace(btrim(left(ref, 4001)), '^urn:', '', 'i');
  v_rest constant text := nullif(btrim(substr(v_given, nullif(strpos(v_given, ':'), 0) + 1)), '');
  v_rest_scheme text;
begin
  select s.* into v_scheme from identity.scheme s where s.scheme = v_reference.scheme;
  select s.scheme into v_rest_scheme
  from identity.scheme s
  where v_rest is not null and lower(btrim(split_part(v_given, ':', 1))) = any (s.scheme || s.aliases);

  return query
    with line (section, nth, what, detail) as (
      select 1, 1::bigint, 'read', case
        when v_reference.scheme is null then coalesce(
          'It may be several things: ' || (
            select string_agg(format('%s:%s', r.scheme, r.value), ' or ' order by r.confidence desc, r.scheme)
            from identity.bare_readings(ref) r
          ) || '. Say which one.',
          'This is no reference: neither a uuid, nor scheme:value with a valid value of a known scheme, nor the URL of a known service.'
        )
        when v_reference.scheme = 'uuid' then format('A uuid that nothing qualifies: %s. It may be a juke_id, an mbid, or the id of another scheme that uses uuids; they are asked in this order.', v_reference.value)
        when v_reference.scheme = 'juke_id' then format('The juke_id %s. Nothing else is asked.', v_reference.value)
        else format('This is the %s %s (%s)%s. Only ids of this scheme are asked: %s.', v_scheme.scheme, v_reference.value, v_scheme.title,
          coalesce(', the id of a ' || array_to_string(v_reference.kinds, ' or '), ''),
          case v_scheme.exclusivity
            when 'exclusive' then 'each is of one thing, and a thing has one'
            when 'territory' then 'each is of one thing, which may have several'
            when 'shared' then 'several things may have the same'
            else 'they change hands'
          end)
      end
      union all
      select 2, 1, 'juke_id', format('It is the juke_id of the %s "%s", made on %s.', e.kind, e.display_name, e.created_at::date)
      from catalog.entity e
      where e.juke_id = v_key
      union all
      select 3, row_number() over (order by a.is_binding desc, a.retracted_at nulls first, a.confidence desc, a.asserted_at),
        case
          when a.status = 'invalid' then 'invalid claim'
          when a.retracted_at is not null then 'retracted claim'
          when a.is_binding then 'bound claim'
          else 'further claim'
        end,
        format('%s %s %s that %s is the id of the %s %s%s.%s%s',
          case
            when r.source <> 'manual' then format('The record %s of %s', r.source_record_id, r.source)
            else coalesce((
              select o.actor
              from identity.changed_claim k
              join identity.operation o on o.operation_id = k.operation_id and o.op = 'claim'
              where k.record_id = a.record_id and k.source = a.source and k.external_id = a.external_id
              order by o.operation_id desc
              limit 1
            ), 'Somebody, by hand,')
          end,
          case when a.retracted_at is null then 'says since' else 'said on' end,
          a.asserted_at::date,
          case when a.status = 'invalid' then format('the %s %s, which is not valid,', a.source, left(a.external_id, 100)) else 'it' end,
          a.kind, identity.named(a.juke_id),
          case when a.confidence < 1 then format(', with confidence %s', a.confidence) else '' end,
          case when a.retracted_at is not null
            then format(' This was taken back on %s by %s.', a.retracted_at::date, case a.retracted_by
                when 'record' then 'the source itself'
                else a.retracted_by || coalesce(': ' || a.reason, '')
              end)
            else '' end,
          case when r.source <> 'manual' then ' The record ' || identity.reason_of(m.rule, m.evidence) || '.' else '' end)
      from identity.assertion a
      left join ingest.record r on r.record_id = a.record_id
      left join identity.membership m on m.record_id = a.record_id
      where a.external_id = any (array[v_reference.value, ref, v_given, v_rest])
        and (
          a.external_id = v_reference.value
            and v_reference.scheme <> 'juke_id'
            and (v_reference.scheme = 'uuid' or a.source = v_reference.scheme)
            and (v_reference.kinds is null or a.kind = any (v_reference.kinds))
          or a.status = 'invalid' and a.external_id in (ref, v_given) and v_reference.scheme is null
          or a.status = 'invalid' and a.external_id = v_rest and a.source = v_rest_scheme
        )
      union all
      select 4, row_number() over (), 'answer',
        format('%s the %s %s, by its %s.%s%s',
          case n.status
            when 'redirected' then 'It is now'
            when 'deleted' then 'It was'
            when 'ambiguous' then 'It may be'
            else 'It is'
          end,
          n.kind, identity.named(n.juke_id), n.rule,
          case n.status
            when 'ambiguous' then ' Say the kind.'
            when 'redirected' then (
              select format(' It was merged on %s by %s%s.', o.at::date, o.actor, coalesce(': ' || o.reason, ''))
              from identity.changed_entity c
              join identity.operation o on o.operation_id = c.operation_id
              where c.juke_id = v_key and o.op = 'merge' and c.undone_by is null
              order by o.operation_id desc
              limit 1
            )
            when 'deleted' then ' That was deleted' || coalesce((
              select format(' on %s by %s%s', o.at::date, o.actor, coalesce(': ' || o.reason, ''))
              from identity.changed_entity c
              join identity.operation o on o.operation_id = c.operation_id
              where c.juke_id = n.juke_id and o.op = 'delete' and c.undone_by is null
              order by o.operation_id desc
              limit 1
            ), '') || '.'
          end,
          case when n.is_contested then ' The id is contested: another entity claims it too.' end)
      from identity.resolve(ref) n
      where v_reference.scheme is not null -- else resolve is not asked: it would refuse
    ),
    told as (
      select * from line
      union all
      select 5, 1, 'answer', 'Nothing here has this id.'
      where v_reference.scheme is not null and not exists (select from line l where l.section = 4)
    )
    select row_number() over (order by t.section, t.nth)::int, t.what, t.detail
    from told t
    where t.nth <= 20
    order by t.section, t.nth;
end
$function$;
CREATE OR REPLACE FUNCTION identity.facts_on(p_a uuid, p_b uuid)
 RETURNS SETOF identity.link_fact
 LANGUAGE sql
 STABLE PARALLEL SAFE ROWS 1
AS $function$
  with a as (
    select p_a as juke_id union all select e.juke_id from catalog.entity e where e.merged_into = p_a
  ),
  b as (
    select p_b as juke_id union all select e.juke_id from catalog.entity e where e.merged_into = p_b
  )
  select f.*
  from a
  join identity.link_fact f on f.a_juke_id = a.juke_id
  join b on b.juke_id = f.b_juke_id
  union all
  select f.*
  from b
  join identity.link_fact f on f.a_juke_id = b.juke_id
  join a on a.juke_id = f.b_juke_id
$function$;
CREATE OR REPLACE FUNCTION identity.how(entity uuid)
 RETURNS TABLE(at timestamp with time zone, what text, record_id bigint, operation_id bigint, detail text)
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE SECURITY DEFINER ROWS 20
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform identity.refuse_missing(array[entity]);
  return query
    select m.since, 'record', m.record_id, null::bigint,
      case r.source
        when 'manual' then format('A record of its own %s.', identity.reason_of(m.rule, m.evidence))
        else format('The record %s of %s %s.', r.source_record_id, r.source, identity.reason_of(m.rule, m.evidence))
      end
    from identity.membership m
    join ingest.record r on r.record_id = m.record_id
    where m.juke_id = entity
    union all
    -- What brought nothing, since nobody can read it.
    select f.asserted_at, 'invalid id', m.record_id, null,
      format('%s %s the %s %s, which is not valid%s.',
        case r.source
          when 'manual' then 'A record of its own'
          else format('The record %s of %s', r.source_record_id, r.source)
        end,
        case when f.retracted_at is null then 'has' else 'had' end,
        f.source, left(f.external_id, 100),
        ', and was taken back on ' || f.retracted_at::date)
    from identity.membership m
    join ingest.record r on r.record_id = m.record_id
    join identity.further_claim f on f.record_id = m.record_id
    where m.juke_id = entity and f.status = 'invalid'
    union all
    -- What people said of it, edit by edit.
    select v.changed_at, 'edit', v.record_id, null,
      format('%s said: %s.', d.name, coalesce((
        select string_agg(format('%s %s', k.key, case when k.value is null then 'is left to the sources' else 'is ' || left(k.value::text, 100) end), ', ' order by k.key)
        from (
          select coalesce(n.key, b.key) as key, n.value
          from jsonb_each(v.body) n
          full join jsonb_each(v.before) b on b.key = n.key
          where n.value is distinct from b.value
        ) k
      ), 'nothing new'))
    from (
      select w.*, lag(w.body) over (partition by w.record_id order by w.version) as before
      from (
        select r.record_id, r.version, r.body, r.delivery_id, r.changed_at
        from identity.membership m
        join ingest.record r on r.record_id = m.record_id
        where m.juke_id = entity and r.source = 'manual'
        union all
        select p.record_id, p.version, p.body, p.delivery_id, p.changed_at
        from identity.membership m
        join ingest.record r on r.record_id = m.record_id
        join ingest.record_version p on p.record_id = r.record_id
        where m.juke_id = entity and r.source = 'manual'
      ) w
    ) v
    join ingest.delivery d on d.delivery_id = v.delivery_id
    where v.version > 1
    union all
    select o.at, o.op::text, null, o.operation_id, identity.deed_of(o)
    from identity.operation o
    where o.juke_id = entity
      or exists (select from identity.changed_entity c where c.operation_id = o.operation_id and c.juke_id = entity)
    order by 1, 4 nulls first, 3, 2 desc; -- a record before what is said of it
end
$function$;
CREATE OR REPLACE FUNCTION identity.identify(ref text)
 RETURNS SETOF identity.reading
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE ROWS 3
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_stated constant identity.reference := identity.parse_stated(ref);
begin
  if v_stated.scheme = 'uuid' then
    -- The version is a hint: ours are 7, MusicBrainz has 4 (3 for the oldest), a computed podcast GUID 5.
    return query
      select s.scheme, v_stated.value, s.kinds, u.confidence::double precision, u.why
      from (
        select substr(v_stated.value, 15, 1) as version
      ) v
      cross join lateral (
        values
          ('juke_id', case v.version when '7' then 0.9 else 0.1 end, format('a uuid of version %s', v.version)),
          ('mbid', case when v.version in ('3', '4') then 0.8 else 0.1 end, format('a uuid of version %s', v.version)),
          ('podcast_guid', case v.version when '5' then 0.8 when '4' then 0.2 else 0.1 end, format('a uuid of version %s', v.version)),
          ('acoustid', case v.version when '4' then 0.2 else 0.1 end, format('a uuid of version %s', v.version))
      ) u (scheme, confidence, why)
      join identity.scheme s on s.scheme = u.scheme
      where identity.canonical(s.scheme, v_stated.value) is not null
      order by u.confidence desc, s.rank;
  elsif v_stated.scheme is not null then
    return query
      select s.scheme, v_stated.value, coalesce(v_stated.kinds, s.kinds), 1::double precision, 'it says so itself'
      from identity.scheme s
      where s.scheme = v_stated.scheme;
  else
    return query
      select r.scheme, r.value, coalesce(r.kinds, s.kinds), r.confidence, r.why
      from identity.bare_readings(ref) with ordinality r (scheme, value, kinds, confidence, why, place)
      join identity.scheme s on s.scheme = r.scheme
      order by r.place;
  end if;
end
$function$;
CREATE OR REPLACE FUNCTION identity.keep_invalid(p_said identity.claim[])
 RETURNS void
 LANGUAGE sql
AS $function$
  insert into identity.further_claim (external_id, source, kind, record_id, status)
  select c.raw, c.scheme, c.kind, c.record_id, 'invalid'
  from unnest(p_said) c
  where c.value is null and octet_length(c.raw) between 1 and 2000
  on conflict do nothing
$function$;
CREATE OR REPLACE FUNCTION identity.link(p_record_ids bigint[], OUT juke_ids uuid[], OUT minted integer)
 RETURNS record
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
 SET enable_seqscan TO 'on'
AS $function$
declare
  v_said constant identity.claim[] := array(select c from identity.record_claims(p_record_ids) c);
  v_at timestamptz;
  v_claims identity.claim[];
  v_held uuid[];
  v_pending bigint[] := p_record_ids;
  v_open identity.claim[];
  v_seats identity.seat[];
  v_seizing bigint[];
  v_unbound int;
begin
  perform identity.require_read_committed();
  minted := 0;
  -- Ids are bound before the hub row is written, so that an entity nobody needs is never minted.
  set constraints identity.external_id_juke_id_fkey deferred;

  -- Every entity that may change, locked in one order: writers that meet wait for each other instead of deadlocking.
  select coalesce(array_agg(l.juke_id), '{}') into v_held
  from (
    select e.juke_id
    from catalog.entity e
    where e.juke_id in (select s.juke_id from identity.link_scope(p_record_ids, v_said) s)
    order by e.juke_id
    for no key update
  ) l;
  if exists (select from identity.link_scope(p_record_ids, v_said) s where s.juke_id <> all (v_held)) then
    -- While they were waited for, records or ids have moved to an entity that is not locked. From the beginning, then.
    raise exception 'another session has moved records or ids at this moment'
      using errcode = 'JB109', detail = 'They belong to an entity now that is not locked.',
        hint = 'Call it again: ingest.apply does.';
  end if;

  v_at := clock_timestamp();
  v_claims := array(
    select c
    from unnest(v_said) c
    where c.value is not null
      -- What a person has taken back stays so, however often the source repeats it.
      and not exists (
        select
        from identity.changed_claim k
        join identity.operation o on o.operation_id = k.operation_id
        where k.record_id = c.record_id and k.source = c.scheme and k.external_id = c.value
          and o.op = 'retract' and o.undone_by is null
      )
  );
  juke_ids := identity.rebind(identity.retract_unsaid(p_record_ids, v_said));
  perform identity.keep_invalid(v_said);

  while v_pending <> '{}' loop
    -- The ids that nobody has yet.
    v_open := array(
      select c
      from unnest(v_claims) c
      where c.record_id = any (v_pending)
        and not exists (
          select from identity.external_id x
          where x.external_id = c.value and x.source = c.scheme and x.kind = c.kind
        )
    );

    -- A record has its turn when it shares no open id with an earlier one: that one comes first, it may then link to it.
    -- And it waits when an earlier one brings the entity it would link to an id that may speak against it.
    v_seats := array(
      with turn as (
        select p.record_id
        from unnest(v_pending) p (record_id)
        where p.record_id not in (
          select o.record_id
          from (
            select c.record_id, c.is_one_per_source,
              min(c.record_id) over id as first_id,
              min(c.source) over id <> max(c.source) over id as is_of_several_sources
            from unnest(v_open) c
            window id as (partition by c.value, c.scheme, c.kind)
          ) o
          where o.first_id < o.record_id and (not o.is_one_per_source or o.is_of_several_sources)
        )
      ),
      option as materialized (
        select o.* from identity.link_options(v_claims, array(select record_id from turn)) o
      ),
      wish as (
        select t.record_id, coalesce(m.juke_id, l.juke_id) as juke_id, l.rule, l.value, l.rank, l.is_one_per_source,
          b.brought_rank
        from turn t
        left join identity.membership m on m.record_id = t.record_id
        left join (
          select distinct on (o.record_id) o.*
          from option o
          where o.veto is null
          order by o.record_id, o.rank, o.value -- and not by juke_id, which is chance
        ) l on l.record_id = t.record_id
        left join (
          select o.record_id, min(o.rank) as brought_rank from unnest(v_open) o where o.exclusivity = 'exclusive' group by o.record_id
        ) b on b.record_id = t.record_id
      ),
      queue as (
        select w.record_id, w.juke_id, w.rule, w.value, w.rank, w.is_one_per_source, row_number() over earlier as place,
          min(w.brought_rank) over (earlier rows between unbounded preceding and 1 preceding) as brought_rank
        from wish w
        window earlier as (partition by w.juke_id order by w.record_id)
      )
      select row (
        q.record_id, coalesce(q.juke_id, identity.uuidv7()), case when q.juke_id is null then 'minted' else q.rule end,
        case
          when q.rule is not null then jsonb_build_object('scheme', q.rule, 'value', q.value)
          when q.juke_id is null then coalesce((
            select jsonb_build_object('vetoed', jsonb_agg(
              jsonb_build_object('scheme', o.rule, 'value', o.value, 'juke_id', o.juke_id) || o.veto order by o.rank, o.value
            ))
            from option o
            where o.record_id = q.record_id
            having count(*) > 0
          ), '{}')
        end
      )::identity.seat
      from queue q
      where q.rule is null
        or (q.place = 1 or not q.is_one_per_source and coalesce(q.brought_rank >= q.rank, true))
      order by q.record_id
    );

    -- Who takes an id from another entity: those after it that have to do with either wait, and find the id where it is then.
    v_seizing := '{}';
    if exists (
      select
      from unnest(v_seats) s
      join unnest(v_claims) c on c.record_id = s.record_id
      join identity.external_id x on x.external_id = c.value and x.source = c.scheme and x.kind = c.kind
      where x.juke_id <> s.juke_id
    ) then
      v_seizing := identity.seizing(v_seats, v_claims);
    end if;

    -- Nobody overtakes: with those that wait, whoever comes later and has an id or an entity in common with them.
    if cardinality(v_seats) < cardinality(v_pending) or v_seizing <> '{}' then
      v_seats := array(
        with recursive touch as materialized (
          select c.record_id, c.scheme || ':' || c.value as thing
          from unnest(v_claims) c
          where c.record_id = any (v_pending)
          union all
          select c.record_id, x.juke_id::text
          from unnest(v_claims) c
          join identity.external_id x on x.external_id = c.value and x.source = c.scheme and x.kind = c.kind
          where c.record_id = any (v_pending)
          union all
          select m.record_id, m.juke_id::text
          from identity.membership m
          where m.record_id = any (v_pending)
        ),
        waiting (record_id) as (
          (
            (select unnest(v_pending) except all select s.record_id from unnest(v_seats) s)
            union
            select later.record_id
            from touch earlier
            join touch later on later.thing = earlier.thing and later.record_id > earlier.record_id
            where earlier.record_id = any (v_seizing)
          )
          union
          select later.record_id
          from waiting w
          join touch earlier on earlier.record_id = w.record_id
          join touch later on later.thing = earlier.thing and later.record_id > earlier.record_id
        )
        select s from unnest(v_seats) s where s.record_id not in (select w.record_id from waiting w)
      );
    end if;

    with wanted as materialized (
      select distinct on (o.value, o.scheme, o.kind) o.value, o.scheme, o.kind, s.juke_id, o.record_id
      from unnest(v_open) o
      join unnest(v_seats) s on s.record_id = o.record_id
      order by o.value, o.scheme, o.kind, o.record_id
    ),
    bound as (
      insert into identity.external_id (external_id, source, kind, juke_id, record_id, since)
      select w.value, w.scheme, w.kind, w.juke_id, w.record_id, v_at
      from wanted w
      order by w.value, w.scheme, w.kind
      on conflict do nothing
      returning 1
    )
    select (select count(*) from wanted) - (select count(*) from bound) into v_unbound;

    if v_unbound > 0 then
      -- It may be that records belong to the entity of that session, which is not locked. From the beginning, then.
      raise exception 'another session has bound % of the ids at this moment', v_unbound
        using errcode = 'JB109', detail = 'A record of this batch may belong to its entity.',
          hint = 'Call it again: ingest.apply does.';
    end if;

    perform catalog.plan_once();
    insert into catalog.entity (juke_id, kind, display_name, mbid)
    select s.juke_id, r.kind, coalesce(f.said ->> 'name', f.said ->> 'title', r.source_record_id), c.mbid
    from unnest(v_seats) s
    join ingest.record r on r.record_id = s.record_id
    cross join lateral ingest.effective(r.body, r.mention) f (said)
    left join (
      select o.record_id, min(o.value)::uuid as mbid from unnest(v_open) o where o.scheme = 'mbid' group by o.record_id
    ) c on c.record_id = s.record_id
    where s.rule = 'minted'
    order by s.juke_id;

    insert into identity.membership (record_id, juke_id, rule, evidence, since)
    select s.record_id, s.juke_id, s.rule, s.evidence, v_at
    from unnest(v_seats) s
    where s.rule is not null;

    perform catalog.plan_anew();
    juke_ids := juke_ids || identity.rebind(identity.make_claims(array(
      select c from unnest(v_seats) s join unnest(v_claims) c on c.record_id = s.record_id
    ), v_at));

    minted := minted + (select count(*) from unnest(v_seats) s where s.rule = 'minted');
    v_pending := array(select unnest(v_pending) except select s.record_id from unnest(v_seats) s);
  end loop;

  perform catalog.plan_once();
  set constraints identity.external_id_juke_id_fkey immediate;
  perform catalog.plan_anew();
  perform identity.review_near_matches(p_record_ids);

  juke_ids := array(
    select unnest(juke_ids)
    union
    select m.juke_id from identity.membership m where m.record_id = any (p_record_ids)
  );
end
$function$;
CREATE OR REPLACE FUNCTION identity.link_alone(p_source text, p_arrivals ingest.arrival[], p_record_ids bigint[])
 RETURNS ingest.arrival[]
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
 SET enable_seqscan TO 'on'
AS $function$
declare
  v_claims constant identity.claim[] := array(select c from identity.arrival_claims(p_source, p_arrivals) c);
  v_taken bigint[];
  v_alone ingest.arrival[];
  v_at timestamptz;
  v_constraint text;
begin
  perform identity.require_read_committed();

  v_taken := array(
    select h.record_id
    from (
      select c.record_id, min(c.record_id) over same <> max(c.record_id) over same as is_shared
      from unnest(v_claims) c
      where c.value is not null
      window same as (partition by c.value, c.scheme, c.kind)
    ) h
    where h.is_shared
    union all
    select c.record_id
    from unnest(v_claims) c
    cross join lateral (
      select from identity.external_id x
      where x.external_id = c.value and x.source = c.scheme and x.kind = c.kind
      offset 0 -- by the key, however many the planner expects
    ) x
  );
  if p_record_ids <> '{}' then
    v_taken := v_taken || array(
      select c.record_id
      from identity.record_claims(p_record_ids) o
      join unnest(v_claims) c on c.value = o.value and c.scheme = o.scheme and c.kind = o.kind
    );
  end if;
  v_alone := array(
    select row (a.record_id, a.kind, a.source_record_id, a.said, identity.uuidv7())::ingest.arrival
    from unnest(p_arrivals) a
    where a.record_id <> all (v_taken)
    order by a.record_id
  );

  perform catalog.plan_once();
  insert into catalog.entity (juke_id, kind, display_name, mbid)
  select a.juke_id, a.kind,
    coalesce(case when a.kind in ('artist', 'label', 'genre') then a.said ->> 'name' else a.said ->> 'title' end, a.source_record_id),
    c.mbid
  from unnest(v_alone) a
  left join (
    select c.record_id, min(c.value)::uuid as mbid from unnest(v_claims) c where c.scheme = 'mbid' group by c.record_id
  ) c on c.record_id = a.record_id
  order by a.juke_id;

  v_at := clock_timestamp();
  insert into identity.membership (record_id, juke_id, rule, since)
  select a.record_id, a.juke_id, 'minted', v_at from unnest(v_alone) a order by a.record_id;

  begin
    insert into identity.external_id (external_id, source, kind, juke_id, record_id, since)
    select c.value, c.scheme, c.kind, a.juke_id, c.record_id, v_at
    from unnest(v_claims) c
    join unnest(v_alone) a on a.record_id = c.record_id
    where c.value is not null
    order by c.value, c.scheme, c.kind;
  exception when unique_violation then
    get stacked diagnostics v_constraint = constraint_name;
    if v_constraint <> 'external_id_pkey' then
      raise;
    end if;
    raise exception 'another session has bound one of the ids at this moment'
      using errcode = 'JB109', detail = 'A record of this batch may belong to its entity.',
        hint = 'Call it again: ingest.apply does.';
  end;

  perform identity.keep_invalid(array(
    select c from unnest(v_claims) c join unnest(v_alone) a on a.record_id = c.record_id where c.value is null
  ));
  return v_alone;
end
$function$;
CREATE OR REPLACE FUNCTION identity.link_options(p_claims identity.claim[], p_record_ids bigint[])
 RETURNS TABLE(record_id bigint, juke_id uuid, rule text, value text, rank integer, is_one_per_source boolean, veto jsonb)
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  with shared as (
    select c.record_id, c.rank, c.scheme, c.value, c.exclusivity, c.is_one_per_source, c.source, c.kind, e.juke_id,
      min(c.scheme) over same <> max(c.scheme) over same as is_seconded
    from unnest(p_claims) c
    join identity.external_id x on x.external_id = c.value and x.source = c.scheme and x.kind = c.kind
    join catalog.entity e on e.juke_id = x.juke_id and e.status = 'active'
    where c.record_id = any (p_record_ids)
      and not exists (select from identity.membership m where m.record_id = c.record_id)
    window same as (partition by c.record_id, e.juke_id)
  ),
  opposed as (
    select distinct on (o.record_id, o.juke_id, o.rank) o.*
    from (
      select h.record_id, h.juke_id, h.rank, b.scheme, b.rank as by_rank,
        jsonb_agg(distinct b.value) as own, jsonb_agg(distinct y.external_id) as theirs
      from shared h
      join unnest(p_claims) b on b.record_id = h.record_id and b.rank < h.rank and b.exclusivity = 'exclusive'
      join identity.external_id y on y.juke_id = h.juke_id and y.source = b.scheme
      group by h.record_id, h.juke_id, h.rank, b.scheme, b.rank
      having not bool_or(y.external_id = b.value)
    ) o
    order by o.record_id, o.juke_id, o.rank, o.by_rank
  )
  select h.record_id, h.juke_id, h.scheme, h.value, h.rank, h.is_one_per_source,
    case
      when o.record_id is not null
        then jsonb_build_object('because', 'opposed', 'by', o.scheme, 'own', o.own, 'theirs', o.theirs)
      when h.is_one_per_source and exists (
        select
        from identity.membership m
        join ingest.record r on r.record_id = m.record_id
        where m.juke_id = h.juke_id and r.source = h.source and r.kind = h.kind
      ) then jsonb_build_object('because', 'one per source', 'source', h.source)
      when h.exclusivity = 'unstable' and not h.is_seconded then jsonb_build_object('because', 'unstable')
    end
  from shared h
  left join opposed o on o.record_id = h.record_id and o.juke_id = h.juke_id and o.rank = h.rank
$function$;
CREATE OR REPLACE FUNCTION identity.link_scope(p_record_ids bigint[], p_claims identity.claim[])
 RETURNS TABLE(juke_id uuid)
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select m.juke_id from identity.membership m where m.record_id = any (p_record_ids)
  union
  select x.juke_id
  from unnest(p_claims) c
  join identity.external_id x on x.external_id = c.value and x.source = c.scheme and x.kind = c.kind
  union
  select m.juke_id
  from unnest(p_claims) c
  join identity.further_claim f on f.external_id = c.value and f.source = c.scheme and f.kind = c.kind
  join identity.membership m on m.record_id = f.record_id
  where f.retracted_at is null
  union
  select m.juke_id
  from identity.external_id x
  join identity.further_claim f on f.external_id = x.external_id and f.source = x.source and f.kind = x.kind
  join identity.membership m on m.record_id = f.record_id
  where x.record_id = any (p_record_ids) and f.retracted_at is null
$function$;
CREATE OR REPLACE FUNCTION identity.listed(p_array jsonb)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select string_agg(t, ', ') from jsonb_array_elements_text(p_array) t
$function$;
CREATE OR REPLACE FUNCTION identity.make_claims(p_claims identity.claim[], p_at timestamp with time zone)
 RETURNS identity.id_key[]
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
 SET enable_seqscan TO 'on'
AS $function$
declare
  v_keys identity.id_key[];
begin
  perform catalog.plan_once();
  with further as (
    insert into identity.further_claim (external_id, source, kind, record_id, asserted_at)
    select c.value, c.scheme, c.kind, c.record_id, p_at
    from unnest(p_claims) c
    join identity.external_id x on x.external_id = c.value and x.source = c.scheme and x.kind = c.kind
    where x.record_id is distinct from c.record_id
      and not exists (
        select from identity.further_claim f
        where f.record_id = c.record_id and f.source = c.scheme and f.external_id = c.value and f.retracted_at is null
      )
    order by c.record_id, c.scheme, c.value
    on conflict do nothing
    returning external_id, source, kind
  )
  select coalesce(array_agg(row (f.external_id, f.source, f.kind)::identity.id_key), '{}') into v_keys from further f;
  return v_keys;
end
$function$;
CREATE OR REPLACE FUNCTION identity.member_at(p_record_id bigint, p_at timestamp with time zone)
 RETURNS uuid
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select coalesce(
    (
      -- The first move after that moment tells where it was.
      select w.from_juke_id
      from identity.moved_record w
      join identity.operation o on o.operation_id = w.operation_id
      where w.record_id = p_record_id and o.at > p_at
      order by w.operation_id
      limit 1
    ),
    (select m.juke_id from identity.membership m where m.record_id = p_record_id)
  )
$function$;
CREATE OR REPLACE FUNCTION identity.member_keys(p_juke_ids uuid[])
 RETURNS identity.id_key[]
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select identity.record_keys(array(
      select m.record_id from identity.membership m where m.juke_id = any (p_juke_ids)
    )) || array(
      select row (x.external_id, x.source, x.kind)::identity.id_key
      from identity.external_id x
      where x.juke_id = any (p_juke_ids) and x.record_id is null
    )
$function$;
CREATE OR REPLACE FUNCTION identity.merge(winner uuid, losers uuid[], reason text DEFAULT NULL::text, expected_versions catalog.entity_version[] DEFAULT NULL::catalog.entity_version[])
 RETURNS identity.operation
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
AS $function$
declare
  v_losers constant uuid[] := array(select distinct l from unnest(losers) l where l is not null);
  v_all constant uuid[] := v_losers || winner;
  v_operation identity.operation;
  v_records bigint[];
  v_referrers uuid[];
begin
  perform identity.check_merge(winner, v_losers, expected_versions);
  v_referrers := identity.referrers(v_losers);
  perform identity.adopt(v_losers);

  insert into identity.operation (op, juke_id, actor, reason)
  values ('merge', winner, identity.actor(), merge.reason)
  returning * into v_operation;

  insert into identity.changed_entity (
    operation_id, juke_id, from_status, from_merged_into, to_status, to_merged_into
  )
  select v_operation.operation_id, e.juke_id, e.status, e.merged_into, 'merged', winner
  from catalog.entity e
  where e.juke_id = any (v_losers) or e.merged_into = any (v_losers);

  with moved as (
    insert into identity.moved_record (
      operation_id, record_id, from_juke_id, from_rule, from_since, from_evidence, to_juke_id
    )
    select v_operation.operation_id, m.record_id, m.juke_id, m.rule, m.since, m.evidence, winner
    from identity.membership m
    where m.juke_id = any (v_losers)
    returning record_id
  )
  select coalesce(array_agg(m.record_id), '{}') into v_records from moved m;

  update identity.membership m
  set juke_id = winner, rule = 'merge', since = v_operation.at,
    evidence = jsonb_build_object('operation_id', v_operation.operation_id)
  where m.record_id = any (v_records);

  update catalog.entity e
  set status = 'merged', merged_into = winner
  from identity.changed_entity c
  where c.operation_id = v_operation.operation_id and e.juke_id = c.juke_id;

  update identity.review v
  set status = 'settled', decided_at = clock_timestamp(), decided_by = 'jukebase', operation_id = v_operation.operation_id
  where v.status = 'open' and v.a_juke_id = any (v_all) and v.b_juke_id = any (v_all);

  perform identity.settle(v_all, v_records, v_referrers);
  return v_operation;
end
$function$;
CREATE OR REPLACE FUNCTION identity.merge_plan(winner uuid, losers uuid[])
 RETURNS TABLE(step text, juke_id uuid, record_id bigint, detail text)
 LANGUAGE plpgsql
 SECURITY DEFINER ROWS 100
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_losers constant uuid[] := array(select distinct l from unnest(losers) l where l is not null);
begin
  perform identity.check_merge(winner, v_losers);
  return query
    select 'redirect', e.juke_id, null::bigint, format('"%s" redirects to the winner', e.display_name)
    from catalog.entity e
    where e.juke_id = any (v_losers) or e.merged_into = any (v_losers)
    union all
    select 'move record', m.juke_id, m.record_id, format('%s of %s', r.source_record_id, r.source)
    from identity.membership m
    join ingest.record r on r.record_id = m.record_id
    where m.juke_id = any (v_losers)
    union all
    select 'bind', x.juke_id, x.record_id, format('%s %s names the winner', x.source, x.external_id)
    from identity.external_id x
    where x.juke_id = any (v_losers)
    union all
    select 'refer', r.juke_id, null, format('the %s "%s" refers to the winner', e.kind, e.display_name)
    from unnest(identity.referrers(v_losers)) r (juke_id)
    join catalog.entity e on e.juke_id = r.juke_id
    where e.juke_id <> all (v_losers || winner); -- what they say of each other ends with the merge
end
$function$;
CREATE OR REPLACE FUNCTION identity.named(p_juke_id uuid)
 RETURNS text
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select coalesce(
    (select format('"%s" (%s)', e.display_name, e.juke_id) from catalog.entity e where e.juke_id = p_juke_id),
    p_juke_id::text
  )
$function$;
CREATE OR REPLACE FUNCTION identity.named_kinds(p_scheme text, p_value text)
 RETURNS catalog.entity_kind[]
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_value constant text := btrim(p_value, E' \t\r\n\u00a0\u200b\ufeff');
  v_reference identity.reference;
begin
  if p_scheme = 'bandcamp' or strpos(v_value, '://') > 0 and p_scheme not in ('feed_url', 'episode_guid') then
    v_reference := identity.parse_url(left(v_value, 4000));
    return case when v_reference.scheme = p_scheme then v_reference.kinds end;
  end if;
  return case p_scheme
    when 'discogs' then
      case lower(substring(v_value from '^\[?([almrALMR])=?[1-9]'))
        when 'a' then '{artist}'
        when 'l' then '{label}'
        when 'm' then '{album}'
        when 'r' then '{release}'
      end
    when 'openlibrary' then
      case upper(right(v_value, 1))
        when 'A' then '{artist}'
        when 'M' then '{book,audiobook}'
        when 'W' then '{book,audiobook}'
      end
    when 'youtube' then
      case length(v_value)
        when 11 then '{video,track,episode}'
        when 24 then '{artist,label,podcast}'
      end
  end::catalog.entity_kind[];
end
$function$;
CREATE OR REPLACE FUNCTION identity.operation_records(p_operation_id bigint, p_juke_ids uuid[])
 RETURNS bigint[]
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select coalesce(array_agg(r.record_id), '{}')
  from (
    select w.record_id
    from identity.moved_record w
    join identity.operation o on o.operation_id = w.operation_id
    where w.operation_id = p_operation_id and (o.op <> 'merge' or w.from_juke_id = any (p_juke_ids))
    union
    select c.record_id from identity.changed_claim c where c.operation_id = p_operation_id
    union
    select m.record_id
    from identity.operation o
    join identity.membership m on m.juke_id = o.juke_id
    where o.operation_id = p_operation_id and o.op = 'delete'
  ) r
$function$;
CREATE OR REPLACE FUNCTION identity.parse(p_ref text)
 RETURNS identity.reference
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_result identity.reference := identity.parse_stated(p_ref);
begin
  if v_result.scheme is null then
    select c.scheme, c.value, c.kinds
    into v_result
    from (
      select r.*, count(*) over () as readings from identity.bare_readings(p_ref) r where r.confidence >= 0.9
    ) c
    where c.readings = 1;
  end if;
  return v_result;
end
$function$;
CREATE OR REPLACE FUNCTION identity.parse_stated(p_ref text)
 RETURNS identity.reference
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_given constant text := left(btrim(p_ref, E' \t\r\n\u00a0\u200b\ufeff'), 4001);
  v_ref constant text := case when lower(left(v_given, 4)) = 'urn:' then substr(v_given, 5) else v_given end;
  v_separator constant text := case when strpos(v_ref, ':') > 0 then ':' else ' ' end;
  v_name constant text := lower(split_part(v_ref, v_separator, 1));
  v_rest text := split_part(v_ref, v_separator, 2);
  v_type text;
  v_value text;
  v_kinds catalog.entity_kind[];
  v_scheme text;
  v_names catalog.entity_kind[];
  v_uri_base text;
  v_result identity.reference;
begin
  if length(v_ref) > 4000 then
    return null; -- longer than any id: not worth reading
  elsif length(v_ref) between 32 and 36 and v_ref ~* '^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$' then
    return row ('uuid', v_ref::uuid::text, null)::identity.reference;
  elsif v_ref ~* '^https?://' then
    return identity.parse_url(v_ref);
  elsif v_rest = '' then -- one word; perhaps a URL without its protocol: open.spotify.com/artist/…
    return case when v_ref ~ '^[^/:[:space:]]+[.][a-z]+/' then identity.parse_url(v_ref) end;
  end if;

  v_rest := btrim(substr(v_ref, strpos(v_ref, v_separator) + 1));
  if v_name = 'uuid' then
    v_value := identity.canonical_uuid(v_rest);
    return case when v_value is not null then row ('uuid', v_value, null)::identity.reference end;
  end if;
  select s.scheme, s.kinds, s.uri_base into v_scheme, v_names, v_uri_base
  from identity.scheme s
  where s.scheme = v_name or v_name = any (s.aliases);
  -- A space is enough where a number follows that is printed with its name: ISBN 978-1-85798-218-3.
  if v_separator = ' ' and (v_rest !~ '[0-9]' or not exists (select from identity.shape h where h.scheme = v_scheme)) then
    v_scheme := null;
  end if;
  if v_scheme is null then
    if v_separator = ':' and v_name = any (enum_range(null::catalog.entity_kind)::text[])
      and identity.canonical_uuid(v_rest) is null
    then
      v_value := identity.canonical('handle', v_rest);
      return case when v_value is not null
        then row ('handle', v_value, array[v_name::catalog.entity_kind])::identity.reference end;
    end if;
    return case when v_ref ~ '^[^/:[:space:]]+[.][a-z]+/' then identity.parse_url(v_ref) end;
  end if;

  if strpos(v_rest, ':') > 0 then
    v_type := lower(split_part(v_rest, ':', 1));
    v_value := substr(v_rest, length(v_type) + 2);
    if v_uri_base is not null then
      v_result := identity.parse_url(v_uri_base || v_type || '/' || v_value);
      if v_result.scheme = v_scheme then
        return v_result;
      end if;
    end if;
    if v_type = any (v_names::text[]) then
      v_kinds := coalesce(identity.named_kinds(v_scheme, v_value), v_names);
      v_value := identity.canonical(v_scheme, v_value);
      return case when v_value is not null and v_type::catalog.entity_kind = any (v_kinds)
        then row (v_scheme, v_value, array[v_type::catalog.entity_kind])::identity.reference end;
    end if;
  end if;
  v_value := identity.canonical(v_scheme, v_rest);
  return case when v_value is not null
    then row (v_scheme, v_value, identity.named_kinds(v_scheme, v_rest))::identity.reference end;
end
$function$;
CREATE OR REPLACE FUNCTION identity.parse_url(p_url text)
 RETURNS identity.reference
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_address constant text := regexp_replace(p_url, '^(?:[Hh][Tt][Tt][Pp][Ss]?:)?//', '');
  v_authority constant text := substring(v_address from '^[^/?#]*');
  v_host constant text := lower(regexp_replace(split_part(v_authority, '@', -1), ':[0-9]*$', ''));
  v_domains constant text[] := identity.domains(v_host);
  v_url constant text := v_host || substr(v_address, length(v_authority) + 1);
  v_result identity.reference;
begin
  select p.scheme, c.value, p.kinds
  into v_result
  from identity.url_pattern p
  cross join lateral (select (regexp_match(v_url, p.pattern))[1] as written offset 0) m
  cross join lateral (select identity.canonical(p.scheme, m.written) as value offset 0) c
  where p.domain = any (v_domains)
    and c.value is not null
  order by regexp_instr(v_url, p.pattern), p.pattern -- what stands first in the path, whatever follows it
  limit 1;
  return v_result;
end
$function$;
CREATE OR REPLACE FUNCTION identity.podcast_guid(feed_url text)
 RETURNS uuid
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select public.uuid_generate_v5(
    'ead4c236-bf58-58c6-a2c6-a6b28d128cb6',
    rtrim(regexp_replace(feed_url, '^[a-z]+://', '', 'i'), '/')
  )
$function$;
CREATE OR REPLACE FUNCTION identity.reason_of(p_rule text, p_evidence jsonb)
 RETURNS text
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select case
    when p_rule = 'manual' then 'holds what people say of it'
    when p_rule in ('merge', 'split', 'undo') then coalesce((
      select format('came with the %s by %s on %s (operation %s)', o.op, o.actor, o.at::date, o.operation_id)
        || coalesce(': ' || o.reason, '')
      from identity.operation o
      where o.operation_id = (p_evidence ->> 'operation_id')::bigint
    ), format('came with a %s', p_rule))
    when p_rule = 'minted' then coalesce('made it, and was kept from others: ' || (
      select string_agg(
        format('its %s %s is also that of %s, but %s',
          v ->> 'scheme', v ->> 'value', identity.named((v ->> 'juke_id')::uuid), identity.veto_of(v)),
        '; '
      )
      from jsonb_array_elements(p_evidence -> 'vetoed') v
    ), 'made it: none of its ids was known')
    else format('was linked by its %s %s', p_rule, coalesce(p_evidence ->> 'value', '(not recorded)'))
  end
$function$;
CREATE OR REPLACE FUNCTION identity.rebind(p_keys identity.id_key[])
 RETURNS uuid[]
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
AS $function$
declare
  v_keys constant identity.id_key[] := array(select distinct k from unnest(p_keys) k);
  v_claims identity.ranked_claim[];
  v_touched uuid[];
  v_all_touched uuid[] := '{}';
  v_outrun bigint;
begin
  if v_keys = '{}' then
    return '{}';
  end if;

  loop
    -- Writers that meet on an id take turns.
    perform from identity.external_id x
    join unnest(v_keys) k on k.external_id = x.external_id and k.source = x.source and k.kind = x.kind
    order by x.external_id, x.source, x.kind
    for update of x;
    v_claims := array(select c from identity.standing_claims(v_keys) c);

    -- A bound claim that does not win any more steps back into the ledger.
    insert into identity.further_claim (
      external_id, source, kind, record_id, method, confidence, asserted_at, restored_at
    )
    select x.external_id, x.source, x.kind, coalesce(x.record_id, catalog.manual_record(x.juke_id)),
      case when x.record_id is null then 'manual' else x.method end, x.confidence, x.since, x.restored_at
    from identity.external_id x
    join unnest(v_claims) c on c.external_id = x.external_id and c.source = x.source and c.kind = x.kind
    where c.nth = 1 and c.record_id is distinct from x.record_id
    on conflict do nothing;

    delete from identity.further_claim f
    using unnest(v_claims) c
    where c.nth = 1 and f.record_id = c.record_id and f.source = c.source and f.external_id = c.external_id
      and f.retracted_at is null and f.status = 'valid';

    with contested as (
      select c.external_id, c.source, c.kind
      from unnest(v_claims) c
      join identity.scheme s on s.scheme = c.source and s.exclusivity <> 'shared'
      where c.is_active
      group by c.external_id, c.source, c.kind
      having count(distinct c.juke_id) > 1
    ),
    winner as (
      select c.*, exists (
        select from contested o
        where o.external_id = c.external_id and o.source = c.source and o.kind = c.kind
      ) as is_contested
      from unnest(v_claims) c
      where c.nth = 1
    ),
    fresh as (
      select w.*
      from winner w
      where not exists (
        select from identity.external_id x
        where x.external_id = w.external_id and x.source = w.source and x.kind = w.kind
      )
    ),
    lost as (
      delete from identity.external_id x
      using (
        -- A set operation hashes, however few winners the planner expects.
        select k.external_id, k.source, k.kind from unnest(v_keys) k
        except
        select w.external_id, w.source, w.kind from winner w
      ) k
      where x.external_id = k.external_id and x.source = k.source and x.kind = k.kind
      returning x.juke_id
    ),
    moved as (
      update identity.external_id x
      set juke_id = w.juke_id, record_id = w.record_id, method = w.method, confidence = w.confidence,
        since = w.asserted_at, restored_at = w.restored_at, is_contested = w.is_contested
      from winner w, identity.external_id o
      where x.external_id = w.external_id and x.source = w.source and x.kind = w.kind
        and o.external_id = x.external_id and o.source = x.source and o.kind = x.kind
        and (x.juke_id, x.record_id, x.method, x.confidence, x.since, x.restored_at, x.is_contested)
          is distinct from
            (w.juke_id, w.record_id, w.method, w.confidence, w.asserted_at, w.restored_at, w.is_contested)
      returning array[o.juke_id, x.juke_id] as juke_ids
    ),
    won as (
      insert into identity.external_id (
        external_id, source, kind, juke_id, record_id, method, confidence, since, restored_at, is_contested
      )
      select f.external_id, f.source, f.kind, f.juke_id, f.record_id, f.method, f.confidence, f.asserted_at,
        f.restored_at, f.is_contested
      from fresh f
      order by f.external_id, f.source, f.kind
      on conflict do nothing
      returning juke_id
    ),
    touched as (
      select l.juke_id from lost l
      union
      select unnest(m.juke_ids) from moved m
      union
      select w.juke_id from won w
    )
    select coalesce((select array_agg(t.juke_id) from touched t), '{}'),
      (select count(*) from fresh) - (select count(*) from won)
    into v_touched, v_outrun;
    v_all_touched := v_all_touched || v_touched;

    -- Another session has bound one of them first: now it is there, to be locked and compared.
    exit when v_outrun = 0;
    insert into identity.further_claim (
      external_id, source, kind, record_id, method, confidence, asserted_at, restored_at
    )
    select c.external_id, c.source, c.kind, c.record_id, c.method, c.confidence, c.asserted_at, c.restored_at
    from unnest(v_claims) c
    where c.nth = 1 and c.record_id is not null
      and not exists (
        select from identity.external_id x
        where x.external_id = c.external_id and x.source = c.source and x.record_id = c.record_id
      )
    on conflict do nothing;
  end loop;

  perform identity.review_contested(v_keys, v_claims);
  return array(select distinct t from unnest(v_all_touched) t);
end
$function$;
CREATE OR REPLACE FUNCTION identity.record_claims(p_record_ids bigint[])
 RETURNS SETOF identity.claim
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select distinct on (r.record_id, s.scheme, coalesce(c.value, v.raw))
    r.record_id, r.kind, r.source, s.scheme, s.rank, s.exclusivity,
    s.exclusivity in ('shared', 'unstable') or o.duplicate_free, c.value, v.raw
  from ingest.record r
  join ingest.source o on o.source = r.source
  cross join lateral jsonb_each(nullif(ingest.effective(r.body, r.mention) -> 'ids', 'null')) i (scheme, listed)
  join identity.scheme s on s.scheme = i.scheme and s.scheme <> 'juke_id' and r.kind = any (s.kinds)
  cross join lateral (
    select i.listed #>> '{}' where jsonb_typeof(i.listed) <> 'array'
    union all
    select jsonb_array_elements_text(i.listed) where jsonb_typeof(i.listed) = 'array'
  ) v (raw)
  cross join lateral (select identity.claimed(s.scheme, v.raw, r.kind, s.kinds) offset 0) c (value)
  where r.record_id = any (p_record_ids)
    and v.raw is not null
  order by r.record_id, s.scheme, coalesce(c.value, v.raw)
$function$;
CREATE OR REPLACE FUNCTION identity.record_keys(p_record_ids bigint[])
 RETURNS identity.id_key[]
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select coalesce(array_agg(row (k.external_id, k.source, k.kind)::identity.id_key), '{}')
  from (
    select x.external_id, x.source, x.kind from identity.external_id x where x.record_id = any (p_record_ids)
    union
    select f.external_id, f.source, f.kind
    from identity.further_claim f
    where f.record_id = any (p_record_ids) and f.status = 'valid'
  ) k
$function$;
CREATE OR REPLACE FUNCTION identity.referrers(p_juke_ids uuid[])
 RETURNS uuid[]
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select coalesce(array_agg(r.juke_id), '{}')
  from (
    select c.juke_id from catalog.credit c where c.contributor_id = any (p_juke_ids)
    union
    select g.juke_id from catalog.entity_genre g where g.genre_id = any (p_juke_ids)
    union
    select g.genre_id from catalog.genre_parent g where g.parent_id = any (p_juke_ids)
    union
    select l.release_id from catalog.release_label l where l.label_id = any (p_juke_ids)
    union
    select t.release_id from catalog.release_track t where t.track_id = any (p_juke_ids)
    union
    select t.release_id from catalog.release_track t where t.video_id = any (p_juke_ids)
    union
    select w.track_id from catalog.track_work w where w.work_id = any (p_juke_ids)
    union
    -- Who says so refers to the other one.
    select a.juke_id from catalog.artist_relation a where a.artist_id = any (p_juke_ids) and a.juke_id = a.related_id
    union
    select a.juke_id from catalog.artist_relation a where a.related_id = any (p_juke_ids) and a.juke_id = a.artist_id
    union
    select r.juke_id from catalog.release r where r.album_id = any (p_juke_ids)
    union
    select l.juke_id from catalog.label l where l.parent_id = any (p_juke_ids)
    union
    select v.juke_id from catalog.video v where v.track_id = any (p_juke_ids)
    union
    select o.juke_id from catalog.episode o where o.podcast_id = any (p_juke_ids)
    union
    select b.juke_id from catalog.audiobook b where b.book_id = any (p_juke_ids)
  ) r
$function$;
CREATE OR REPLACE FUNCTION identity.referrers_through(p_juke_ids uuid[], p_record_ids bigint[])
 RETURNS uuid[]
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select coalesce(array_agg(distinct m.juke_id), '{}')
  from identity.membership m
  join ingest.record r on r.record_id = m.record_id
  cross join lateral ingest.referents(ingest.effective(r.body, r.mention)) t
  join ingest.record x on x.source_record_id = t.id and x.kind = t.kind and x.source = r.source
  where m.juke_id = any ((select identity.referrers(p_juke_ids))::uuid[]) and x.record_id = any (p_record_ids)
$function$;
CREATE OR REPLACE FUNCTION identity.referring(p_record_ids bigint[])
 RETURNS uuid[]
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  with wanted as materialized (
    select x.source, x.kind, x.source_record_id from ingest.record x where x.record_id = any (p_record_ids)
  )
  select coalesce(array_agg(distinct m.juke_id), '{}')
  from ingest.record r
  cross join lateral ingest.referents(ingest.effective(r.body, r.mention)) t
  join wanted x on x.source_record_id = t.id and x.kind = t.kind and x.source = r.source
  join identity.membership m on m.record_id = r.record_id
  join catalog.entity e on e.juke_id = m.juke_id and e.status = 'active'
  where r.source in (select w.source from wanted w)
$function$;
CREATE OR REPLACE FUNCTION identity.refuse_missing(p_juke_ids uuid[])
 RETURNS void
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_missing uuid;
begin
  select i.juke_id into v_missing
  from unnest(p_juke_ids) i (juke_id)
  where not exists (select from catalog.entity e where e.juke_id = i.juke_id)
  limit 1;
  if found then
    raise exception 'no entity %', coalesce(v_missing::text, 'null')
      using errcode = 'JB151', detail = 'catalog.entity has no such juke_id.', hint = 'Look it up with identity.resolve.';
  end if;
end
$function$;
CREATE OR REPLACE FUNCTION identity.refuse_reference(p_ref text)
 RETURNS void
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  raise exception 'not a reference: %', coalesce(left(p_ref, 100), 'null')
    using errcode = 'JB103',
      detail = coalesce(
        'It may be ' || (
          select string_agg(format('%s:%s', r.scheme, r.value), ' or ' order by r.confidence desc, r.scheme)
          from identity.bare_readings(p_ref) r
        ) || ': say which one.',
        'It is neither a uuid, nor scheme:value with a valid value of a known scheme, nor the URL of a known service.'
      ),
      hint = 'Try mbid:UUID, isrc:GBAYE6800011, spotify:track:ID, discogs:master:ID or a URL; the schemes are in identity.scheme.';
end
$function$;
CREATE OR REPLACE FUNCTION identity.reopen_reviews(p_operation identity.operation, p_juke_ids uuid[])
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
AS $function$
declare
  v_keys identity.id_key[];
begin
  update identity.review v
  set status = 'open', decided_at = null, decided_by = null, operation_id = null
  where v.status = 'settled' and v.topic = 'near_match' and v.operation_id = p_operation.operation_id
    and (v.a_juke_id = any (p_juke_ids) or v.b_juke_id = any (p_juke_ids))
    and not exists (select from identity.facts_on(v.a_juke_id, v.b_juke_id) f where f.verdict = 'cannot_link');
  update identity.review v
  set status = 'settled', decided_at = clock_timestamp(), decided_by = 'jukebase'
  where v.status = 'open' and v.topic = 'undo_refused'
    and v.evidence -> 'operation' = to_jsonb(p_operation.operation_id)
    and v.b_juke_id = any (p_juke_ids);
  if exists (
    select from identity.link_fact f where f.a_juke_id = any (p_juke_ids) or f.b_juke_id = any (p_juke_ids)
  ) then
    v_keys := identity.member_keys(p_operation.juke_id || p_juke_ids);
    perform identity.review_contested(v_keys, array(select c from identity.standing_claims(v_keys) c));
  end if;
end
$function$;
CREATE OR REPLACE FUNCTION identity.require_read_committed()
 RETURNS void
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if current_setting('transaction_isolation') not in ('read committed', 'read uncommitted') then
    raise exception 'identity is changed at read committed only'
      using errcode = 'JB174', detail = format('This transaction is at %s.', current_setting('transaction_isolation')),
        hint = 'Begin it with: begin isolation level read committed.';
  end if;
end
$function$;
CREATE OR REPLACE FUNCTION identity.resolve(ref text)
 RETURNS SETOF identity.resolution
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE SECURITY DEFINER ROWS 1
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_reference constant identity.reference := identity.parse(ref);
begin
  if v_reference.scheme is null then
    perform identity.refuse_reference(ref);
  end if;
  if exists (
    select from identity.scheme s where s.scheme = v_reference.scheme and s.exclusivity = 'shared'
  ) then
    return query
      select ref,
        case when min(r.kind) over () <> max(r.kind) over () then 'ambiguous' else r.status end::identity.resolution_status,
        r.juke_id, r.kind, r.rule, v_reference.scheme, v_reference.value, false
      from identity.resolve_shared(v_reference.scheme, v_reference.value, v_reference.kinds) r;
    return;
  end if;
  return query
    select ref,
      case when count(*) over () > 1 then 'ambiguous' else r.status end::identity.resolution_status,
      r.juke_id, r.kind, r.rule, v_reference.scheme, v_reference.value,
      exists (
        select from identity.external_id x
        where x.external_id = v_reference.value and x.source = r.rule and x.kind = r.kind and x.is_contested
      )
    from identity.resolve_reference(v_reference.scheme, v_reference.value, v_reference.kinds) r;
end
$function$;
CREATE OR REPLACE FUNCTION identity.resolve_as_of(ref text, at timestamp with time zone)
 RETURNS SETOF identity.resolution
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE SECURITY DEFINER ROWS 1
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_reference constant identity.reference := identity.parse(ref);
  v_is_shared constant boolean := exists (
    select from identity.scheme s where s.scheme = v_reference.scheme and s.exclusivity = 'shared'
  );
begin
  if v_reference.scheme is null then
    perform identity.refuse_reference(ref);
  elsif resolve_as_of.at is null then
    raise exception 'a moment is missing'
      using errcode = 'JB175', detail = 'The argument at is null.',
        hint = 'Say when: 2026-01-01T00:00:00Z; of now tells identity.resolve.';
  end if;

  if v_reference.scheme in ('uuid', 'juke_id') then
    return query
      select ref,
        case t.status when 'active' then 'found' when 'merged' then 'redirected' else 'deleted' end
          ::identity.resolution_status,
        t.juke_id, t.kind, 'juke_id', v_reference.scheme, v_reference.value, false
      from identity.entity_at(v_reference.value::uuid, resolve_as_of.at) t;
    if found or v_reference.scheme = 'juke_id' then
      return;
    end if;
  end if;

  return query
    with claim as (
      select t.juke_id, t.kind, t.status, a.source, s.rank,
        row_number() over (
          partition by a.source, a.kind
          order by t.status = 'active' desc, coalesce(r.source = 'manual', true) desc, a.confidence desc,
            coalesce(o.priority, 1000) desc,
            case when coalesce(r.source = 'manual', true) then a.asserted_at end, r.source collate "C", r.source_record_id, a.record_id
        ) as nth,
        not v_is_shared
          and min(t.juke_id::text) filter (where t.status = 'active') over id
            <> max(t.juke_id::text) filter (where t.status = 'active') over id as is_contested
      from identity.assertion a
      join identity.scheme s on s.scheme = a.source
      left join ingest.record r on r.record_id = a.record_id
      left join ingest.source o on o.source = r.source
      cross join lateral identity.entity_at(
        case
          when a.record_id is null then a.juke_id
          else identity.member_at(a.record_id, resolve_as_of.at)
        end,
        resolve_as_of.at
      ) t
      where a.external_id = v_reference.value
        and (v_reference.scheme = 'uuid' or a.source = v_reference.scheme)
        and (v_reference.kinds is null or a.kind = any (v_reference.kinds))
        and a.status = 'valid'
        and a.stands_from <= resolve_as_of.at
        and (a.retracted_at is null or a.retracted_at > resolve_as_of.at)
      window id as (partition by a.source, a.kind)
    ),
    answer as (
      select c.juke_id, c.kind, c.source,
        (case c.status when 'active' then 'found' when 'merged' then 'redirected' else 'deleted' end)
          ::identity.resolution_status as status,
        min(c.nth) as nth, min(c.rank) as rank, bool_or(c.is_contested) as is_contested,
        dense_rank() over (order by min(c.rank), array_position(v_reference.kinds, c.kind), c.kind) as kind_nth,
        bool_or(c.status <> 'deleted') over (partition by c.source, c.kind) as has_living
      from claim c
      where v_is_shared or c.nth = 1
      group by c.juke_id, c.kind, c.source, c.status
    ),
    best as (
      select b.*
      from answer b
      where (b.kind_nth = 1 or v_reference.kinds is null and v_reference.scheme <> 'uuid')
        and (b.status <> 'deleted' or not b.has_living)
    )
    select ref,
      case when min(b.kind) over () <> max(b.kind) over () then 'ambiguous' else b.status end::identity.resolution_status,
      b.juke_id, b.kind, b.source, v_reference.scheme, v_reference.value,
      coalesce(b.is_contested, false)
    from best b
    order by b.kind_nth, b.nth;
end
$function$;
CREATE OR REPLACE FUNCTION identity.resolve_external(p_source text, p_external_id text)
 RETURNS TABLE(juke_id uuid, kind catalog.entity_kind)
 LANGUAGE sql
 STABLE PARALLEL SAFE ROWS 1
AS $function$
  select x.juke_id, x.kind
  from identity.external_id x
  where x.external_id = p_external_id and x.source = p_source
$function$;
CREATE OR REPLACE FUNCTION identity.resolve_external_many(p_source text, p_external_ids text[])
 RETURNS TABLE(ordinal bigint, external_id text, juke_id uuid, kind catalog.entity_kind)
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select i.ordinal, i.external_id, x.juke_id, x.kind
  from unnest(p_external_ids) with ordinality i (external_id, ordinal)
  left join identity.external_id x on x.external_id = i.external_id and x.source = p_source
$function$;
CREATE OR REPLACE FUNCTION identity.resolve_many(refs text[])
 RETURNS SETOF identity.resolution
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if cardinality(refs) > 10000 then
    raise exception 'too many references: %', cardinality(refs)
      using errcode = 'JB104', detail = 'One call takes at most 10,000.', hint = 'Send them in several calls.';
  end if;
  return query
    select i.ref,
      case
        when p.scheme is null then 'invalid'
        when r.matches is null then 'not_found'
        when r.matches > 1 then 'ambiguous'
        else r.status
      end::identity.resolution_status,
      case when r.matches = 1 then r.juke_id end,
      case when r.matches = 1 then r.kind end,
      r.rule, p.scheme, p.value,
      exists (
        select from identity.external_id x
        where x.external_id = p.value and x.source = r.rule and x.kind = r.kind and x.is_contested
      )
    from unnest(refs) with ordinality i (ref, ordinal)
    cross join lateral identity.parse(i.ref) p
    left join lateral (
      select c.*, count(*) over () as matches
      from identity.resolve_reference(p.scheme, p.value, p.kinds) c
      limit 1
    ) r on true
    order by i.ordinal;
end
$function$;
CREATE OR REPLACE FUNCTION identity.resolve_one(ref text)
 RETURNS identity.resolution
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_found constant identity.resolution[] := array(select r from identity.resolve(ref) r);
begin
  if v_found[1].status = 'ambiguous' then
    raise exception 'the reference is ambiguous: %', left(ref, 100)
      using errcode = 'JB102',
        detail = format('It is the %s id of several things: %s.', v_found[1].scheme,
          (select string_agg(format('%s %s', f.kind, f.juke_id), ', ' order by f.kind) from unnest(v_found) f)),
        hint = format('Say the kind: %s:%s:%s.', v_found[1].scheme, v_found[1].kind, v_found[1].value);
  end if;
  return v_found[1];
end
$function$;
CREATE OR REPLACE FUNCTION identity.resolve_reference(p_scheme text, p_value text, p_kinds catalog.entity_kind[])
 RETURNS TABLE(juke_id uuid, kind catalog.entity_kind, rule text, status identity.resolution_status)
 LANGUAGE sql
 STABLE PARALLEL SAFE ROWS 1
AS $function$
  select r.juke_id, r.kind, r.rule, r.status
  from identity.resolve_uuid(case p_scheme when 'uuid' then p_value::uuid end) r
  where p_scheme = 'uuid'
  union all
  select r.juke_id, r.kind, r.rule, r.status
  from identity.resolve_uuid(case p_scheme when 'juke_id' then p_value::uuid end) r
  where p_scheme = 'juke_id' and r.rule = 'juke_id' -- a juke_id that misses is not looked for elsewhere
  union all
  (
    select coalesce(e.merged_into, e.juke_id), e.kind, x.source,
      case e.status when 'active' then 'found' when 'merged' then 'redirected' else 'deleted' end
        ::identity.resolution_status
    from identity.external_id x
    join catalog.entity e on e.juke_id = x.juke_id
    where p_scheme not in ('uuid', 'juke_id')
      and x.external_id = p_value
      and x.source = p_scheme
      and (p_kinds is null or x.kind = any (p_kinds))
    order by array_position(p_kinds, x.kind), x.kind
    limit case when p_kinds is null then 12 else 1 end
  )
$function$;
CREATE OR REPLACE FUNCTION identity.resolve_shared(p_scheme text, p_value text, p_kinds catalog.entity_kind[])
 RETURNS TABLE(juke_id uuid, kind catalog.entity_kind, rule text, status identity.resolution_status)
 LANGUAGE sql
 STABLE PARALLEL SAFE ROWS 3
AS $function$
  select c.survivor, c.kind, p_scheme, c.status
  from (
    select coalesce(e.merged_into, e.juke_id) as survivor, e.kind,
      (case e.status when 'active' then 'found' when 'merged' then 'redirected' else 'deleted' end)
        ::identity.resolution_status as status,
      min(c.nth) as nth,
      dense_rank() over (order by array_position(p_kinds, e.kind), e.kind) as kind_nth,
      bool_or(e.status <> 'deleted') over (partition by e.kind) as has_living
    from (
      select a.juke_id,
        row_number() over (
          partition by a.kind
          order by t.status = 'active' desc, coalesce(r.source = 'manual', true) desc, a.confidence desc,
            coalesce(s.priority, 1000) desc,
            case when coalesce(r.source = 'manual', true) then a.asserted_at end, r.source collate "C", r.source_record_id, a.record_id
        ) as nth
      from identity.assertion a
      join catalog.entity t on t.juke_id = a.juke_id
      left join ingest.record r on r.record_id = a.record_id
      left join ingest.source s on s.source = r.source
      where a.external_id = p_value and a.source = p_scheme and (p_kinds is null or a.kind = any (p_kinds))
        and a.status = 'valid' and a.retracted_at is null
    ) c
    join catalog.entity e on e.juke_id = c.juke_id
    group by coalesce(e.merged_into, e.juke_id), e.kind, e.status
  ) c
  where (p_kinds is null or c.kind_nth = 1)
    and (c.status <> 'deleted' or not c.has_living)
  order by c.kind_nth, c.nth
$function$;
CREATE OR REPLACE FUNCTION identity.resolve_uuid(p_id uuid)
 RETURNS TABLE(juke_id uuid, kind catalog.entity_kind, rule text, status identity.resolution_status)
 LANGUAGE sql
 STABLE PARALLEL SAFE ROWS 1
AS $function$
  select coalesce(e.merged_into, e.juke_id), e.kind, c.rule,
    case e.status when 'active' then 'found' when 'merged' then 'redirected' else 'deleted' end
      ::identity.resolution_status
  from (
    select p_id as juke_id, 'juke_id' as rule, -2147483648 as rank -- before any scheme
    union all
    select x.juke_id, x.source, (select s.rank from identity.scheme s where s.scheme = x.source)
    from identity.external_id x
    where x.external_id = p_id::text
  ) c
  join catalog.entity e on e.juke_id = c.juke_id
  order by c.rank, e.kind
  limit 1
$function$;
CREATE OR REPLACE FUNCTION identity.restore_claims(p_operation identity.operation)
 RETURNS bigint[]
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_records constant bigint[] := array(
    select distinct c.record_id from identity.changed_claim c where c.operation_id = p_operation.operation_id
  );
begin
  if p_operation.op = 'retract' then
    insert into identity.further_claim (
      external_id, source, kind, record_id, method, confidence, asserted_at, restored_at
    )
    select f.external_id, f.source, f.kind, f.record_id, f.method, f.confidence, f.asserted_at, clock_timestamp()
    from identity.changed_claim c
    cross join lateral (
      select f.*
      from identity.further_claim f
      where f.record_id = c.record_id and f.source = c.source and f.external_id = c.external_id
        and f.retracted_at is not null and f.retracted_by <> 'record'
      order by f.retracted_at desc
      limit 1
    ) f
    where c.operation_id = p_operation.operation_id
      and (
        f.method <> 'stated'
        or exists (
          select
          from identity.record_claims(v_records) s
          where s.record_id = f.record_id and s.scheme = f.source and s.value = f.external_id
        )
      )
    on conflict do nothing;
  elsif p_operation.op = 'claim' then
    perform identity.step_back(array(
      select row (c.record_id, c.source, c.external_id)::identity.claim_key
      from identity.changed_claim c
      where c.operation_id = p_operation.operation_id
    ), identity.actor(), format('undo of operation %s', p_operation.operation_id));
  end if;
  return v_records;
end
$function$;
CREATE OR REPLACE FUNCTION identity.retract(entity uuid, source text, external_id text, reason text DEFAULT NULL::text, expected_version integer DEFAULT NULL::integer)
 RETURNS identity.operation
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_kind constant catalog.entity_kind := (select e.kind from catalog.entity e where e.juke_id = entity);
  v_value text;
  v_claims identity.claim_key[];
  v_operation identity.operation;
begin
  if v_kind is null then
    perform identity.seize(array[entity]); -- says why not
  end if;
  v_value := identity.checked(retract.source, retract.external_id, v_kind);
  perform identity.seize(array[entity], array[row (v_value, retract.source, v_kind)::identity.id_key],
    catalog.seen(entity, expected_version));

  -- What was written by hand becomes a claim, so that it can be taken back.
  perform identity.adopt(array[entity]);
  v_claims := array(
    select row (a.record_id, a.source, a.external_id)::identity.claim_key
    from identity.assertion a
    where a.external_id = v_value and a.source = retract.source and a.kind = v_kind and a.juke_id = entity
      and a.status = 'valid' and a.retracted_at is null
  );
  if v_claims = '{}' then
    raise exception '% does not claim %:%', entity, retract.source, v_value
      using errcode = 'JB169', detail = 'None of its records does.',
        hint = 'identity.assertion shows who claims the id.';
  end if;

  insert into identity.operation (op, juke_id, actor, reason)
  values ('retract', entity, identity.actor(), retract.reason)
  returning * into v_operation;
  insert into identity.changed_claim (operation_id, record_id, source, external_id)
  select v_operation.operation_id, c.record_id, c.source, c.external_id from unnest(v_claims) c;
  perform identity.step_back(v_claims, identity.actor(), retract.reason);

  perform identity.settle_id(entity, row (v_value, retract.source, v_kind)::identity.id_key);
  return v_operation;
end
$function$;
CREATE OR REPLACE FUNCTION identity.retract_unsaid(p_record_ids bigint[], p_said identity.claim[])
 RETURNS identity.id_key[]
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
AS $function$
declare
  v_gone constant identity.claim_key[] := array(
    select row (o.record_id, o.source, o.external_id)::identity.claim_key
    from (
      select x.record_id, x.source, x.external_id, x.method
      from identity.external_id x
      where x.record_id = any (p_record_ids)
      union all
      select f.record_id, f.source, f.external_id, f.method
      from identity.further_claim f
      where f.record_id = any (p_record_ids) and f.retracted_at is null
    ) o
    where o.method = 'stated'
      and not exists (
        select from unnest(p_said) c
        where c.record_id = o.record_id and c.scheme = o.source and coalesce(c.value, c.raw) = o.external_id
      )
  );
begin
  if v_gone = '{}' then
    return '{}';
  end if;
  return identity.step_back(v_gone, 'record');
end
$function$;
CREATE OR REPLACE FUNCTION identity.review_contested(p_keys identity.id_key[], p_claims identity.ranked_claim[])
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
AS $function$
begin
  update identity.review v
  set status = 'settled', decided_at = clock_timestamp(), decided_by = 'jukebase'
  from unnest(p_keys) k
  where v.status = 'open' and v.topic = 'contested'
    and v.external_id = k.external_id and v.source = k.source and v.kind = k.kind
    and not (
      exists (
        select from unnest(p_claims) c
        where c.external_id = k.external_id and c.source = k.source and c.kind = k.kind and c.is_active
          and c.nth = 1 and c.juke_id = v.a_juke_id
      )
      and exists (
        select from unnest(p_claims) c
        where c.external_id = k.external_id and c.source = k.source and c.kind = k.kind and c.is_active
          and c.juke_id = v.b_juke_id
      )
    );

  insert into identity.review (topic, kind, a_juke_id, b_juke_id, source, external_id, evidence, worth)
  select 'contested', w.kind, w.juke_id, o.juke_id, w.source, w.external_id,
    jsonb_build_object(
      'bound', jsonb_build_object('record_id', w.record_id, 'confidence', w.confidence, 'asserted_at', w.asserted_at),
      'claimed', jsonb_build_object('record_id', o.record_id, 'confidence', o.confidence, 'asserted_at', o.asserted_at)
    ),
    -- the closer the call, the likelier it is to fall otherwise
    identity.review_worth(array[w.juke_id, o.juke_id], least(o.confidence / greatest(w.confidence, 0.01), 1))
  from unnest(p_claims) w
  join identity.scheme s on s.scheme = w.source and s.exclusivity <> 'shared'
  join (
    -- the best claim of each entity
    select distinct on (c.external_id, c.source, c.kind, c.juke_id) c.*
    from unnest(p_claims) c
    where c.is_active
    order by c.external_id, c.source, c.kind, c.juke_id, c.nth
  ) o on o.external_id = w.external_id and o.source = w.source and o.kind = w.kind and o.juke_id <> w.juke_id
  where w.nth = 1 and w.is_active
    and not exists (select from identity.facts_on(w.juke_id, o.juke_id) f where f.verdict = 'cannot_link')
  on conflict do nothing;
end
$function$;
CREATE OR REPLACE FUNCTION identity.review_duplicates(p_run_id bigint)
 RETURNS integer
 LANGUAGE sql
AS $function$
  with minted as materialized (
    select m.juke_id, e.kind, left(lower(e.display_name), 80) as title, e.mbid, r.source, c.contributor_id
    from ops.run n
    join ingest.record r on r.delivery_id = n.delivery_id and r.version = 1 and r.body is not null
    join identity.membership m on m.record_id = r.record_id and m.rule = 'minted' and m.since >= n.started_at
    join catalog.entity e on e.juke_id = m.juke_id and e.status = 'active'
    join catalog.credit c on c.juke_id = m.juke_id and c.role = 'artist' and c.position = 1
    where n.run_id = p_run_id and e.kind in ('album', 'track', 'video', 'work')
  ),
  -- Of a title that many have each is read once, however many of them the run has minted.
  candidate as materialized (
    select e.juke_id, e.kind, t.title, e.mbid, c.contributor_id
    from (select distinct n.kind, n.title from minted n) t
    join catalog.entity e
      on e.kind = t.kind and e.kind in ('album', 'track', 'video', 'work') and left(lower(e.display_name), 80) = t.title
    join catalog.credit c on c.juke_id = e.juke_id and c.role = 'artist' and c.position = 1
    where e.status = 'active'
  ),
  alike as (
    select distinct on (least(n.juke_id, o.juke_id), greatest(n.juke_id, o.juke_id))
      n.kind, n.juke_id as a_juke_id, o.juke_id as b_juke_id, n.contributor_id
    from minted n
    join candidate o
      on o.kind = n.kind and o.title = n.title and o.contributor_id = n.contributor_id and o.juke_id <> n.juke_id
    left join catalog.track s on s.juke_id = n.juke_id
    left join catalog.track t on t.juke_id = o.juke_id
    where (n.mbid = o.mbid) is not false
      and (abs(s.duration_ms - t.duration_ms) <= 3000) is not false
      and not exists (
        select
        from identity.membership m
        join ingest.record r on r.record_id = m.record_id
        join ingest.source d on d.source = r.source
        where m.juke_id = o.juke_id and r.source = n.source and d.duplicate_free
      )
      and not exists (select from identity.facts_on(n.juke_id, o.juke_id) f where f.verdict = 'cannot_link')
    order by least(n.juke_id, o.juke_id), greatest(n.juke_id, o.juke_id)
  ),
  opened as (
    insert into identity.review (topic, kind, a_juke_id, b_juke_id, evidence, worth)
    select 'near_match', a.kind, a.a_juke_id, a.b_juke_id,
      jsonb_build_object('alike', jsonb_build_array('title', 'artist', 'duration_ms'), 'contributor_id', a.contributor_id),
      identity.review_worth(array[a.a_juke_id, a.b_juke_id], 0.5) as worth
    from alike a
    where not exists (
      select
      from identity.review v
      where v.topic = 'near_match' and v.status = 'open'
        and v.a_juke_id in (a.a_juke_id, a.b_juke_id) and v.b_juke_id in (a.a_juke_id, a.b_juke_id)
    )
    order by worth desc, a.a_juke_id, a.b_juke_id
    limit 1000
    on conflict do nothing
    returning 1
  )
  select count(*)::int from opened
$function$;
CREATE OR REPLACE FUNCTION identity.review_near_matches(p_record_ids bigint[])
 RETURNS void
 LANGUAGE sql
AS $function$
  insert into identity.review (topic, kind, a_juke_id, b_juke_id, evidence, worth)
  select distinct on (w.a_juke_id, w.b_juke_id) 'near_match', w.kind, w.a_juke_id, w.b_juke_id,
    jsonb_build_object('record_id', w.record_id, 'vetoed', w.veto),
    identity.review_worth(array[w.a_juke_id, w.b_juke_id], 0.25)
  from (
    select m.record_id, o.kind, o.juke_id as a_juke_id, m.juke_id as b_juke_id, v.veto
    from identity.membership m
    cross join lateral jsonb_array_elements(m.evidence -> 'vetoed') v (veto)
    join identity.scheme s on s.scheme = v.veto ->> 'scheme' and s.exclusivity in ('shared', 'unstable')
    join catalog.entity o on o.juke_id = (v.veto ->> 'juke_id')::uuid and o.status = 'active'
    where m.record_id = any (p_record_ids)
      and m.rule = 'minted'
      and v.veto ->> 'because' <> 'one per source'
      and o.juke_id <> m.juke_id
  ) w
  where not exists (select from identity.facts_on(w.a_juke_id, w.b_juke_id) f where f.verdict = 'cannot_link')
  order by w.a_juke_id, w.b_juke_id, w.record_id
  on conflict do nothing
$function$;
CREATE OR REPLACE FUNCTION identity.review_queue("limit" integer DEFAULT 20)
 RETURNS TABLE(review_id bigint, topic identity.review_topic, kind catalog.entity_kind, source text, external_id text, worth real, evidence jsonb, a jsonb, b jsonb, opened_at timestamp with time zone)
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE SECURITY DEFINER ROWS 20
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if "limit" is null or "limit" not between 1 and 1000 then
    raise exception 'limit is out of range: %', coalesce("limit"::text, 'null')
      using errcode = 'JB167', detail = 'A page has 1 to 1,000 reviews.', hint = 'Ask for 1 to 1,000 reviews.';
  end if;
  return query
    select v.review_id, v.topic, v.kind, v.source, v.external_id, v.worth, v.evidence,
      identity.dossier(case v.topic when 'undo_refused' then a.juke_id else coalesce(a.merged_into, a.juke_id) end),
      identity.dossier(case v.topic when 'undo_refused' then b.juke_id else coalesce(b.merged_into, b.juke_id) end),
      v.opened_at
    from identity.review v
    join catalog.entity a on a.juke_id = v.a_juke_id
    join catalog.entity b on b.juke_id = v.b_juke_id
    where v.status = 'open'
      and (
        v.topic = 'undo_refused'
        -- Those that have become one, or are gone, answer themselves.
        or a.status <> 'deleted' and b.status <> 'deleted'
          and coalesce(a.merged_into, a.juke_id) <> coalesce(b.merged_into, b.juke_id)
      )
    order by v.worth desc, v.review_id
    limit "limit";
end
$function$;
CREATE OR REPLACE FUNCTION identity.review_undo(operation bigint, only_member uuid DEFAULT NULL::uuid, note text DEFAULT NULL::text, expected_versions catalog.entity_version[] DEFAULT NULL::catalog.entity_version[])
 RETURNS SETOF identity.review
 LANGUAGE plpgsql
 SECURITY DEFINER ROWS 1
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_operation identity.operation;
  v_plan jsonb;
begin
  if expected_versions is not null then
    perform identity.seize('{}', p_expected => expected_versions);
  end if;
  v_plan := (
    select jsonb_agg(to_jsonb(p)) from identity.undo_plan(review_undo.operation, only_member) p where p.is_blocker
  );
  select o.* into v_operation from identity.operation o where o.operation_id = review_undo.operation;
  if v_plan is null or v_operation.op not in ('merge', 'split')
    or not exists (select from identity.undo_scope(v_operation.operation_id, only_member))
  then
    raise exception 'operation % needs no review', v_operation.operation_id
      using errcode = 'JB173',
        detail = case
          when v_operation.op = 'undo' then 'It is an undo.'
          when v_operation.undone_by is not null then format('Operation %s has undone it already.', v_operation.undone_by)
          when v_operation.op not in ('merge', 'split') then format('It is a %s: it concerns one entity.', v_operation.op)
          when v_plan is null then 'Nothing stands in the way of its undo.'
          else 'Nothing of it stands any more' || coalesce(' for ' || only_member, '') || '.'
        end,
        hint = case
          when v_operation.op = 'undo' then 'Do again what it took back.'
          when v_operation.undone_by is null and (v_operation.op not in ('merge', 'split') or v_plan is null)
            then 'Call identity.undo.'
          else 'Nothing has to be done.'
        end;
  end if;

  insert into identity.review (topic, kind, a_juke_id, b_juke_id, evidence, worth)
  select 'undo_refused', e.kind, v_operation.juke_id, c.juke_id,
    jsonb_build_object('operation', v_operation.operation_id, 'op', v_operation.op, 'blocked_by', v_plan, 'note', review_undo.note),
    identity.review_worth(array[v_operation.juke_id, c.juke_id], 1)
  from identity.undo_scope(v_operation.operation_id, only_member) c
  join catalog.entity e on e.juke_id = c.juke_id
  where c.juke_id <> v_operation.juke_id
    -- what redirected to a loser already comes with the loser
    and (v_operation.op = 'split' or c.from_status = 'active')
  order by c.juke_id
  on conflict do nothing;
  return query
    select v.*
    from identity.review v
    where v.status = 'open' and v.topic = 'undo_refused' and v.evidence -> 'operation' = to_jsonb(v_operation.operation_id)
      and (only_member is null or v.b_juke_id = only_member)
    order by v.review_id;
end
$function$;
CREATE OR REPLACE FUNCTION identity.review_worth(p_juke_ids uuid[], p_likelihood double precision)
 RETURNS real
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select (p_likelihood * (
    (select count(*) from (select from identity.membership m where m.juke_id = any (p_juke_ids) limit 1000) m)
    + (select count(*) from (select from catalog.credit c where c.contributor_id = any (p_juke_ids) limit 1000) c)
  ))::real
$function$;
CREATE OR REPLACE FUNCTION identity.rule(a uuid, b uuid, verdict identity.verdict DEFAULT NULL::identity.verdict, reason text DEFAULT NULL::text, expected_versions catalog.entity_version[] DEFAULT NULL::catalog.entity_version[])
 RETURNS identity.link_fact
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_fact identity.link_fact;
  v_keys identity.id_key[];
begin
  if a = b then
    raise exception 'nothing can be ruled of an entity and itself'
      using errcode = 'JB153', detail = format('Both are %s.', a), hint = 'Name two entities.';
  end if;
  perform identity.seize(array[a, b], p_expected => expected_versions);
  if verdict is null then
    -- What was said of those that have become them holds for them, and is taken back with it.
    select f.* into v_fact from identity.facts_on(a, b) f order by f.at desc limit 1;
    delete from identity.link_fact f
    using identity.facts_on(a, b) o
    where f.a_juke_id = o.a_juke_id and f.b_juke_id = o.b_juke_id;
    if not found then
      raise exception 'nothing was ruled of % and %', a, b
        using errcode = 'JB172', detail = 'There is no verdict to take back.', hint = 'identity.why_not shows what was ruled.';
    end if;
    -- What both claim is a question again.
    v_keys := array(
      select k from unnest(identity.member_keys(array[a])) k intersect select k from unnest(identity.member_keys(array[b])) k
    );
    perform identity.review_contested(v_keys, array(select c from identity.standing_claims(v_keys) c));
  else
    if verdict = 'must_link' then
      perform identity.check_kinds(array[a, b]);
    end if;
    v_fact := identity.set_fact(a, b, verdict, reason);
  end if;
  return v_fact;
end
$function$;
CREATE OR REPLACE FUNCTION identity.seize(p_juke_ids uuid[], p_keys identity.id_key[] DEFAULT '{}'::identity.id_key[], p_expected catalog.entity_version[] DEFAULT NULL::catalog.entity_version[])
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_all uuid[];
  v_stale catalog.entity;
begin
  perform identity.require_read_committed();
  v_all := p_juke_ids || identity.claimants(p_keys) || array(select x.juke_id from unnest(p_expected) x);
  perform
  from catalog.entity e
  where e.juke_id = any (v_all)
  order by e.juke_id
  for update;

  perform identity.refuse_missing(p_juke_ids);

  select e.* into v_stale
  from catalog.entity e
  where e.juke_id = any (p_juke_ids) and e.status <> 'active'
  order by e.juke_id
  limit 1;
  if found then
    raise exception 'entity % is %', v_stale.juke_id, v_stale.status
      using errcode = 'JB152',
        detail = case v_stale.status
          when 'merged' then format('It was merged into %s.', v_stale.merged_into)
          else 'It is a tombstone.'
        end,
        hint = case v_stale.status
          when 'merged' then 'Name the survivor, or undo the merge first.'
          else 'Undo the deletion first.'
        end;
  end if;
  perform catalog.refuse_stale(p_expected);
end
$function$;
CREATE OR REPLACE FUNCTION identity.seizing(p_seats identity.seat[], p_claims identity.claim[])
 RETURNS bigint[]
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select coalesce(array_agg(distinct c.record_id), '{}')
  from unnest(p_seats) s
  join unnest(p_claims) c on c.record_id = s.record_id
  join ingest.record cr on cr.record_id = c.record_id
  join ingest.source o on o.source = c.source
  join identity.external_id x on x.external_id = c.value and x.source = c.scheme and x.kind = c.kind
  join catalog.entity xe on xe.juke_id = x.juke_id
  left join catalog.entity se on se.juke_id = s.juke_id -- not there yet when it is to be minted
  left join ingest.record xr on xr.record_id = x.record_id
  left join ingest.source xo on xo.source = xr.source
  cross join lateral (
    select (coalesce(se.status = 'active', true), c.source = 'manual', 1::real, o.priority) as own,
      (xe.status = 'active', coalesce(xr.source = 'manual', true), x.confidence, coalesce(xo.priority, 1000)) as theirs
  ) a
  where x.juke_id <> s.juke_id
    and (
      a.own > a.theirs
      or a.own = a.theirs and c.source <> 'manual'
        and (c.source collate "C", cr.source_record_id) < (xr.source collate "C", xr.source_record_id)
    )
$function$;
CREATE OR REPLACE FUNCTION identity.set_fact(p_a uuid, p_b uuid, p_verdict identity.verdict, p_reason text, p_operation_id bigint DEFAULT NULL::bigint)
 RETURNS identity.link_fact
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_fact identity.link_fact;
begin
  -- The last word, also over what was said of those that have become them.
  delete from identity.link_fact f
  using identity.facts_on(p_a, p_b) o
  where f.a_juke_id = o.a_juke_id and f.b_juke_id = o.b_juke_id
    and (f.a_juke_id, f.b_juke_id) <> (least(p_a, p_b), greatest(p_a, p_b));
  insert into identity.link_fact as f (a_juke_id, b_juke_id, verdict, actor, reason, operation_id)
  values (least(p_a, p_b), greatest(p_a, p_b), p_verdict, identity.actor(), p_reason, p_operation_id)
  on conflict (a_juke_id, b_juke_id) do update
    set verdict = excluded.verdict, actor = excluded.actor, reason = excluded.reason, at = now(),
      operation_id = excluded.operation_id
  returning * into v_fact;
  update identity.review v
  set status = 'settled', decided_at = clock_timestamp(), decided_by = 'jukebase'
  where p_verdict = 'cannot_link' and v.status = 'open' and v.topic <> 'undo_refused' and v.a_juke_id in (p_a, p_b) and v.b_juke_id in (p_a, p_b);
  return v_fact;
end
$function$;
CREATE OR REPLACE FUNCTION identity.settle(p_juke_ids uuid[], p_record_ids bigint[], p_referrers uuid[])
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_affected uuid[] := p_juke_ids || p_referrers || identity.rebind(
    identity.record_keys(p_record_ids) || array(
      -- written by hand
      select row (x.external_id, x.source, x.kind)::identity.id_key
      from identity.external_id x
      where x.juke_id = any (p_juke_ids) and x.record_id is null
    )
  );
begin
  v_affected := array(select distinct a from unnest(v_affected) a);
  perform catalog.project(v_affected);
  perform catalog.unproject(array(
    select e.juke_id from catalog.entity e where e.juke_id = any (v_affected) and e.status <> 'active'
  ));
end
$function$;
CREATE OR REPLACE FUNCTION identity.settle_id(p_juke_id uuid, p_key identity.id_key, p_is_bound boolean DEFAULT false)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_affected uuid[] := array[p_juke_id];
begin
  if not p_is_bound then
    v_affected := v_affected || identity.rebind(array[p_key]);
  end if;
  if p_key.source = 'mbid' then
    perform catalog.project_mbids(v_affected);
  end if;
  v_affected := array(
    select distinct a.juke_id
    from unnest(v_affected) a (juke_id)
    where not exists (
      select
      from identity.membership m
      join ingest.record r on r.record_id = m.record_id
      where m.juke_id = a.juke_id and r.source <> 'manual'
    )
  );
  if v_affected <> '{}' then
    perform catalog.project(v_affected);
  end if;
end
$function$;
CREATE OR REPLACE FUNCTION identity.slug(p_name text)
 RETURNS text
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select pg_catalog.btrim(
    pg_catalog.regexp_replace(
      pg_catalog.regexp_replace(
        pg_catalog.lower(public.unaccent('public.unaccent'::regdictionary, normalize(p_name, nfkc))), '\s*&\s*', ' and ', 'g'
      ),
      '[^[:alnum:]]+', '-', 'g'
    ),
    '-'
  )
$function$;
CREATE OR REPLACE FUNCTION identity.special_title(p_juke_ids uuid[])
 RETURNS text
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select p.title
  from identity.special_entity p
  join identity.external_id x on x.external_id = p.external_id and x.source = p.source and x.kind = p.kind
  where x.juke_id = any (p_juke_ids)
  order by x.juke_id
  limit 1
$function$;
CREATE OR REPLACE FUNCTION identity.split(entity uuid, records bigint[], reason text DEFAULT NULL::text, expected_version integer DEFAULT NULL::integer)
 RETURNS identity.operation
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
AS $function$
declare
  v_operation identity.operation;
  v_records constant bigint[] := array(select distinct r from unnest(records) r where r is not null);
  v_new catalog.entity;
  v_referrers uuid[];
begin
  perform identity.check_split(entity, v_records, catalog.seen(entity, expected_version));
  v_referrers := identity.referrers_through(array[entity], v_records);

  insert into catalog.entity (kind, display_name)
  select e.kind, e.display_name from catalog.entity e where e.juke_id = entity
  returning * into v_new;
  insert into identity.operation (op, juke_id, actor, reason)
  values ('split', entity, identity.actor(), split.reason)
  returning * into v_operation;
  insert into identity.changed_entity (operation_id, juke_id, to_status)
  values (v_operation.operation_id, v_new.juke_id, 'active');

  insert into identity.moved_record (
    operation_id, record_id, from_juke_id, from_rule, from_since, from_evidence, to_juke_id
  )
  select v_operation.operation_id, m.record_id, m.juke_id, m.rule, m.since, m.evidence, v_new.juke_id
  from identity.membership m
  where m.record_id = any (v_records);
  update identity.membership m
  set juke_id = v_new.juke_id, rule = 'split', since = v_operation.at,
    evidence = jsonb_build_object('operation_id', v_operation.operation_id)
  where m.record_id = any (v_records);

  -- A person has told them apart: no later run joins them again, and nobody is asked whether they are one.
  perform identity.set_fact(entity, v_new.juke_id, 'cannot_link', v_operation.reason, v_operation.operation_id);

  perform identity.settle(array[entity, v_new.juke_id], v_records, v_referrers);
  perform feed.mark(array[entity], 'split');
  return v_operation;
end
$function$;
CREATE OR REPLACE FUNCTION identity.split_plan(entity uuid, records bigint[])
 RETURNS TABLE(step text, juke_id uuid, record_id bigint, detail text)
 LANGUAGE plpgsql
 SECURITY DEFINER ROWS 100
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_records constant bigint[] := array(select distinct r from unnest(records) r where r is not null);
begin
  perform identity.check_split(entity, v_records);
  return query
    select 'move record', entity, r.record_id, format('%s of %s makes up the new entity', r.source_record_id, r.source)
    from ingest.record r
    where r.record_id = any (v_records)
    union all
    select 'bind', entity, x.record_id, format('%s %s names the new entity', x.source, x.external_id)
    from identity.external_id x
    where x.record_id = any (v_records)
    union all
    select 'contest', entity, f.record_id, format('%s %s is claimed by both', f.source, f.external_id)
    from identity.further_claim f
    join identity.scheme s on s.scheme = f.source and s.exclusivity <> 'shared'
    join identity.external_id x on x.external_id = f.external_id and x.source = f.source and x.kind = f.kind and x.juke_id = entity
    where f.retracted_at is null and f.status = 'valid'
      and (f.record_id = any (v_records)) <> coalesce(x.record_id = any (v_records), false)
    union all
    select 'refer', r.juke_id, null, format('the %s "%s" refers to the new entity', e.kind, e.display_name)
    from unnest(identity.referrers_through(array[entity], v_records)) r (juke_id)
    join catalog.entity e on e.juke_id = r.juke_id
    union all
    select 'rule', entity, null, 'they are ruled to be different: later runs do not link them again';
end
$function$;
CREATE OR REPLACE FUNCTION identity.standing_claims(p_keys identity.id_key[])
 RETURNS SETOF identity.ranked_claim
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select a.external_id, a.source, a.kind, a.juke_id, a.record_id, a.method, a.confidence, a.asserted_at, a.restored_at,
    e.status = 'active',
    row_number() over (
      partition by a.external_id, a.source, a.kind
      order by e.status = 'active' desc,
        coalesce(r.source = 'manual', true) desc, -- a binding without a record was written by hand
        a.confidence desc, coalesce(s.priority, 1000) desc,
        case when coalesce(r.source = 'manual', true) then a.asserted_at end, -- of what people say, the older
        r.source collate "C", r.source_record_id, a.record_id -- of what sources say, nothing that depends on which came first
    )
  -- identity.assertion, read by its keys: a join with the view itself would read all of it.
  from (
    select x.external_id, x.source, x.kind, coalesce(m.juke_id, x.juke_id) as juke_id, x.record_id, x.method,
      x.confidence, x.since as asserted_at, x.restored_at
    from unnest(p_keys) k
    join identity.external_id x on x.external_id = k.external_id and x.source = k.source and x.kind = k.kind
    left join identity.membership m on m.record_id = x.record_id
    union all
    select f.external_id, f.source, f.kind, m.juke_id, f.record_id, f.method, f.confidence, f.asserted_at, f.restored_at
    from unnest(p_keys) k
    join identity.further_claim f on f.external_id = k.external_id and f.source = k.source and f.kind = k.kind
    join identity.membership m on m.record_id = f.record_id
    where f.status = 'valid' and f.retracted_at is null
  ) a
  join catalog.entity e on e.juke_id = a.juke_id
  left join ingest.record r on r.record_id = a.record_id
  left join ingest.source s on s.source = r.source
$function$;
CREATE OR REPLACE FUNCTION identity.step_back(p_claims identity.claim_key[], p_by text, p_reason text DEFAULT NULL::text)
 RETURNS identity.id_key[]
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
AS $function$
declare
  v_keys identity.id_key[];
begin
  -- A bound claim steps back into the ledger; the binding itself is rebind's to move.
  insert into identity.further_claim (
    external_id, source, kind, record_id, method, confidence, asserted_at, restored_at
  )
  select x.external_id, x.source, x.kind, x.record_id, x.method, x.confidence, x.since, x.restored_at
  from identity.external_id x
  join unnest(p_claims) c on c.record_id = x.record_id and c.source = x.source and c.external_id = x.external_id
  on conflict do nothing;
  delete from identity.external_id x
  using unnest(p_claims) c
  where c.record_id = x.record_id and c.source = x.source and c.external_id = x.external_id;

  with gone as (
    update identity.further_claim f
    set retracted_at = clock_timestamp(), retracted_by = p_by, reason = p_reason
    from unnest(p_claims) c
    where f.record_id = c.record_id and f.source = c.source and f.external_id = c.external_id
      and f.retracted_at is null
    returning f.external_id, f.source, f.kind
  )
  select coalesce(array_agg(distinct row (g.external_id, g.source, g.kind)::identity.id_key), '{}') into v_keys from gone g;
  return v_keys;
end
$function$;
CREATE OR REPLACE FUNCTION identity.tg_entity__check_redirect()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_next uuid;
begin
  -- The row as it is at the end: the transaction may have changed it again.
  select t.merged_into into v_next
  from catalog.entity e
  join catalog.entity t on t.juke_id = e.merged_into
  where e.juke_id = new.juke_id
  for share of t;
  if v_next is null then
    select new.juke_id into v_next
    from catalog.entity s
    where s.merged_into = new.juke_id
    limit 1;
  end if;
  if v_next is not null then
    raise exception 'entity % would redirect to a merged entity', new.juke_id
      using errcode = 'JB107', detail = 'A redirect is one hop: its target is never merged itself.',
        hint = 'Merge into the survivor, and point what was merged into this entity there as well.';
  end if;
  return null;
end
$function$;
CREATE OR REPLACE FUNCTION identity.tg_external_id__check()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_bad record;
begin
  select n.source, n.kind, s.kinds into v_bad
  from (select distinct r.source, r.kind from new_rows r) n
  left join identity.scheme s on s.scheme = n.source
  where s.scheme is null or n.kind <> all (s.kinds) or n.source = 'juke_id'
  limit 1;
  if found then
    if v_bad.kinds is null then
      raise exception 'unknown identifier scheme "%"', v_bad.source
        using errcode = 'JB105',
          detail = format('Known schemes: %s.', (select string_agg(s.scheme, ', ' order by s.rank) from identity.scheme s)),
          hint = 'Add a row to identity.scheme for a new one.';
    end if;
    if v_bad.source = 'juke_id' then
      raise exception 'a juke_id is not an external id'
        using errcode = 'JB106', detail = 'It is the key of the entity itself: every entity has one, and nobody gives it another.',
          hint = 'Choose a scheme of your own for a key of your own.';
    end if;
    raise exception 'scheme "%" does not name kind %', v_bad.source, v_bad.kind
      using errcode = 'JB106', detail = format('It names %s.', array_to_string(v_bad.kinds, ', ')),
        hint = 'Check the kind, or add it to identity.scheme.kinds.';
  end if;

  select n.juke_id, n.kind, e.kind as own_kind into v_bad
  from new_rows n
  join catalog.entity e on e.juke_id = n.juke_id
  where (tg_op = 'UPDATE' or n.record_id is null) and e.kind <> n.kind
  limit 1;
  if found then
    raise exception 'entity % is not of kind %', v_bad.juke_id, v_bad.kind
      using errcode = 'JB101', detail = format('catalog.entity has it as %s.', v_bad.own_kind),
        hint = format('Use catalog.%s_external_id.', v_bad.own_kind);
  end if;

  if tg_op = 'UPDATE' then
    select n.source, n.external_id, c.canonical into v_bad
    from (
      select r.external_id, r.source, r.kind from new_rows r
      except
      select r.external_id, r.source, r.kind from old_rows r
    ) n
    cross join lateral identity.canonical(n.source, n.external_id) c (canonical)
    where n.external_id is distinct from c.canonical
    limit 1;
  else
    select n.source, n.external_id, c.canonical into v_bad
    from new_rows n
    cross join lateral identity.canonical(n.source, n.external_id) c (canonical)
    where n.record_id is null and n.external_id is distinct from c.canonical
    limit 1;
  end if;
  if found then
    raise exception 'not the canonical form of an id of scheme "%": "%"', v_bad.source, left(v_bad.external_id, 100)
      using errcode = 'JB108', detail = 'Only one way of writing an id is looked up.',
        hint = coalesce(format('Write it "%s".', v_bad.canonical), 'The value is not valid in this scheme.');
  end if;
  return null;
end
$function$;
CREATE OR REPLACE FUNCTION identity.undo(operation bigint, only_member uuid DEFAULT NULL::uuid, reason text DEFAULT NULL::text, expected_versions catalog.entity_version[] DEFAULT NULL::catalog.entity_version[])
 RETURNS identity.operation
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
AS $function$
declare
  v_operation identity.operation;
  v_undo identity.operation;
  v_entities uuid[];
  v_records bigint[];
  v_own bigint[];
  v_expected constant uuid[] := array(select x.juke_id from unnest(expected_versions) x);
  v_held uuid[] := '{}';
  v_wanted uuid[];
  v_referrers uuid[];
  v_blockers text;
begin
  perform identity.require_read_committed();
  select o.* into v_operation from identity.operation o where o.operation_id = undo.operation for update;
  if not found then
    raise exception 'no operation %', coalesce(undo.operation::text, 'null')
      using errcode = 'JB159', detail = 'identity.operation has no such id.',
        hint = 'identity.operation lists them; identity.how those of an entity.';
  end if;

  v_entities := array(select c.juke_id from identity.undo_scope(v_operation.operation_id, only_member) c);
  if v_operation.op = 'undo' or v_operation.undone_by is not null
    or (v_entities = '{}' and v_operation.op in ('merge', 'split', 'delete'))
    or (only_member is not null and (v_operation.op <> 'merge' or only_member <> all (v_entities)))
  then
    raise exception 'operation % cannot be undone', v_operation.operation_id
      using errcode = 'JB160',
        detail = case
          when v_operation.op = 'undo' then 'It is an undo.'
          when only_member is not null and v_operation.op <> 'merge' then 'Only a merge can be undone member by member.'
          when only_member is not null and v_operation.undone_by is null
            then format('%s is no member of it that still stands.', only_member)
          else 'It has been undone already.'
        end,
        hint = case
          when v_operation.op = 'undo' then 'Do again what it took back.'
          else 'identity.how tells what has happened to an entity.'
        end;
  end if;

  -- What is to change is locked: the entities, those that the records belong to by now, and those that claim the same ids; and what
  -- the person has seen.
  v_records := identity.operation_records(v_operation.operation_id, v_entities);
  loop
    -- What people have said of a part since a split goes along with it.
    v_own := array(
      select m.record_id
      from identity.membership m
      join ingest.record r on r.record_id = m.record_id and r.source = 'manual' and r.source_record_id = m.juke_id::text
      where v_operation.op = 'split' and m.juke_id = any (v_entities) and m.record_id <> all (v_records)
    );
    v_wanted := array(
      select w.juke_id
      from (
        select unnest(v_entities || v_operation.juke_id)
        union
        select m.juke_id from identity.membership m where m.record_id = any (v_records)
        union
        select unnest(identity.claimants(identity.record_keys(v_records || v_own)))
      ) w (juke_id)
      where w.juke_id <> all (v_held)
    );
    exit when v_wanted = '{}';
    perform from catalog.entity e where e.juke_id = any (v_wanted || v_expected) order by e.juke_id for update;
    v_held := v_held || v_wanted;
  end loop;
  v_records := v_records || v_own;
  perform catalog.refuse_stale(expected_versions);

  select string_agg(distinct format('%s: %s', coalesce('record ' || p.record_id, p.juke_id::text), p.detail), '; ')
  into v_blockers
  from identity.undo_plan(v_operation.operation_id, only_member) p
  where p.is_blocker;
  if v_blockers is not null then
    raise exception 'operation % cannot be undone now', v_operation.operation_id
      using errcode = 'JB161', detail = left(v_blockers, 2000),
        hint = format('select * from identity.undo_plan(%s) shows the plan, identity.review_undo puts it to the review queue.',
          concat_ws(', ', v_operation.operation_id, quote_literal(only_member)));
  end if;

  v_referrers := case v_operation.op
    when 'delete' then identity.referring(v_records)
    when 'merge' then identity.referrers_through(v_held, v_records)
    when 'split' then identity.referrers_through(v_held, v_records)
    else '{}'
  end;
  insert into identity.operation (op, juke_id, actor, reason, undoes)
  values ('undo', v_operation.juke_id, identity.actor(), undo.reason, v_operation.operation_id)
  returning * into v_undo;

  insert into identity.moved_record (
    operation_id, record_id, from_juke_id, from_rule, from_since, from_evidence, to_juke_id
  )
  select v_undo.operation_id, m.record_id, m.juke_id, m.rule, m.since, m.evidence, w.from_juke_id
  from identity.moved_record w
  join identity.membership m on m.record_id = w.record_id
  where w.operation_id = v_operation.operation_id and w.record_id = any (v_records);
  update identity.membership m
  set juke_id = w.from_juke_id, rule = w.from_rule, since = w.from_since, evidence = w.from_evidence
  from identity.moved_record w
  where w.operation_id = v_operation.operation_id and w.record_id = m.record_id and m.record_id = any (v_records);

  insert into identity.moved_record (
    operation_id, record_id, from_juke_id, from_rule, from_since, from_evidence, to_juke_id
  )
  select v_undo.operation_id, m.record_id, m.juke_id, m.rule, m.since, m.evidence, v_operation.juke_id
  from identity.membership m
  where m.record_id = any (v_own);
  update identity.membership m
  set juke_id = v_operation.juke_id, rule = 'undo', since = v_undo.at,
    evidence = jsonb_build_object('operation_id', v_undo.operation_id)
  where m.record_id = any (v_own);

  insert into identity.changed_entity (
    operation_id, juke_id, from_status, from_merged_into, to_status, to_merged_into
  )
  select v_undo.operation_id, e.juke_id, e.status, e.merged_into,
    -- what a split has minted was given out as an id: it redirects to where it came from
    coalesce(c.from_status, 'merged'),
    case when c.from_status is null then v_operation.juke_id else c.from_merged_into end
  from identity.changed_entity c
  join catalog.entity e on e.juke_id = c.juke_id
  where c.operation_id = v_operation.operation_id and c.juke_id = any (v_entities)
  union all
  -- and so do the keys that redirect to it: a redirect is one hop
  select v_undo.operation_id, e.juke_id, e.status, e.merged_into, 'merged', v_operation.juke_id
  from catalog.entity e
  where v_operation.op = 'split' and e.merged_into = any (v_entities);
  update catalog.entity e
  set status = c.to_status, merged_into = c.to_merged_into
  from identity.changed_entity c
  where c.operation_id = v_undo.operation_id and e.juke_id = c.juke_id;

  update identity.changed_entity c
  set undone_by = v_undo.operation_id
  where c.operation_id = v_operation.operation_id and c.juke_id = any (v_entities);
  update identity.operation o
  set undone_by = v_undo.operation_id
  where o.operation_id = v_operation.operation_id
    and not exists (
      select from identity.changed_entity c
      where c.operation_id = o.operation_id and c.undone_by is null
    );
  perform identity.restore_claims(v_operation);
  -- A verdict that a split has made, or that this merge has carried out, falls with it.
  delete from identity.link_fact f
  where f.operation_id = v_operation.operation_id
    or v_operation.op = 'merge' and f.verdict = 'must_link'
      and (f.a_juke_id = v_operation.juke_id and f.b_juke_id = any (v_entities)
        or f.b_juke_id = v_operation.juke_id and f.a_juke_id = any (v_entities));

  perform identity.settle(v_held, v_records, v_referrers);
  perform identity.reopen_reviews(v_operation, v_entities);
  return v_undo;
end
$function$;
CREATE OR REPLACE FUNCTION identity.undo_plan(operation bigint, only_member uuid DEFAULT NULL::uuid)
 RETURNS TABLE(step text, juke_id uuid, record_id bigint, is_blocker boolean, detail text)
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE SECURITY DEFINER ROWS 100
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_operation identity.operation;
begin
  select o.* into v_operation from identity.operation o where o.operation_id = undo_plan.operation;
  if not found then
    raise exception 'no operation %', coalesce(undo_plan.operation::text, 'null')
      using errcode = 'JB159', detail = 'identity.operation has no such id.',
        hint = 'identity.operation lists them; identity.how those of an entity.';
  end if;

  if v_operation.op = 'undo' or v_operation.undone_by is not null
    or only_member is not null and not exists (select from identity.undo_scope(v_operation.operation_id, only_member))
  then
    return query
      select 'blocked by operation', coalesce(only_member, v_operation.juke_id), null::bigint, true,
        case
          when v_operation.op = 'undo' then 'it is an undo: do again what it took back'
          when v_operation.undone_by is not null then format('operation %s has undone it already', v_operation.undone_by)
          else format('it is no member of operation %s that still stands', v_operation.operation_id)
        end;
    return;
  end if;

  return query
    with scope as (
      select c.* from identity.undo_scope(v_operation.operation_id, only_member) c
    ),
    moves as (
      select w.*
      from identity.moved_record w
      where w.operation_id = v_operation.operation_id
        and (v_operation.op <> 'merge' or w.from_juke_id in (select c.juke_id from scope c))
    ),
    -- Those that came later and still stand.
    later as not materialized (
      select o.operation_id, o.op from identity.operation o where o.operation_id > v_operation.operation_id and o.op <> 'undo'
    )
    select 'restore entity', c.juke_id, null::bigint, false,
      case
        when c.from_status is null then 'is taken back into the entity it was split from'
        else format('becomes %s again', c.from_status || coalesce(' into ' || c.from_merged_into, ''))
      end
    from scope c
    union all
    select 'move record back', w.from_juke_id, w.record_id, false,
      format('%s %s of %s', r.kind, r.source_record_id, r.source)
    from moves w
    join ingest.record r on r.record_id = w.record_id
    union all
    select s.step, m.juke_id, c.record_id, false,
      format('%s %s', c.source, c.external_id)
        || case s.step when 'leave claim' then ': its record does not say so any more' else '' end
    from identity.changed_claim c
    join identity.membership m on m.record_id = c.record_id
    cross join lateral (
      select case
        when v_operation.op = 'claim' then 'take claim back'
        when exists (
          select from identity.further_claim f
          where f.record_id = c.record_id and f.source = c.source and f.external_id = c.external_id and f.method <> 'stated'
        ) or exists (
          select from identity.record_claims(array[c.record_id]) n
          where n.scheme = c.source and n.value = c.external_id
        ) then 'restore claim'
        else 'leave claim'
      end
    ) s (step)
    where c.operation_id = v_operation.operation_id
    union all
    select 'blocked by operation', w.from_juke_id, w.record_id, true,
      format('operation %s (%s) has moved it since: undo that one first', l.operation_id, l.op)
    from moves w
    join identity.moved_record n on n.record_id = w.record_id
    join later l on l.operation_id = n.operation_id
    join identity.operation o on o.operation_id = l.operation_id
    where case l.op
      when 'merge' then exists (
        select from identity.changed_entity c
        where c.operation_id = n.operation_id and c.juke_id = n.from_juke_id and c.undone_by is null
      )
      else o.undone_by is null
    end
    union all
    -- Who gives the records back needs some of its own: without, it would go on to show what they said.
    select distinct 'blocked by operation', g.juke_id, null::bigint, true,
      format('nothing would remain of it: operation %s (%s) has taken its own records, undo that one first', l.operation_id, l.op)
    from (select distinct m.juke_id from moves w join identity.membership m on m.record_id = w.record_id) g
    join identity.moved_record n on n.from_juke_id = g.juke_id
    join later l on l.operation_id = n.operation_id and l.op = 'split'
    join identity.operation o on o.operation_id = l.operation_id and o.undone_by is null
    where v_operation.op = 'merge'
      and not exists (
        select from identity.membership m
        join ingest.record r on r.record_id = m.record_id
        where m.juke_id = g.juke_id and (r.source <> 'manual' or r.body ?| '{name,title}')
          and not exists (select from moves w where w.record_id = m.record_id)
      )
    union all
    select 'blocked by operation', c.juke_id, null, true,
      format('operation %s (%s) has changed it since: undo that one first', n.operation_id, l.op)
    from scope c
    join identity.changed_entity n on n.juke_id = c.juke_id and n.undone_by is null
    join later l on l.operation_id = n.operation_id
    union all
    select 'blocked by operation', m.juke_id, c.record_id, true,
      format('operation %s (%s) has changed its claim to %s %s since: undo that one first',
        l.operation_id, l.op, c.source, c.external_id)
    from identity.changed_claim c
    join identity.membership m on m.record_id = c.record_id
    join identity.changed_claim n
      on n.record_id = c.record_id and n.source = c.source and n.external_id = c.external_id
    join later l on l.operation_id = n.operation_id
    join identity.operation o on o.operation_id = l.operation_id
    where c.operation_id = v_operation.operation_id and o.undone_by is null
    union all
    -- What is to go back into another entity needs that entity.
    select 'blocked by operation', e.juke_id, null, true, format('it is %s now: undo that first', e.status)
    from catalog.entity e
    where v_operation.op = 'split' and e.juke_id = v_operation.juke_id and e.status <> 'active'
    union all
    select 'blocked by verdict', c.juke_id, null, true,
      format('%s ruled on %s that they are different: take that back first, by identity.rule without a verdict', f.actor, f.at::date)
    from scope c
    cross join lateral identity.facts_on(v_operation.juke_id, c.juke_id) f
    where v_operation.op = 'split' and f.verdict = 'cannot_link' and f.operation_id is distinct from v_operation.operation_id
    union all
    -- What a split has made has grown records of its own, or taken others in.
    select 'blocked by record', c.juke_id, m.record_id, true, 'has joined since: move it elsewhere first'
    from scope c
    join identity.membership m on m.juke_id = c.juke_id
    join ingest.record r on r.record_id = m.record_id
    where c.from_status is null
      and not exists (select from moves w where w.record_id = m.record_id)
      and not (r.source = 'manual' and r.source_record_id = c.juke_id::text) -- what people say of it goes along
    union all
    select 'blocked by entity', e.juke_id, null, true, 'was merged into it since: undo that first'
    from scope c
    join catalog.entity e on e.merged_into = c.juke_id
    where c.from_status is null
      -- a key that an undone split has left behind was never merged: it goes along
      and exists (
        select from identity.changed_entity n
        join identity.operation o on o.operation_id = n.operation_id
        where n.juke_id = e.juke_id and o.op = 'merge' and n.from_status = 'active' and n.undone_by is null
      );
end
$function$;
CREATE OR REPLACE FUNCTION identity.undo_scope(p_operation_id bigint, p_only_member uuid DEFAULT NULL::uuid)
 RETURNS SETOF identity.changed_entity
 LANGUAGE sql
 STABLE PARALLEL SAFE ROWS 10
AS $function$
  select c.*
  from identity.changed_entity c
  where c.operation_id = p_operation_id
    and c.undone_by is null
    and (
      p_only_member is null
      or c.juke_id = p_only_member and c.from_status = 'active'
      or c.from_merged_into = p_only_member
    )
$function$;
CREATE OR REPLACE FUNCTION identity.url_of(p_scheme text, p_value text, p_kind catalog.entity_kind DEFAULT NULL::catalog.entity_kind)
 RETURNS text
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if p_value like 'https://%' then
    return p_value;
  end if;
  return (
    select case when count(*) = 1 then min(u.url) end
    from identity.url_pattern p
    cross join lateral replace(p.template, '{value}', p_value) u (url)
    where p.scheme = p_scheme
      and (p_kind is null or p_kind = any (p.kinds))
      and substr(u.url, length('https://') + 1) ~ p.pattern -- a channel is not a video
  );
end
$function$;
CREATE OR REPLACE FUNCTION identity.uuidv7()
 RETURNS uuid
 LANGUAGE sql
 PARALLEL SAFE
AS $function$select pg_catalog.uuidv7()$function$;
CREATE OR REPLACE FUNCTION identity.uuidv7_at(p_at timestamp with time zone)
 RETURNS uuid
 LANGUAGE sql
 PARALLEL SAFE
AS $function$
  -- A version 4 uuid already carries the right variant and random bits: lay the time over the
  -- first six bytes and turn version 4 (0100) into 7 (0111) by setting two bits.
  select pg_catalog.encode(
    pg_catalog.set_bit(
      pg_catalog.set_bit(
        overlay(
          pg_catalog.uuid_send(pg_catalog.gen_random_uuid())
          placing substring(pg_catalog.int8send(floor(extract(epoch from p_at) * 1000)::bigint) from 3)
          from 1 for 6
        ),
        52, 1
      ),
      53, 1
    ),
    'hex'
  )::uuid
$function$;
CREATE OR REPLACE FUNCTION identity.veto_of(p_veto jsonb)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select case p_veto ->> 'because'
    when 'opposed' then format('their %s differs: its own is %s, the other''s %s',
      p_veto ->> 'by', identity.listed(p_veto -> 'own'), identity.listed(p_veto -> 'theirs'))
    when 'unstable' then 'ids of that scheme change hands, and no other id agrees'
    else format('%s has a record of the other already', p_veto ->> 'source')
  end
$function$;
CREATE OR REPLACE FUNCTION identity.why_not(a uuid, b uuid)
 RETURNS TABLE(verdict text, detail text)
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE SECURITY DEFINER ROWS 10
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_a catalog.entity;
  v_b catalog.entity;
  v_keys identity.id_key[];
begin
  perform identity.refuse_missing(array[a, b]);
  select e.* into v_a from catalog.entity e where e.juke_id = a;
  select e.* into v_b from catalog.entity e where e.juke_id = b;
  if coalesce(v_a.merged_into, v_a.juke_id) = coalesce(v_b.merged_into, v_b.juke_id) then
    return query
      select 'same', format('They are one: %s.', identity.named(coalesce(v_a.merged_into, v_a.juke_id)))
        || coalesce((
          select ' ' || identity.deed_of(o)
          from identity.changed_entity c
          join identity.operation o on o.operation_id = c.operation_id
          where c.juke_id in (a, b) and c.undone_by is null and o.op = 'merge'
          order by o.operation_id desc
          limit 1
        ), '');
    return;
  end if;
  return query
    select 'veto', format('One is of kind %s, the other of kind %s.', v_a.kind, v_b.kind)
    where v_a.kind <> v_b.kind
    union all
    select 'veto', format('%s stands for no one in particular.', t.title)
    from (select identity.special_title(array[a, b]) as title) t
    where t.title is not null
    union all
    select case f.verdict when 'cannot_link' then 'veto' else 'for' end,
      format('%s ruled on %s that they %s%s.', f.actor, f.at::date,
        case f.verdict when 'cannot_link' then 'are different' else 'are the same' end, coalesce(': ' || f.reason, ''))
    from identity.facts_on(a, b) f;

  return query
    select 'against', format('%s merged them on %s%s, and %s took that back on %s%s.', o.actor, o.at::date,
      coalesce(' (' || o.reason || ')', ''), u.actor, u.at::date, coalesce(' (' || u.reason || ')', ''))
    from identity.operation o
    join identity.changed_entity c on c.operation_id = o.operation_id
    join identity.operation u on u.operation_id = c.undone_by
    where o.op = 'merge' and o.juke_id in (a, b) and c.juke_id in (a, b)
    order by o.operation_id;

  -- What was found when a record of the one might have joined the other.
  return query
    select 'against',
      format('When the record %s of %s came, its %s %s was the other''s too, but %s.',
        r.source_record_id, r.source, v ->> 'scheme', v ->> 'value', identity.veto_of(v))
    from identity.membership m
    join ingest.record r on r.record_id = m.record_id
    cross join lateral jsonb_array_elements(m.evidence -> 'vetoed') v
    where m.juke_id in (a, b)
      and (v ->> 'juke_id')::uuid = case m.juke_id when a then b else a end;
  return query
    select 'against', format('Their %s differs: %s and %s.', s.title, x.ids, y.ids)
    from identity.scheme s
    join lateral (
      select string_agg(i.external_id, ', ' order by i.external_id) as ids
      from identity.external_id i where i.juke_id = a and i.source = s.scheme
    ) x on x.ids is not null
    join lateral (
      select string_agg(i.external_id, ', ' order by i.external_id) as ids
      from identity.external_id i where i.juke_id = b and i.source = s.scheme
    ) y on y.ids is not null
    where s.exclusivity <> 'shared'
    order by s.rank;
  return query
    select 'against', format('%s, which has no duplicates, has a record of each.', o.title)
    from ingest.source o
    where o.duplicate_free
      and (
        select count(distinct m.juke_id)
        from identity.membership m
        join ingest.record r on r.record_id = m.record_id
        where m.juke_id in (a, b) and r.source = o.source
      ) = 2;

  -- From the ids that both have to do with: the ledger by entity would be read from end to end.
  v_keys := array(
    select k from unnest(identity.member_keys(array[a])) k intersect select k from unnest(identity.member_keys(array[b])) k
  );
  return query
    select 'for', format('Both claim %s %s; it is bound to %s.', x.source, x.external_id, coalesce((
        select identity.named(i.juke_id)
        from identity.external_id i
        where i.external_id = x.external_id and i.source = x.source and i.kind = x.kind
      ), 'neither'))
    from identity.standing_claims(v_keys) x
    where x.juke_id in (a, b)
    group by x.source, x.external_id, x.kind
    having count(distinct x.juke_id) = 2
    order by x.source, x.external_id;
  return query
    select 'for', format('Their names are equal: %s.', v_a.display_name)
    where v_a.kind = v_b.kind and lower(v_a.display_name) = lower(v_b.display_name);
  return query
    select 'review', format('Review %s asks whether they are one; it is %s%s.', v.review_id,
      v.status, case when v.decided_at is not null then format(', decided by %s on %s', v.decided_by, v.decided_at::date) else '' end)
    from identity.review v
    where v.a_juke_id in (a, b) and v.b_juke_id in (a, b)
    order by v.review_id;
  return query
    select 'summary', case
      when v_a.status <> 'active' or v_b.status <> 'active' then (
        select string_agg(format('%s was %s.', identity.named(e.juke_id),
          case e.status when 'deleted' then 'deleted' else 'merged into ' || identity.named(e.merged_into) end), ' ')
        from (values (v_a.juke_id, v_a.status, v_a.merged_into), (v_b.juke_id, v_b.status, v_b.merged_into))
          e (juke_id, status, merged_into)
        where e.status <> 'active'
      )
      when v_a.kind <> v_b.kind then 'Entities of different kinds are never one.'
      else 'They are two. identity.merge makes them one, unless there is a veto.'
    end;
end
$function$;
CREATE OR REPLACE FUNCTION ingest.add_location(p_source text, p_url text, p_format text DEFAULT NULL::text, p_is_active boolean DEFAULT true)
 RETURNS bigint
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_location_id bigint;
begin
  perform ingest.check_source(p_source);
  if p_url is null or p_url !~ '^(https?|s3)://[^[:space:]]+$' or p_url ~ '^[a-z0-9]+://[^/?#]*@' or octet_length(p_url) > 2000 then
    raise exception 'a URL that is not fetched: "%"', coalesce(left(regexp_replace(p_url, '//[^/?#]*@', '//…@'), 100), 'null')
      using errcode = 'JB213', detail = 'It begins with https:// or s3://, has no spaces, no user or password, and at most 2,000 bytes.',
        hint = 'For example: https://label.example/feed.xml or s3://bucket/key.xml.';
  end if;
  insert into ingest.source (source, title)
  values (p_source, p_source)
  on conflict do nothing;
  insert into ingest.location as l (source, url, format, is_active)
  values (p_source, p_url, p_format, p_is_active)
  on conflict (source, url) do update
    set format = case when l.is_active and not excluded.is_active then l.format else coalesce(excluded.format, l.format) end,
      is_active = l.is_active or excluded.is_active
  returning l.location_id into v_location_id;
  return v_location_id;
end
$function$;
CREATE OR REPLACE FUNCTION ingest.age_of(p_delivery ingest.delivery)
 RETURNS timestamp with time zone
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select least(p_delivery.stated_at, p_delivery.received_at)
$function$;
CREATE OR REPLACE FUNCTION ingest.apply(p_delivery_id bigint, p_records jsonb, p_first bigint DEFAULT NULL::bigint, p_positions bigint[] DEFAULT NULL::bigint[], p_checksums uuid[] DEFAULT NULL::uuid[], OUT records integer, OUT new integer, OUT changed integer, OUT unchanged integer, OUT entities_minted integer, OUT entities_changed integer, OUT placeholders integer)
 RETURNS record
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
 SET enable_seqscan TO 'on'
AS $function$
declare
  v_stored record;
  v_source text;
  v_alone ingest.arrival[];
  v_plain ingest.arrival[];
  v_others bigint[];
  v_juke_ids uuid[];
  v_rest uuid[];
  v_linked record;
  v_scheme text;
  v_schemes constant text[] := array(select s.scheme from identity.scheme s);
  v_attempt int := 1;
  v_delivery_before constant text := coalesce(current_setting('jukebase.delivery', true), '');
begin
  perform set_config('jukebase.delivery', p_delivery_id::text, true); -- what the events name: feed.origin
  v_stored := ingest.store(p_delivery_id, p_records, p_first, p_positions, p_checksums);
  records := v_stored.records;
  new := v_stored.new;
  changed := v_stored.changed;
  unchanged := v_stored.unchanged;
  entities_minted := 0;
  entities_changed := 0;
  placeholders := 0;
  if new = 0 and changed = 0 then
    perform set_config('jukebase.delivery', v_delivery_before, true);
    return;
  end if;
  select d.source into v_source from ingest.delivery d where d.delivery_id = p_delivery_id;
  if exists (select from ingest.quality_rule q where q.source = v_source) then
    perform ingest.grade(v_stored.record_ids || array(select a.record_id from unnest(v_stored.arrivals) a));
  end if;

  select k.scheme into v_scheme
  from (
    select a.said from unnest(v_stored.arrivals) a
    union all
    select ingest.effective(r.body, r.mention) from ingest.record r where r.record_id = any (v_stored.record_ids)
  ) s
  cross join lateral jsonb_object_keys((nullif(s.said -> 'ids', 'null')) - v_schemes) k (scheme)
  limit 1;
  if found then
    raise exception 'unknown identifier scheme "%"', v_scheme
      using errcode = 'JB202',
        detail = format('Known schemes: %s.', (select string_agg(s.scheme, ', ' order by s.rank) from identity.scheme s)),
        hint = 'Correct the key under "ids", or add a row to identity.scheme.';
  end if;

  loop
    begin
      -- Most of what is new shares no id with anything: that takes a shorter way to the same end.
      v_alone := identity.link_alone(v_source, v_stored.arrivals, v_stored.record_ids);
      entities_minted := cardinality(v_alone);
      v_others := v_stored.record_ids || array(
        select a.record_id from unnest(v_stored.arrivals) a
        except
        select a.record_id from unnest(v_alone) a
      );
      v_juke_ids := '{}';
      if v_others <> '{}' then
        v_linked := identity.link(v_others);
        entities_minted := entities_minted + v_linked.minted;
        v_juke_ids := v_linked.juke_ids;
      end if;
      begin
        v_plain := catalog.project_alone(v_source, v_alone, v_juke_ids = '{}');
        v_rest := v_juke_ids || array(
          select a.juke_id from unnest(v_alone) a except select a.juke_id from unnest(v_plain) a
        );
        if v_rest <> '{}' then
          perform catalog.project(v_rest);
        end if;
        perform catalog.project_alone_parts(v_source, v_plain);
      exception when foreign_key_violation then
        -- Another session merges or deletes what one of them refers to: there are attempts left on the other way.
        perform catalog.project(v_juke_ids || array(select a.juke_id from unnest(v_alone) a));
      end;
      exit;
    exception when sqlstate 'JB109' or deadlock_detected then
      -- Another session has bound an id or moved a record first, or waits for this one. All locks are released now, and what
      -- it has done can be seen and locked in order.
      if v_attempt = 20 then
        raise;
      end if;
      v_attempt := v_attempt + 1;
      perform pg_sleep(0.05 * random()); -- or this session would take its locks again before those who wait for them wake up
    end;
  end loop;

  if v_juke_ids <> '{}' then
    select count(*) into entities_changed
    from feed.event v
    where v.xid = pg_current_xact_id_if_assigned() and v.at = now() and v.changed is not null and v.juke_id = any (v_juke_ids);
  end if;
  select count(*) into placeholders from unnest(v_stored.arrivals) a where a.said is null;
  perform set_config('jukebase.delivery', v_delivery_before, true);
end
$function$;
CREATE OR REPLACE FUNCTION ingest.apply_run(p_run_id bigint, p_first bigint, p_next bigint, p_records jsonb, p_positions bigint[], p_pointers text[], p_checksums uuid[] DEFAULT NULL::uuid[], p_known integer DEFAULT 0, p_refused jsonb DEFAULT '[]'::jsonb, p_warnings jsonb DEFAULT '[]'::jsonb, OUT applied boolean, OUT records integer, OUT new integer, OUT changed integer, OUT unchanged integer, OUT entities_minted integer, OUT entities_changed integer, OUT placeholders integer, OUT quarantined integer, OUT warnings integer)
 RETURNS record
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_run ops.run;
  v_pending int4range[] := array[int4range(0, jsonb_array_length(p_records))];
  v_range int4range;
  v_offset constant bigint := ingest.position_of(p_run_id, 0);
  v_positions constant bigint[] := array(
    select v_offset + p.position from unnest(p_positions) with ordinality p (position, n) order by p.n
  );
  v_middle int;
  v_counts record;
  v_state text;
  v_message text;
  v_detail text;
  v_hint text;
  v_refused jsonb := p_refused;
begin
  select r.* into v_run from ops.run r where r.run_id = p_run_id;
  if v_run.status is distinct from 'running' then
    raise exception 'run % is over', coalesce(p_run_id::text, 'null')
      using errcode = 'JB207', detail = format('It is %s.', coalesce(v_run.status::text, 'not there')),
        hint = 'Start another with ingest.start_run, or jukebase replay.';
  end if;
  applied := not v_run.done @> int8range(p_first, p_next);
  select 0, 0, 0, 0, 0, 0, 0, 0, 0
  into records, new, changed, unchanged, entities_minted, entities_changed, placeholders, quarantined, warnings;
  if not applied then
    return;
  end if;
  records := p_known;

  while v_pending <> '{}' loop
    v_range := v_pending[cardinality(v_pending)];
    v_pending := trim_array(v_pending, 1);
    continue when isempty(v_range);
    begin
      v_counts := ingest.apply(
        v_run.delivery_id,
        case
          when upper(v_range) - lower(v_range) = jsonb_array_length(p_records) then p_records
          else (
            select jsonb_agg(e.value order by e.n)
            from jsonb_array_elements(p_records) with ordinality e (value, n)
            where v_range @> e.n::int - 1
          )
        end,
        p_positions => v_positions[lower(v_range) + 1 : upper(v_range)],
        p_checksums => p_checksums[lower(v_range) + 1 : upper(v_range)]
      );
      -- What is only referred to is a placeholder, and no record of the delivery.
      records := records + upper(v_range) - lower(v_range);
      new := new + v_counts.new - v_counts.placeholders;
      changed := changed + v_counts.changed;
      entities_minted := entities_minted + v_counts.entities_minted;
      entities_changed := entities_changed + v_counts.entities_changed;
      placeholders := placeholders + v_counts.placeholders;
    exception when others then
      get stacked diagnostics v_state = returned_sqlstate, v_message = message_text, v_detail = pg_exception_detail,
        v_hint = pg_exception_hint;
      if not ingest.is_of_the_record(v_state) then
        raise;
      end if;
      if upper(v_range) - lower(v_range) > 1 then
        v_middle := (lower(v_range) + upper(v_range)) / 2;
        v_pending := v_pending || int4range(v_middle, upper(v_range)) || int4range(lower(v_range), v_middle);
      else
        v_refused := v_refused || jsonb_build_object(
          'pointer', p_pointers[lower(v_range) + 1], 'code', v_state, 'message', v_message,
          'detail', nullif(v_detail, ''), 'hint', nullif(v_hint, ''), 'record', p_records -> lower(v_range)
        );
      end if;
    end;
  end loop;

  unchanged := greatest(records - new - changed, 0); -- one that is stated twice is new once
  if v_refused <> '[]' then
    quarantined := ingest.put_aside(p_run_id, v_refused);
  end if;
  warnings := jsonb_array_length(p_warnings);
  if warnings > 0 and v_run.warnings < 1000 then
    insert into ingest.warning (run_id, position, pointer, message)
    select p_run_id, w.position, w.pointer, w.message
    from jsonb_to_recordset(p_warnings) as w (position bigint, pointer text, message text)
    order by w.position
    limit 1000 - v_run.warnings;
  end if;

  update ops.run r
  set done = r.done + int8multirange(int8range(p_first, p_next)), heartbeat_at = now(),
    records = r.records + apply_run.records, new = r.new + apply_run.new, changed = r.changed + apply_run.changed,
    unchanged = r.unchanged + apply_run.unchanged, entities_minted = r.entities_minted + apply_run.entities_minted,
    entities_changed = r.entities_changed + apply_run.entities_changed, placeholders = r.placeholders + apply_run.placeholders,
    quarantined = r.quarantined + apply_run.quarantined, warnings = r.warnings + apply_run.warnings
  where r.run_id = p_run_id and r.status = 'running' and not r.done && int8range(p_first, p_next);
  if not found then
    raise exception 'another process has dealt with these records at this moment, or the run is over'
      using errcode = '40001', hint = 'Call it again: it says then which.';
  end if;
end
$function$;
CREATE OR REPLACE FUNCTION ingest.apply_source(p_config jsonb, OUT outcome text, OUT is_ranked_anew boolean)
 RETURNS record
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_source constant text := p_config ->> 'source';
  v_before jsonb;
  v_after jsonb;
  -- What the sources that come with the product are, unless somebody says otherwise.
  v_priority constant int := case v_source when 'manual' then 1000 when 'musicbrainz' then 500 when 'discogs' then 400 else 100 end;
  v_type constant text := case when v_source = 'manual' then 'people' when v_source in ('musicbrainz', 'discogs') then 'community' else 'other' end;
  v_locations constant jsonb := coalesce(nullif(p_config -> 'locations', 'null'), '[]');
  v_message text;
begin
  perform ingest.check_source(v_source);
  v_before := ingest.source_config(v_source);

  insert into ingest.source as s (source, title, source_type, priority, duplicate_free, format, mapping, schedule)
  values (
    v_source, coalesce(p_config ->> 'title', v_source), coalesce(p_config ->> 'type', v_type),
    coalesce((p_config ->> 'priority')::int, v_priority), coalesce((p_config ->> 'duplicate_free')::boolean, v_source = 'discogs'), p_config ->> 'format', nullif(p_config -> 'mapping', 'null'),
    p_config ->> 'schedule'
  )
  on conflict (source) do update
    set title = excluded.title, source_type = excluded.source_type, priority = excluded.priority,
      duplicate_free = excluded.duplicate_free, format = excluded.format, mapping = excluded.mapping, schedule = excluded.schedule;

  delete from ingest.quality_rule q where q.source = v_source;
  insert into ingest.quality_rule (source, kind, field, test, argument, weight)
  select v_source, k.kind::catalog.entity_kind, r.field, coalesce(r.test, 'present'), r.argument, coalesce(r.weight, 1)
  from jsonb_each(coalesce(nullif(p_config -> 'quality', 'null'), '{}')) k (kind, rules)
  cross join lateral jsonb_to_recordset(k.rules) as r (field text, test text, argument text, weight real);

  -- What is no regular expression would refuse every record of the source.
  perform '' ~ q.argument from ingest.quality_rule q where q.source = v_source and q.test = 'matches';

  perform ingest.add_location(v_source, l.url) from jsonb_array_elements_text(v_locations) l (url);
  update ingest.location l
  set is_active = v_locations ? l.url, format = case when v_locations ? l.url then p_config ->> 'format' else l.format end
  where l.source = v_source and (l.is_active or v_locations ? l.url);

  v_after := ingest.source_config(v_source);
  outcome := case when v_before is null then 'created' when v_before = v_after then 'unchanged' else 'changed' end;
  is_ranked_anew := v_before is not null
    and (v_before -> 'priority', v_before -> 'quality') is distinct from (v_after -> 'priority', v_after -> 'quality');
exception when check_violation or unique_violation or data_exception or not_null_violation then
  get stacked diagnostics v_message = message_text;
  raise exception 'the source "%" cannot be configured like that', v_source
    using errcode = 'JB214', detail = v_message, hint = 'docs/reference/sources.md describes what a source may say.';
end
$function$;
CREATE OR REPLACE FUNCTION ingest.begin_run(p_run_id bigint)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  update ops.run r
  set status = 'running', attempts = r.attempts + 1, started_at = coalesce(r.started_at, now()), heartbeat_at = now()
  where r.run_id = p_run_id and r.status in ('queued', 'running');
  if not found then
    raise exception 'run % is over', coalesce(p_run_id::text, 'null')
      using errcode = 'JB207',
        detail = coalesce((select format('It has %s.', r.status) from ops.run r where r.run_id = p_run_id), 'There is no such run.'),
        hint = 'Start another with ingest.start_run, or jukebase replay.';
  end if;
end
$function$;
CREATE OR REPLACE FUNCTION ingest.changes(p_delivery_id bigint)
 RETURNS TABLE(kind catalog.entity_kind, source_record_id text, version integer, what text, changed_at timestamp with time zone, is_current boolean, juke_id uuid, display_name text)
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select r.kind, r.source_record_id, v.version, case v.version when 1 then 'new' else 'changed' end, v.changed_at, v.is_current,
    e.juke_id, e.display_name
  from (
    select r.record_id, r.version, r.changed_at, true as is_current
    from ingest.record r
    where r.delivery_id = p_delivery_id
    union all
    select v.record_id, v.version, v.changed_at, false
    from ingest.record_version v
    where v.delivery_id = p_delivery_id
  ) v
  join ingest.record r on r.record_id = v.record_id
  left join identity.membership m on m.record_id = r.record_id
  left join catalog.entity e on e.juke_id = m.juke_id
  order by r.kind, r.source_record_id, v.version
$function$;
CREATE OR REPLACE FUNCTION ingest.check_deliverer(p_source text)
 RETURNS void
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform ingest.check_source(p_source);
  if p_source = 'manual' then
    raise exception 'people do not deliver'
      using errcode = 'JB203', detail = '"manual" is the source of what they say: it outranks all others.',
        hint = 'Deliver under another name, or edit with catalog.edit.';
  end if;
end
$function$;
CREATE OR REPLACE FUNCTION ingest.check_delivery_key(p_delivery_key text)
 RETURNS void
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if octet_length(p_delivery_key) not between 1 and 500 then
    raise exception 'the delivery id is empty or too long'
      using errcode = 'JB206', detail = format('It has %s bytes; 1 to 500 are possible.', octet_length(p_delivery_key)),
        hint = 'Use the id that your system has for the delivery, or none.';
  end if;
end
$function$;
CREATE OR REPLACE FUNCTION ingest.check_source(p_source text)
 RETURNS void
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if p_source is null or p_source !~ '^[a-z][a-z0-9_-]{0,62}$' then
    raise exception 'not a source name: "%"', coalesce(left(p_source, 100), 'null')
      using errcode = 'JB203', detail = 'A source is a lower-case word of at most 63 letters, digits, - and _.',
        hint = 'For example: label-x.';
  end if;
end
$function$;
CREATE OR REPLACE FUNCTION ingest.checked_sha256(p_checksum text)
 RETURNS bytea
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if p_checksum !~* '^[0-9a-f]{64}$' then
    raise exception 'the checksum is no SHA-256'
      using errcode = 'JB211', detail = format('It is "%s".', left(p_checksum, 100)),
        hint = 'Send the SHA-256 of the bytes in hexadecimal: 64 digits, as sha256sum prints it.';
  end if;
  return decode(lower(p_checksum), 'hex');
end
$function$;
CREATE OR REPLACE FUNCTION ingest.create_ingest_job(source text, url text, delivery_id text DEFAULT NULL::text, checksum text DEFAULT NULL::text, format text DEFAULT NULL::text)
 RETURNS ingest.job
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_sha256 constant bytea := ingest.checked_sha256(checksum);
  v_location_id bigint;
  v_run_id bigint;
begin
  perform ingest.check_deliverer(source);
  perform ingest.check_delivery_key(delivery_id);
  select r.run_id into v_run_id
  from ops.run r
  join ingest.location l on l.location_id = r.location_id
  where l.source = create_ingest_job.source and r.delivery_key = create_ingest_job.delivery_id
    and r.status in ('queued', 'running', 'succeeded')
    and r.sha256 is not distinct from v_sha256
  order by r.run_id desc
  limit 1;
  if found then
    return ingest.job_of(v_run_id);
  end if;
  if exists (
    select
    from ingest.delivery_key k
    join ingest.delivery d on d.delivery_id = k.delivery_id
    where k.source = create_ingest_job.source and k.delivery_key = create_ingest_job.delivery_id and d.sha256 <> v_sha256
    union all
    select -- that is still to be fetched
    from ops.run r
    join ingest.location l on l.location_id = r.location_id
    where l.source = create_ingest_job.source and r.delivery_key = create_ingest_job.delivery_id
      and r.status in ('queued', 'running') and r.sha256 <> v_sha256
  ) then
    raise exception 'the delivery id "%" was used for other bytes', left(delivery_id, 100)
      using errcode = 'JB205', detail = 'A delivery of this source has the id, and another checksum.',
        hint = 'Deliver the same bytes again under the same id, and other bytes under another.';
  end if;
  v_location_id := ingest.add_location(source, url, format, p_is_active => false);
  insert into ops.run (task, location_id, actor, delivery_key, sha256)
  values ('fetch', v_location_id, identity.actor(), delivery_id, v_sha256)
  on conflict (location_id, coalesce(delivery_key, ''), coalesce(sha256, '')) where status in ('queued', 'running') and task = 'fetch' do nothing
  returning run_id into v_run_id;
  if v_run_id is null then
    select r.run_id into v_run_id
    from ops.run r
    where r.location_id = v_location_id and r.status in ('queued', 'running') and r.task = 'fetch'
      and r.delivery_key is not distinct from create_ingest_job.delivery_id and r.sha256 is not distinct from v_sha256;
  end if;
  perform ingest.enqueue(array[v_run_id]);
  return ingest.job_of(v_run_id);
end
$function$;
CREATE OR REPLACE FUNCTION ingest.describe_delivery(p_delivery_id bigint, p_version text DEFAULT NULL::text, p_message_id text DEFAULT NULL::text, p_sender text DEFAULT NULL::text, p_format text DEFAULT NULL::text, p_stated_at timestamp with time zone DEFAULT NULL::timestamp with time zone)
 RETURNS void
 LANGUAGE sql
AS $function$
  update ingest.delivery d
  set format_version = coalesce(p_version, d.format_version), message_id = coalesce(p_message_id, d.message_id),
    sender = coalesce(p_sender, d.sender), format = coalesce(p_format, d.format),
    stated_at = coalesce(least(p_stated_at, d.received_at), d.stated_at)
  where d.delivery_id = p_delivery_id
$function$;
CREATE OR REPLACE FUNCTION ingest.differing(p_delivery_id bigint, p_kinds text[], p_ids text[], p_checksums uuid[], p_first bigint DEFAULT 1)
 RETURNS integer[]
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
AS $function$
declare
  v_delivery ingest.delivery;
  v_stated_at timestamptz;
  v_differing int[];
  v_repeated int8multirange;
begin
  v_delivery := ingest.known_delivery(p_delivery_id);
  v_stated_at := ingest.age_of(v_delivery);

  -- A note and a change that do not see each other could both be made. Who starts a run waits for those who do not see it yet.
  perform pg_advisory_xact_lock_shared(ingest.lock_of_source(v_delivery.source));
  if exists (
    select
    from ops.run o
    join ingest.delivery d on d.delivery_id = o.delivery_id
    where o.status in ('queued', 'running') and o.task <> 'fetch' and o.delivery_id <> p_delivery_id and d.source = v_delivery.source
  ) then
    perform
    from ingest.record r
    where r.record_id = any (array(
      select r.record_id
      from unnest(p_kinds, p_ids, p_checksums) c (kind, id, checksum)
      cross join lateral (
        select r.record_id, r.statement_checksum
        from ingest.record r
        where r.source_record_id = c.id and r.kind = c.kind::catalog.entity_kind and r.source = v_delivery.source
        offset 0 -- by the index, however many the planner expects
      ) r
      where r.statement_checksum = c.checksum
    ))
    order by r.source_record_id, r.kind
    for share;
  end if;

  with compared as materialized (
    select c.n, c.kind, c.id, r.record_id, c.checksum = r.statement_checksum as is_highest,
      coalesce(c.checksum = r.statement_checksum or c.checksum = any (r.mention_checksums), false) as is_known,
      (v_stated_at, p_delivery_id, p_first + c.n - 1) > (r.stated_at, r.stated_in, r.position) as is_later
    from unnest(p_kinds, p_ids, p_checksums) with ordinality c (kind, id, checksum, n)
    left join lateral (
      select r.record_id, r.statement_checksum, r.mention_checksums, r.stated_at, r.stated_in, r.position
      from ingest.record r
      where r.source_record_id = c.id and r.kind = c.kind::catalog.entity_kind and r.source = v_delivery.source
      offset 0 -- by the index, however many the planner expects
    ) r on true
  ),
  unknown as (
    select distinct c.kind, c.id from compared c where not c.is_known
  )
  select coalesce(array_agg(c.n::int order by c.n) filter (where u.id is not null), '{}'),
    range_agg(int8range(c.record_id, c.record_id, '[]') order by c.record_id)
      filter (where u.id is null and c.is_highest and c.is_later)
  into v_differing, v_repeated
  from compared c
  left join unknown u on u.id = c.id and u.kind = c.kind;

  if v_repeated is not null then
    insert into ingest.repetition (delivery_id, stated_at, records, first_position, last_position)
    values (p_delivery_id, v_stated_at, v_repeated, p_first, p_first + cardinality(p_ids) - 1);
  end if;
  return v_differing;
end
$function$;
CREATE OR REPLACE FUNCTION ingest.drop_quarantined(p_quarantine_ids bigint[])
 RETURNS integer
 LANGUAGE sql
AS $function$
  with dropped as (
    update ingest.quarantine q
    set status = 'dropped', decided_at = now(), decided_by = identity.actor()
    where q.quarantine_id = any (p_quarantine_ids) and q.status = 'open'
    returning 1
  )
  select count(*)::int from dropped
$function$;
CREATE OR REPLACE FUNCTION ingest.due_locations(p_limit integer DEFAULT 1000)
 RETURNS TABLE(location_id bigint, source text, url text, schedule text, failures integer)
 LANGUAGE sql
 STABLE ROWS 100
AS $function$
  select l.location_id, l.source, l.url, s.schedule, l.failures
  from ingest.location l
  join ingest.source s on s.source = l.source
  where l.is_active and l.next_at <= now()
  order by l.next_at
  limit p_limit
$function$;
CREATE OR REPLACE FUNCTION ingest.effective(p_body jsonb, p_mention jsonb)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select coalesce(p_mention || p_body, p_body, p_mention)
$function$;
CREATE OR REPLACE FUNCTION ingest.enqueue(p_run_ids bigint[])
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_run_ids constant bigint[] := array(
    select r.run_id from ops.run r where r.run_id = any (p_run_ids) and r.status in ('queued', 'running')
  );
begin
  if v_run_ids = '{}' or to_regnamespace('graphile_worker') is null then
    return;
  end if;
  execute $sql$
    select graphile_worker.add_jobs(
      array(
        select row (
          case r.task when 'fetch' then 'ingest/fetch' else 'ingest/normalise' end, json_build_object('runId', r.run_id),
          null, null, 12, 'ingest-run-' || r.run_id, null, null
        )::graphile_worker.job_spec
        from ops.run r
        where r.run_id = any ($1)
        order by r.run_id
      ),
      job_key_preserve_run_at => true
    )
  $sql$ using v_run_ids;
end
$function$;
CREATE OR REPLACE FUNCTION ingest.fetch_failed(p_run_id bigint, p_error text)
 RETURNS void
 LANGUAGE sql
AS $function$
  update ingest.location l
  set failures = l.failures + 1, error = p_error,
    next_at = greatest(l.next_at, now() + least(interval '1 hour' * 2 ^ least(l.failures, 10), interval '1 day'))
  from ops.run r
  where r.run_id = p_run_id and l.location_id = r.location_id
$function$;
CREATE OR REPLACE FUNCTION ingest.fetched(p_run_id bigint, p_delivery_id bigint DEFAULT NULL::bigint, p_etag text DEFAULT NULL::text, p_last_modified text DEFAULT NULL::text, p_moved_to text DEFAULT NULL::text)
 RETURNS void
 LANGUAGE sql
AS $function$
  with run as (
    update ops.run r
    set delivery_id = coalesce(p_delivery_id, r.delivery_id)
    where r.run_id = p_run_id
    returning r.location_id
  )
  update ingest.location l
  set fetched_at = now(), failures = 0, error = null,
    changed_at = case when p_delivery_id is null then l.changed_at else now() end,
    etag = case when p_delivery_id is null then l.etag else p_etag end,
    last_modified = case when p_delivery_id is null then l.last_modified else p_last_modified end,
    -- Unless the source has it there already.
    url = case
      when p_moved_to is not null and octet_length(p_moved_to) <= 2000 and not exists (
        select from ingest.location o where o.source = l.source and o.url = p_moved_to
      ) then p_moved_to
      else l.url
    end
  from run
  where l.location_id = run.location_id
$function$;
CREATE OR REPLACE FUNCTION ingest.finish_fetch(p_run_id bigint, p_ingest_run_id bigint DEFAULT NULL::bigint)
 RETURNS void
 LANGUAGE sql
AS $function$
  update ops.run r
  set status = case i.status when 'failed' then 'failed' else 'succeeded' end::ops.run_status,
    error_code = i.error_code, error = i.error, error_hint = i.error_hint,
    records = coalesce(i.records, 0), new = coalesce(i.new, 0), changed = coalesce(i.changed, 0),
    unchanged = coalesce(i.unchanged, 0), entities_minted = coalesce(i.entities_minted, 0),
    entities_changed = coalesce(i.entities_changed, 0), placeholders = coalesce(i.placeholders, 0),
    quarantined = coalesce(i.quarantined, 0), warnings = coalesce(i.warnings, 0), finished_at = now(), heartbeat_at = now()
  from (select 1) one
  left join ops.run i on i.run_id = p_ingest_run_id
  where r.run_id = p_run_id and r.status in ('queued', 'running')
    and (i.status in ('queued', 'running')) is not true
$function$;
CREATE OR REPLACE FUNCTION ingest.finish_run(p_run_id bigint, p_code text DEFAULT NULL::text, p_error text DEFAULT NULL::text, p_hint text DEFAULT NULL::text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  with finished as (
    update ops.run r
    set status = case when p_error is null then 'succeeded' else 'failed' end::ops.run_status,
      error_code = p_code, error = p_error, error_hint = p_hint, finished_at = now(), heartbeat_at = now()
    where r.run_id = p_run_id and r.status in ('queued', 'running')
    returning r.run_id, r.delivery_id
  ),
  resolved as (
    update ingest.quarantine q
    set status = 'resolved', decided_at = now(), decided_by = identity.actor()
    from finished f
    where q.delivery_id = f.delivery_id and q.run_id <> f.run_id and q.status = 'open' and p_error is null
  )
  update ingest.delivery d
  set status = case when p_error is null then 'applied' else 'failed' end::ingest.delivery_status, error = p_error, closed_at = now()
  from finished f
  where d.delivery_id = f.delivery_id;

  if found and p_error is null then
    perform identity.review_duplicates(p_run_id);
  end if;
end
$function$;
CREATE OR REPLACE FUNCTION ingest.flat_ids(p_said jsonb)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select case
    when jsonb_typeof(p_said -> 'ids') = 'object' then p_said - 'ids' || coalesce((
      select jsonb_object_agg('ids.' || i.key, i.value) from jsonb_each(p_said -> 'ids') i
    ), '{}')
    else p_said - 'ids'
  end
$function$;
CREATE OR REPLACE FUNCTION ingest.fold(p_records jsonb, p_first bigint DEFAULT 1, p_positions bigint[] DEFAULT NULL::bigint[], p_checksums uuid[] DEFAULT NULL::uuid[])
 RETURNS SETOF ingest.statement
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_kinds constant text[] := enum_range(null::catalog.entity_kind);
  v_references jsonb[];
  v_bad record;
begin
  if jsonb_typeof(p_records) is distinct from 'array' then
    raise exception 'the batch is no list of records'
      using errcode = 'JB201', detail = coalesce(left(p_records::text, 200), 'null'), hint = 'Pass a JSON array of objects.';
  end if;

  select r.n, r.value into v_bad
  from jsonb_array_elements(p_records) with ordinality r (value, n)
  where jsonb_typeof(r.value) <> 'object'
    or coalesce(r.value ->> 'kind' <> all (v_kinds), true)
    or coalesce(jsonb_typeof(r.value -> 'id') <> 'string', true)
    or octet_length(r.value ->> 'id') not between 1 and 2000
    or coalesce(r.value ->> 'scope', 'full') not in ('full', 'partial', 'mention')
    or jsonb_typeof(r.value -> 'ids') not in ('object', 'null')
  limit 1;
  if found then
    raise exception 'record % of the batch has no usable kind, id, scope or ids', v_bad.n
      using errcode = 'JB201', detail = left(v_bad.value::text, 200),
        hint = 'Needed are kind (one of catalog.entity_kind), id (text) and, if at all, scope full, partial or mention, and ids by scheme.';
  end if;

  v_references := array(
    select distinct o.value
    from jsonb_array_elements(p_records) r
    cross join lateral (
      select jsonb_path_query(r.value, '$.* ? (exists (@.kind) && exists (@.id))')
      union all
      select jsonb_path_query(r.value, '$.*[*].* ? (exists (@.kind) && exists (@.id))')
    ) o (value)
  );
  select o.value into v_bad
  from unnest(v_references) o (value)
  where coalesce(o.value ->> 'kind' <> all (v_kinds), true)
    or jsonb_typeof(o.value -> 'id') <> 'string'
    or octet_length(o.value ->> 'id') not between 1 and 2000
  limit 1;
  if found then
    raise exception 'a record of the batch refers to something without a usable kind or id'
      using errcode = 'JB201', detail = left(v_bad.value::text, 200),
        hint = 'A reference has a kind (one of catalog.entity_kind) and an id (text).';
  end if;

  return query
    with element as materialized (
      select (e.value ->> 'kind')::catalog.entity_kind as kind, e.value ->> 'id' as id, coalesce(e.value ->> 'scope', 'full') as scope,
        case e.value ->> 'scope' when 'partial' then ingest.flat_ids(e.value - '{kind,id,scope}'::text[]) else e.value - '{kind,id,scope}'::text[] end as body, coalesce(p_positions[e.n], p_first + e.n - 1) as position,
        p_checksums[e.n] as checksum, count(*) over (partition by e.value ->> 'id', e.value ->> 'kind') as times
      from jsonb_array_elements(p_records) with ordinality e (value, n)
    ),
    repeated as (
      select e.*, max(e.position) filter (where e.scope = 'full') over (partition by e.kind, e.id) as last_full
      from element e
      where e.times > 1
    )
    select e.kind, e.id,
      case when e.scope = 'full' then e.body end, case when e.scope = 'full' then e.position end,
      case when e.scope = 'partial' then e.body end,
      case when e.scope = 'partial' then ingest.positions_of(e.body, e.position) end,
      case when e.scope = 'mention' then nullif(e.body, '{}') end,
      case when e.scope <> 'mention' then e.position end, case when e.scope <> 'mention' then e.checksum end,
      case when e.scope = 'mention' and e.checksum is not null then array[e.checksum] end
    from element e
    where e.times = 1
    union all
    select e.kind, e.id,
      (array_agg(e.body order by e.position desc) filter (where e.scope = 'full'))[1], max(e.last_full),
      case when bool_or(e.is_laid_over) then ingest.overlaid(e.body order by e.position) filter (where e.is_laid_over) end,
      case
        when bool_or(e.is_laid_over)
        then ingest.overlaid(ingest.positions_of(e.body, e.position) order by e.position) filter (where e.is_laid_over)
      end,
      nullif(ingest.merged_mentions(e.body) filter (where e.scope = 'mention'), '{}'),
      max(e.position) filter (where e.scope <> 'mention'),
      (array_agg(e.checksum order by e.position desc) filter (where e.scope <> 'mention'))[1],
      array_agg(distinct e.checksum) filter (where e.scope = 'mention' and e.checksum is not null)
    from (
      select r.*, r.scope = 'partial' and r.position > coalesce(r.last_full, r.position - 1) as is_laid_over from repeated r
    ) e
    group by e.kind, e.id
    union all
    select f.kind, f.id, null, null, null, null, null, null, null, null
    from (
      select distinct (o.value ->> 'kind')::catalog.entity_kind as kind, o.value ->> 'id' as id from unnest(v_references) o (value)
    ) f
    where not exists (select from element e where e.id = f.id and e.kind = f.kind);
end
$function$;
CREATE OR REPLACE FUNCTION ingest.grade(p_record_ids bigint[])
 RETURNS integer
 LANGUAGE sql
AS $function$
  with graded as (
    update ingest.record r
    set quality = g.quality
    from (
      select r.record_id, (
        select (coalesce(sum(q.weight) filter (
          where ingest.passes(ingest.effective(r.body, r.mention), q.field, q.test, q.argument)
        ), 0) / sum(q.weight))::real
        from ingest.quality_rule q
        where q.source = r.source and q.kind = r.kind -- no row: sum is null, and so is the quality
      ) as quality
      from ingest.record r
      where r.record_id = any (p_record_ids)
    ) g
    where r.record_id = g.record_id
      and r.quality is distinct from g.quality
    returning 1
  )
  select count(*)::int from graded
$function$;
CREATE OR REPLACE FUNCTION ingest.ingest_job(id bigint)
 RETURNS ingest.job
 LANGUAGE sql
 STABLE PARALLEL SAFE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select ingest.job_of(id)
$function$;
CREATE OR REPLACE FUNCTION ingest.ingest_json(source text, delivery_id text, checksum text, content text)
 RETURNS ingest.job
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select ingest.receive_text(source, delivery_id, checksum, content, delivery_id, 'unknown')
$function$;
CREATE OR REPLACE FUNCTION ingest.ingest_rss(source text, delivery_id text, checksum text, content text)
 RETURNS ingest.job
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select ingest.receive_text(source, delivery_id, checksum, content, delivery_id, 'podcast')
$function$;
CREATE OR REPLACE FUNCTION ingest.is_of_the_record(p_sqlstate text)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select p_sqlstate in ('JB201', 'JB202')
    or left(p_sqlstate, 2) in ('22', '23', '54') and p_sqlstate not in ('23503', '23505')
$function$;
CREATE OR REPLACE FUNCTION ingest.job_of(p_run_id bigint)
 RETURNS ingest.job
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select row (
    r.run_id, r.status, r.task, coalesce(d.source, l.source), coalesce(r.delivery_key, k.delivery_key),
    encode(coalesce(d.sha256, r.sha256), 'hex'), regexp_replace(l.url, '[?].*', ''), d.format, r.requested_at, r.started_at, r.finished_at,
    r.records, r.new, r.changed, r.unchanged, r.quarantined, r.warnings, r.error_code, r.error, r.error_hint
  )::ingest.job
  from ops.run r
  left join ingest.delivery d on d.delivery_id = r.delivery_id
  left join ingest.location l on l.location_id = r.location_id
  left join lateral (
    select max(k.delivery_key) as delivery_key from ingest.delivery_key k where k.delivery_id = r.delivery_id
  ) k on true
  where r.run_id = p_run_id
$function$;
CREATE OR REPLACE FUNCTION ingest.known_delivery(p_delivery_id bigint)
 RETURNS ingest.delivery
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_delivery ingest.delivery;
begin
  select d.* into v_delivery from ingest.delivery d where d.delivery_id = p_delivery_id;
  if not found then
    raise exception 'unknown delivery %', coalesce(p_delivery_id::text, 'null')
      using errcode = 'JB204', detail = 'ingest.delivery has no such id.',
        hint = 'select * from ingest.log shows all deliveries; ingest.open_delivery makes one.';
  end if;
  return v_delivery;
end
$function$;
CREATE OR REPLACE FUNCTION ingest.lock_of_run(p_run_id bigint)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select (hashtext('ingest.run')::bigint << 32) | (p_run_id & x'ffffffff'::bigint)
$function$;
CREATE OR REPLACE FUNCTION ingest.lock_of_source(p_source text)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select (hashtext('ingest.source')::bigint << 32) | (hashtext(p_source) & x'ffffffff'::bigint)
$function$;
CREATE OR REPLACE FUNCTION ingest.merge_mentions(p_a jsonb, p_b jsonb)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select case
    when p_a is null then p_b
    when p_b is null or p_a @> p_b and p_b <@ p_a and p_a = p_a || p_b then p_a
    else (
      select jsonb_object_agg(k.key, greatest(p_a -> k.key, p_b -> k.key))
      from (select jsonb_object_keys(p_a) union select jsonb_object_keys(p_b)) k (key)
    )
  end
$function$;
create aggregate ingest.merged_mentions(jsonb) returns jsonb; -- by ingest.merge_mentions
CREATE OR REPLACE FUNCTION ingest.nested_ids(p_said jsonb)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select case
    when p_said is null then null
    else (
      select coalesce(jsonb_object_agg(k.key, k.value) filter (where k.key not like 'ids.%'), '{}')
        || case
          when bool_or(k.key like 'ids.%')
          then jsonb_build_object('ids', jsonb_object_agg(substr(k.key, 5), k.value) filter (where k.key like 'ids.%'))
          else '{}'
        end
      from jsonb_each(p_said) k
    )
  end
$function$;
CREATE OR REPLACE FUNCTION ingest.open_delivery(p_source text, p_name text, p_format text, p_sha256 bytea, p_bytes bigint, p_content bytea DEFAULT NULL::bytea, p_delivery_key text DEFAULT NULL::text, p_format_version text DEFAULT ''::text, p_content_url text DEFAULT NULL::text, p_url text DEFAULT NULL::text)
 RETURNS bigint
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_delivery_id bigint;
  v_before record;
  v_is_said_again boolean := p_url is not null;
begin
  perform ingest.check_source(p_source);
  perform ingest.check_delivery_key(p_delivery_key);
  insert into ingest.source (source, title)
  values (p_source, p_source)
  on conflict do nothing;

  insert into ingest.delivery as d (source, name, format, format_version, sha256, byte_count, content, content_url)
  values (p_source, p_name, p_format, p_format_version, p_sha256, p_bytes, p_content, p_content_url)
  on conflict on constraint bytes_are_received_once_per_source do update
    set times_received = d.times_received + 1,
      format = case excluded.format when 'unknown' then d.format else excluded.format end,
      format_version = case excluded.format when 'unknown' then d.format_version else excluded.format_version end,
      content = coalesce(d.content, excluded.content),
      content_url = case when d.content is null and excluded.content is null then coalesce(excluded.content_url, d.content_url) end
  returning d.delivery_id into v_delivery_id;

  if p_delivery_key is not null then
    insert into ingest.delivery_key (source, delivery_key, delivery_id)
    values (p_source, p_delivery_key, v_delivery_id)
    on conflict do nothing;
    v_is_said_again := v_is_said_again or found;
    select d.sha256, d.delivery_id into v_before
    from ingest.delivery_key k
    join ingest.delivery d on d.delivery_id = k.delivery_id
    where k.source = p_source and k.delivery_key = p_delivery_key;
    if v_before.sha256 <> p_sha256 then
      raise exception 'the delivery id "%" was used for other bytes', left(p_delivery_key, 100)
        using errcode = 'JB205',
          detail = format('Delivery %s of %s has the checksum %s, this one %s.',
            v_before.delivery_id, p_source, encode(v_before.sha256, 'hex'), encode(p_sha256, 'hex')),
          hint = 'Deliver the same bytes again under the same id, and other bytes under another.';
    end if;
  end if;

  if v_is_said_again then
    update ingest.delivery d set received_at = now() where d.delivery_id = v_delivery_id and d.times_received > 1;
  end if;
  insert into ingest.receipt (delivery_id, name, url, actor)
  values (v_delivery_id, p_name, p_url, identity.actor());
  return v_delivery_id;
end
$function$;
create aggregate ingest.overlaid(jsonb) returns jsonb; -- by jsonb_concat
CREATE OR REPLACE FUNCTION ingest.passes(p_said jsonb, p_field text, p_test text, p_argument text)
 RETURNS boolean
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select coalesce(
    case p_test
      when 'present' then v.value not in ('null', '""', '[]', '{}')
      when 'valid' then (
        select bool_and(identity.canonical(substr(p_field, 5), i.raw) is not null)
        from jsonb_array_elements_text(case jsonb_typeof(v.value) when 'array' then v.value else jsonb_build_array(v.value) end) i (raw)
      )
      when 'min_length' then char_length(v.value #>> '{}') >= p_argument::int
      when 'min_items' then case jsonb_typeof(v.value) when 'array' then jsonb_array_length(v.value) >= p_argument::int end
      when 'matches' then (v.value #>> '{}') ~ p_argument
    end,
    false
  )
  from (select p_said #> case when p_field like 'ids.%' then array['ids', substr(p_field, 5)] else array[p_field] end) v (value)
$function$;
CREATE OR REPLACE FUNCTION ingest.position_of(p_run_id bigint, p_position bigint)
 RETURNS bigint
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select case r.task when 'replay' then (r.run_id << 32) + p_position else p_position end
  from ops.run r
  where r.run_id = p_run_id
$function$;
CREATE OR REPLACE FUNCTION ingest.positions_of(p_body jsonb, p_position bigint)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select coalesce(jsonb_object_agg(k.key, p_position), '{}') from jsonb_object_keys(p_body) k (key)
$function$;
CREATE OR REPLACE FUNCTION ingest.put_aside(p_run_id bigint, p_refused jsonb)
 RETURNS integer
 LANGUAGE sql
AS $function$
  with refused as (
    select distinct on (f.pointer, f.code) f.*
    from jsonb_to_recordset(p_refused) as f (pointer text, code text, message text, detail text, hint text, record jsonb)
    order by f.pointer, f.code
  ),
  kept as (
    insert into ingest.quarantine as q (delivery_id, run_id, pointer, code, message, detail, hint, record)
    select r.delivery_id, r.run_id, f.pointer, f.code, f.message, f.detail, f.hint, f.record
    from refused f, ops.run r
    where r.run_id = p_run_id
    order by f.pointer, f.code
    on conflict (delivery_id, md5(pointer), code) where status <> 'resolved' do update
      set run_id = excluded.run_id, message = excluded.message, detail = excluded.detail, hint = excluded.hint,
        record = excluded.record
    returning status
  )
  select count(*)::int from kept k where k.status = 'open'
$function$;
CREATE OR REPLACE FUNCTION ingest.rank(p_stated_at timestamp with time zone, p_delivery_id bigint, p_position bigint)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select case
    when p_stated_at is not null and p_position is not null
    then jsonb_build_array((extract(epoch from p_stated_at) * 1000000)::bigint, p_delivery_id, p_position)
  end
$function$;
CREATE OR REPLACE FUNCTION ingest.receive_text(p_source text, p_delivery_id text, p_checksum text, p_content text, p_name text, p_format text)
 RETURNS ingest.job
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_bytes constant bytea := convert_to(p_content, 'UTF8');
  v_sha256 constant bytea := sha256(v_bytes);
  v_delivery_id bigint;
  v_run_id bigint;
  v_is_known boolean;
  v_job ingest.job;
begin
  if p_delivery_id is null or p_checksum is null or p_content is null then
    raise exception 'a delivery has an id, a checksum and a content'
      using errcode = 'JB206', hint = 'Send your own id of the delivery and the SHA-256 of its content.';
  end if;
  if ingest.checked_sha256(p_checksum) <> v_sha256 then
    raise exception 'the content is not what the checksum says'
      using errcode = 'JB212', detail = format('The SHA-256 of its UTF-8 bytes is %s.', encode(v_sha256, 'hex')),
        hint = 'It was changed on its way, or the checksum is that of other bytes: send both again.';
  end if;
  v_is_known := exists (
    select from ingest.delivery_key k where k.source = p_source and k.delivery_key = p_delivery_id
  );
  v_delivery_id := ingest.open_delivery(
    p_source, p_name, p_format, v_sha256, octet_length(v_bytes), v_bytes, p_delivery_key => p_delivery_id
  );
  select r.run_id into v_run_id
  from ops.run r
  join ingest.delivery d on d.delivery_id = r.delivery_id
  where r.delivery_id = v_delivery_id and r.task <> 'fetch' and d.status <> 'failed' and v_is_known
  order by r.run_id desc
  limit 1;
  if not found then
    v_run_id := ingest.start_run(v_delivery_id);
    perform ingest.enqueue(array[v_run_id]);
  end if;
  v_job := ingest.job_of(v_run_id);
  v_job.delivery_id := p_delivery_id; -- it may have several
  return v_job;
end
$function$;
CREATE OR REPLACE FUNCTION ingest.referents(p_said jsonb)
 RETURNS TABLE(kind catalog.entity_kind, id text)
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE ROWS 10
AS $function$
  select (o.value ->> 'kind')::catalog.entity_kind, o.value ->> 'id'
  from (
    select jsonb_path_query(p_said, '$.* ? (exists (@.kind) && exists (@.id))')
    union all
    select jsonb_path_query(p_said, '$.*[*].* ? (exists (@.kind) && exists (@.id))')
  ) o (value)
$function$;
CREATE OR REPLACE FUNCTION ingest.repeated_at(p_record ingest.record)
 RETURNS jsonb
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select ingest.rank(p.stated_at, p.delivery_id, p.last_position)
  from ingest.repetition p
  where p.records @> p_record.record_id
  order by p.stated_at desc, p.delivery_id desc, p.last_position desc
  limit 1
$function$;
CREATE OR REPLACE FUNCTION ingest.request_fetches(p_location_ids bigint[], p_next_at timestamp with time zone[])
 RETURNS bigint[]
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_run_ids bigint[];
begin
  update ingest.location l
  set next_at = n.next_at
  from unnest(p_location_ids, p_next_at) n (location_id, next_at)
  where l.location_id = n.location_id;
  with requested as (
    insert into ops.run (task, location_id, actor)
    select 'fetch', l.location_id, identity.actor()
    from ingest.location l
    where l.location_id = any (p_location_ids)
    order by l.location_id
    on conflict (location_id, coalesce(delivery_key, ''), coalesce(sha256, '')) where status in ('queued', 'running') and task = 'fetch' do nothing
    returning run_id
  )
  select coalesce(array_agg(q.run_id), '{}') into v_run_ids from requested q;
  perform ingest.enqueue(v_run_ids);
  return v_run_ids;
end
$function$;
CREATE OR REPLACE FUNCTION ingest.rerank(p_source text, p_after bigint DEFAULT 0, p_limit integer DEFAULT 1000)
 RETURNS bigint
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_records constant bigint[] := array(
    select r.record_id
    from ingest.record r
    where r.source = p_source and r.record_id > p_after
    order by r.record_id
    limit p_limit
  );
begin
  perform
  from ingest.record r
  where r.record_id = any (v_records)
  order by r.source_record_id, r.kind -- as ingest.store locks them
  for no key update;
  perform ingest.grade(v_records);
  perform catalog.project(array(
    select distinct m.juke_id from identity.membership m where m.record_id = any (v_records)
  ));
  return v_records[cardinality(v_records)];
end
$function$;
CREATE OR REPLACE FUNCTION ingest.restate(p_record ingest.record, p_statement ingest.statement, p_stated_at timestamp with time zone, p_delivery_id bigint, p_repeated jsonb, OUT restated ingest.record, OUT is_late boolean)
 RETURNS record
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_highest jsonb := ingest.rank(p_record.stated_at, p_record.stated_in, p_record.position);
  v_full jsonb := case when p_record.ranks is null then v_highest else p_record.ranks -> 'full' end;
  v_keys jsonb := coalesce(p_record.ranks -> 'keys', '{}');
  v_rank jsonb;
  -- A partial statement speaks of the schemes of its ids one by one. Most records are one full statement: they are left as they are.
  v_is_flat constant boolean := p_statement.partial is not null or p_record.ranks is not null;
  v_before constant jsonb := case when v_is_flat then ingest.flat_ids(p_record.body) else p_record.body end;
  v_said constant jsonb := case when v_is_flat then ingest.flat_ids(p_statement.full) else p_statement.full end;
begin
  restated := p_record;
  restated.body := v_before;
  is_late := false;
  restated.mention := ingest.merge_mentions(p_record.mention, p_statement.mention);
  restated.mention_checksums := (
    -- So many are remembered. What is forgotten is said again to no effect.
    select array_agg(c.checksum order by c.checksum)
    from (
      select unnest(p_record.mention_checksums) union select unnest(p_statement.mention_checksums) order by 1 limit 16
    ) c (checksum)
  );

  if p_repeated > v_highest then
    -- It was said again: that is its rank now.
    if v_full = v_highest then
      v_full := p_repeated;
    end if;
    v_keys := coalesce((
      select jsonb_object_agg(k.key, case when k.value = v_highest then p_repeated else k.value end) from jsonb_each(v_keys) k
    ), '{}');
    v_highest := p_repeated;
    restated.stated_at := to_timestamp((p_repeated ->> 0)::numeric / 1000000);
    restated.stated_in := p_repeated ->> 1;
    restated.position := p_repeated ->> 2;
  end if;

  if p_statement.full_position is not null then
    v_rank := ingest.rank(p_stated_at, p_delivery_id, p_statement.full_position);
    if v_full > v_rank then
      is_late := v_said <> v_before;
    else
      select v_said || coalesce(jsonb_object_agg(k.key, v_before -> k.key), '{}'),
        coalesce(jsonb_object_agg(k.key, k.value), '{}')
      into restated.body, v_keys
      from jsonb_each(v_keys) k
      where k.value > v_rank;
      v_full := v_rank;
    end if;
  end if;

  if p_statement.partial is not null then
    select coalesce(restated.body, '{}') || coalesce(jsonb_object_agg(l.key, l.value), '{}'),
      v_keys || coalesce(jsonb_object_agg(l.key, l.rank), '{}')
    into restated.body, v_keys
    from (
      select p.key, p.value, ingest.rank(p_stated_at, p_delivery_id, (p_statement.partial_positions ->> p.key)::bigint) as rank
      from jsonb_each(p_statement.partial) p
    ) l
    where coalesce(l.rank >= coalesce(v_keys -> l.key, v_full), true);
  end if;

  if v_is_flat then
    restated.body := ingest.nested_ids(restated.body);
  end if;

  v_rank := ingest.rank(p_stated_at, p_delivery_id, p_statement.position);
  if coalesce(v_rank >= v_highest, v_rank is not null) then
    restated.stated_at := p_stated_at;
    restated.stated_in := p_delivery_id;
    restated.position := p_statement.position;
    restated.statement_checksum := p_statement.checksum;
  end if;
  restated.ranks := case
    when v_keys <> '{}' or v_full is null and p_statement.partial is not null
    then jsonb_strip_nulls(jsonb_build_object('full', v_full, 'keys', v_keys))
    when v_full < ingest.rank(restated.stated_at, restated.stated_in, restated.position)
    then jsonb_build_object('full', v_full) -- a partial statement that said nothing came after it
    when p_record.ranks is not null and v_full is null then p_record.ranks
  end;
  restated.checksum := md5(concat(restated.body, chr(10), restated.mention))::uuid;
end
$function$;
CREATE OR REPLACE FUNCTION ingest.source_config(p_source text)
 RETURNS jsonb
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select jsonb_strip_nulls(jsonb_build_object(
    'source', s.source, 'title', s.title, 'type', s.source_type, 'priority', s.priority, 'duplicate_free', s.duplicate_free,
    'format', s.format, 'schedule', s.schedule,
    'locations', (
      select jsonb_agg(l.url order by l.url) from ingest.location l where l.source = s.source and l.is_active
    ),
    'quality', (
      select jsonb_object_agg(q.kind, q.rules)
      from (
        select q.kind, jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
          'field', q.field, 'test', q.test, 'argument', q.argument, 'weight', q.weight
        )) order by q.field, q.test) as rules
        from ingest.quality_rule q
        where q.source = s.source
        group by q.kind
      ) q
    )
  )) || case when s.mapping is null then '{}' else jsonb_build_object('mapping', s.mapping) end
  from ingest.source s
  where s.source = p_source
$function$;
CREATE OR REPLACE FUNCTION ingest.start_run(p_delivery_id bigint, p_task text DEFAULT 'ingest'::text)
 RETURNS bigint
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_run_id bigint;
  v_source constant text := (ingest.known_delivery(p_delivery_id)).source;
begin
  perform ingest.check_deliverer(v_source);
  perform from ingest.delivery d where d.delivery_id = p_delivery_id for no key update;
  select r.run_id into v_run_id
  from ops.run r
  where r.delivery_id = p_delivery_id and r.status in ('queued', 'running') and r.task <> 'fetch';
  if found then
    return v_run_id;
  end if;
  insert into ops.run (task, delivery_id, actor)
  values (p_task, p_delivery_id, identity.actor())
  returning run_id into v_run_id;
  perform pg_advisory_xact_lock(ingest.lock_of_source(v_source)); -- see ingest.differing
  update ingest.delivery d
  set status = 'open', error = null, closed_at = null
  where d.delivery_id = p_delivery_id;
  return v_run_id;
end
$function$;
CREATE OR REPLACE FUNCTION ingest.store(p_delivery_id bigint, p_records jsonb, p_first bigint DEFAULT NULL::bigint, p_positions bigint[] DEFAULT NULL::bigint[], p_checksums uuid[] DEFAULT NULL::uuid[], OUT arrivals ingest.arrival[], OUT record_ids bigint[], OUT records integer, OUT new integer, OUT changed integer, OUT unchanged integer)
 RETURNS record
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
 SET enable_seqscan TO 'on'
AS $function$
declare
  v_delivery ingest.delivery;
  v_stated_at timestamptz;
  v_statements constant ingest.statement[] := array(
    select f
    from ingest.fold(
      p_records,
      coalesce(p_first, (extract(epoch from clock_timestamp()) * 1000000)::bigint), -- after all that was applied of it before
      p_positions, p_checksums
    ) f
  );
  v_source text;
  v_new bigint[];
  v_stale bigint[];
  v_repeated int8multirange;
begin
  v_delivery := ingest.known_delivery(p_delivery_id);
  v_source := v_delivery.source;
  v_stated_at := ingest.age_of(v_delivery);
  record_ids := '{}';
  changed := 0;
  records := cardinality(v_statements);

  -- Insert what is not there, in key order, so that batches that meet wait for each other instead of deadlocking.
  -- Another session may insert the same record at this moment: then it is looked at below.
  perform catalog.plan_once();
  with inserted as (
    insert into ingest.record (
      source, kind, source_record_id, checksum, body, mention, delivery_id,
      stated_at, stated_in, position, ranks, statement_checksum, mention_checksums
    )
    select v_source, s.kind, s.source_record_id, coalesce((n.record).checksum, md5(concat(s.full, chr(10), s.mention))::uuid),
      coalesce((n.record).body, s.full), s.mention, p_delivery_id,
      case when s.position is not null then v_stated_at end, case when s.position is not null then p_delivery_id end, s.position,
      (n.record).ranks, s.checksum, s.mention_checksums
    from unnest(v_statements) s
    cross join lateral (
      select case when s.partial is not null then (ingest.restate(null, s, v_stated_at, p_delivery_id, null)).restated end as record
      offset 0
    ) n
    where not exists (
      select from ingest.record r
      where r.source_record_id = s.source_record_id and r.kind = s.kind and r.source = v_source
    )
    order by s.source_record_id, s.kind
    on conflict on constraint record_is_one_per_source_kind_and_id do nothing
    returning record_id, kind, source_record_id, ingest.effective(body, mention) as said
  )
  select coalesce(array_agg(row (i.record_id, i.kind, i.source_record_id, i.said, null)::ingest.arrival), '{}') into arrivals
  from inserted i;
  perform catalog.plan_anew();
  new := cardinality(arrivals);
  v_new := array(select a.record_id from unnest(arrivals) a);

  if new < records then
    -- Of the others, lock those that would change or are said again, in key order, and only those; then look again: whoever held
    -- them may have changed them.
    for v_look in 1..2 loop
      select coalesce(array_agg(l.record_id) filter (where not l.is_repeated), '{}'),
        range_agg(int8range(l.record_id, l.record_id, '[]')) filter (where l.is_repeated)
      into v_stale, v_repeated
      from (
        select r.record_id, not w.is_other as is_repeated
        from unnest(v_statements) s
        join ingest.record r
          on r.source_record_id = s.source_record_id and r.kind = s.kind and r.source = v_source
        cross join lateral ingest.restate(r, s, v_stated_at, p_delivery_id, null) n
        cross join lateral (
          -- Said again as it stands, and nothing that is kept of it is other than it was but its rank.
          select n.is_late or not (
            r.ranks is null and (n.restated).ranks is null and (n.restated).checksum = r.checksum
            and (n.restated).statement_checksum is not distinct from r.statement_checksum
            and (n.restated).mention_checksums is not distinct from r.mention_checksums
          ) as is_other
        ) w
        where r.record_id <> all (v_new)
          and (v_look = 1 or r.record_id = any (v_stale) or v_repeated @> r.record_id)
          and (n.restated is distinct from r or n.is_late)
        order by r.source_record_id, r.kind
      ) l;
      exit when v_look = 2 or v_stale = '{}' and v_repeated is null;
      perform
      from ingest.record r
      where r.record_id = any (v_stale || array(select generate_series(lower(p), upper(p) - 1) from unnest(v_repeated) p))
      order by r.source_record_id, r.kind
      for no key update;
      exit when v_repeated is null;
    end loop;
  end if;

  if v_stale <> '{}' then
    -- Computed again from the locked rows: whoever held them may have changed them.
    with restated as (
      select r as before, n.restated as after, n.is_late, s.full, s.full_position
      from unnest(v_statements) s
      join ingest.record r
        on r.source_record_id = s.source_record_id and r.kind = s.kind and r.source = v_source
      cross join lateral (
        select t.*
        from ingest.restate(
          r, s, v_stated_at, p_delivery_id,
          case when ingest.rank(v_stated_at, p_delivery_id, s.position) > ingest.rank(r.stated_at, r.stated_in, r.position)
            then ingest.repeated_at(r) end
        ) t
        offset 0
      ) n
      where r.record_id = any (v_stale)
    ),
    late as (
      insert into ingest.record_version (record_id, version, body, delivery_id, changed_at, stated_at, stated_in, position)
      select (n.before).record_id, (n.before).version, n.full, p_delivery_id, now(), v_stated_at, p_delivery_id, n.full_position
      from restated n
      where n.is_late and (n.after).checksum = (n.before).checksum
        and not exists (
          select
          from ingest.record_version v
          where v.record_id = (n.before).record_id and v.stated_in = p_delivery_id and v.position = n.full_position
        )
      returning record_id
    ),
    kept as (
      insert into ingest.record_version (
        record_id, version, body, mention, delivery_id, changed_at, stated_at, stated_in, position
      )
      select (n.before).record_id, (n.before).version, (n.before).body, (n.before).mention, (n.before).delivery_id,
        (n.before).changed_at, (n.before).stated_at, (n.before).stated_in, (n.before).position
      from restated n
      where (n.after).checksum <> (n.before).checksum
      returning record_id
    ),
    updated as (
      update ingest.record r
      set body = (n.after).body, mention = (n.after).mention, checksum = (n.after).checksum,
        version = r.version + (coalesce(k.record_id, l.record_id) is not null)::int,
        delivery_id = case when k.record_id is not null then p_delivery_id else r.delivery_id end,
        changed_at = case when k.record_id is not null then now() else r.changed_at end,
        stated_at = (n.after).stated_at, stated_in = (n.after).stated_in, position = (n.after).position, ranks = (n.after).ranks,
        statement_checksum = (n.after).statement_checksum, mention_checksums = (n.after).mention_checksums
      from restated n
      left join kept k on k.record_id = (n.before).record_id
      left join late l on l.record_id = (n.before).record_id
      where r.record_id = (n.before).record_id
        and (l.record_id is not null or n.after is distinct from n.before)
      returning r.record_id, k.record_id is not null as is_changed
    )
    select coalesce(array_agg(u.record_id) filter (where u.is_changed), '{}') into record_ids from updated u;
  end if;
  if v_repeated is not null then
    insert into ingest.repetition (delivery_id, stated_at, records, first_position, last_position)
    select p_delivery_id, v_stated_at, v_repeated, min(s.position), max(s.position)
    from unnest(v_statements) s
    having max(s.position) is not null;
  end if;

  changed := cardinality(record_ids);
  unchanged := records - new - changed;
end
$function$;
CREATE OR REPLACE FUNCTION ingest.stranded_runs()
 RETURNS TABLE(run_id bigint, task text)
 LANGUAGE sql
 STABLE ROWS 10
AS $function$
  select r.run_id, r.task
  from ops.run r
  where r.status in ('queued', 'running')
    and r.requested_at < now() - interval '2 seconds'
    and not exists (
      select
      from pg_locks l
      where l.locktype = 'advisory' and l.database = (select d.oid from pg_database d where d.datname = current_database())
        and l.objsubid = 1 and l.granted
        and (l.classid::bigint << 32) | l.objid::bigint = ingest.lock_of_run(r.run_id)
    )
  order by r.run_id
$function$;

-- views

create view catalog.album_external_id with (check_option=cascaded) as
 SELECT juke_id,
    source,
    external_id,
    kind,
    since
   FROM identity.external_id x
  WHERE (kind = 'album'::catalog.entity_kind);
create view catalog.artist_external_id with (check_option=cascaded) as
 SELECT juke_id,
    source,
    external_id,
    kind,
    since
   FROM identity.external_id x
  WHERE (kind = 'artist'::catalog.entity_kind);
create view catalog.audiobook_external_id with (check_option=cascaded) as
 SELECT juke_id,
    source,
    external_id,
    kind,
    since
   FROM identity.external_id x
  WHERE (kind = 'audiobook'::catalog.entity_kind);
create view catalog.book_external_id with (check_option=cascaded) as
 SELECT juke_id,
    source,
    external_id,
    kind,
    since
   FROM identity.external_id x
  WHERE (kind = 'book'::catalog.entity_kind);
create view catalog.episode_external_id with (check_option=cascaded) as
 SELECT juke_id,
    source,
    external_id,
    kind,
    since
   FROM identity.external_id x
  WHERE (kind = 'episode'::catalog.entity_kind);
create view catalog.external_id as
 SELECT juke_id,
    kind,
    source,
    external_id,
    since,
    is_contested
   FROM identity.external_id x;
create view catalog.genre_external_id with (check_option=cascaded) as
 SELECT juke_id,
    source,
    external_id,
    kind,
    since
   FROM identity.external_id x
  WHERE (kind = 'genre'::catalog.entity_kind);
create view catalog.label_external_id with (check_option=cascaded) as
 SELECT juke_id,
    source,
    external_id,
    kind,
    since
   FROM identity.external_id x
  WHERE (kind = 'label'::catalog.entity_kind);
create view catalog.podcast_external_id with (check_option=cascaded) as
 SELECT juke_id,
    source,
    external_id,
    kind,
    since
   FROM identity.external_id x
  WHERE (kind = 'podcast'::catalog.entity_kind);
create view catalog.related_artist as
 SELECT DISTINCT ON (juke_id, relation, related_id, begin_date) juke_id,
    relation,
    related_id,
    begin_date,
    end_date,
    ended
   FROM ( SELECT r.artist_id AS juke_id,
            r.relation,
            r.related_id,
            r.begin_date,
            r.end_date,
            r.ended,
            r.artist_id,
            r.related_id AS other_id,
            r.relation AS told,
            r.juke_id AS told_by
           FROM catalog.artist_relation r
        UNION ALL
         SELECT r.related_id,
                CASE r.relation
                    WHEN 'member'::text THEN 'group'::text
                    ELSE r.relation
                END AS relation,
            r.artist_id,
            r.begin_date,
            r.end_date,
            r.ended,
            r.artist_id,
            r.related_id,
            r.relation,
            r.juke_id
           FROM catalog.artist_relation r) d
  WHERE (NOT (EXISTS ( SELECT
           FROM catalog.artist_relation o
          WHERE ((((o.artist_id = d.artist_id) AND (o.related_id = d.other_id)) OR ((o.artist_id = d.other_id) AND (o.related_id = d.artist_id) AND (d.told = 'alias'::text))) AND (o.relation = d.told) AND ((o.begin_date)::text IS DISTINCT FROM (d.begin_date)::text) AND starts_with((o.begin_date)::text, COALESCE((d.begin_date)::text, ''::text))))))
  ORDER BY juke_id, relation, related_id, begin_date, (num_nonnulls(end_date, ended)) DESC, (told_by = artist_id) DESC;
create view catalog.release_external_id with (check_option=cascaded) as
 SELECT juke_id,
    source,
    external_id,
    kind,
    since
   FROM identity.external_id x
  WHERE (kind = 'release'::catalog.entity_kind);
create view catalog.track_external_id with (check_option=cascaded) as
 SELECT juke_id,
    source,
    external_id,
    kind,
    since
   FROM identity.external_id x
  WHERE (kind = 'track'::catalog.entity_kind);
create view catalog.video_external_id with (check_option=cascaded) as
 SELECT juke_id,
    source,
    external_id,
    kind,
    since
   FROM identity.external_id x
  WHERE (kind = 'video'::catalog.entity_kind);
create view catalog.work_external_id with (check_option=cascaded) as
 SELECT juke_id,
    source,
    external_id,
    kind,
    since
   FROM identity.external_id x
  WHERE (kind = 'work'::catalog.entity_kind);
create view identity.assertion as
 SELECT x.external_id,
    x.source,
    x.kind,
    COALESCE(m.juke_id, x.juke_id) AS juke_id,
    x.record_id,
    'valid'::identity.claim_status AS status,
    x.method,
    x.confidence,
    x.since AS asserted_at,
    x.restored_at,
    COALESCE(x.restored_at, x.since) AS stands_from,
    NULL::timestamp with time zone AS retracted_at,
    NULL::text AS retracted_by,
    NULL::text AS reason,
    true AS is_binding
   FROM (identity.external_id x
     LEFT JOIN identity.membership m ON ((m.record_id = x.record_id)))
UNION ALL
 SELECT f.external_id,
    f.source,
    f.kind,
    m.juke_id,
    f.record_id,
    f.status,
    f.method,
    f.confidence,
    f.asserted_at,
    f.restored_at,
    COALESCE(f.restored_at, f.asserted_at) AS stands_from,
    f.retracted_at,
    f.retracted_by,
    f.reason,
    false AS is_binding
   FROM (identity.further_claim f
     JOIN identity.membership m ON ((m.record_id = f.record_id)));
create view ingest.log as
 SELECT r.run_id,
    d.delivery_id,
    d.source,
    d.name,
    k.delivery_keys,
    d.format,
    d.format_version,
    d.sender,
    d.message_id,
    encode(d.sha256, 'hex'::text) AS sha256,
    d.byte_count,
    d.times_received,
    c.actor AS received_by,
    c.received_at,
    regexp_replace(c.url, '[?].*'::text, ''::text) AS url,
    r.task,
    r.status,
    r.actor AS run_by,
    r.started_at,
    r.finished_at,
    (r.finished_at - r.started_at) AS took,
    r.records,
    r.new,
    r.changed,
    r.unchanged,
    r.entities_minted,
    r.entities_changed,
    r.quarantined,
    r.warnings,
    r.error_code,
    r.error,
    r.error_hint
   FROM (((ingest.delivery d
     LEFT JOIN ops.run r ON ((r.delivery_id = d.delivery_id)))
     LEFT JOIN LATERAL ( SELECT p.actor,
            p.received_at,
            p.url
           FROM ingest.receipt p
          WHERE (p.delivery_id = d.delivery_id)
          ORDER BY p.receipt_id DESC
         LIMIT 1) c ON (true))
     LEFT JOIN LATERAL ( SELECT array_agg(k_1.delivery_key ORDER BY k_1.delivery_key) AS delivery_keys
           FROM ingest.delivery_key k_1
          WHERE (k_1.delivery_id = d.delivery_id)) k ON (true))
  WHERE (d.source <> 'manual'::text)
  ORDER BY r.run_id DESC NULLS LAST, d.delivery_id DESC;

-- triggers

CREATE TRIGGER _100_guard BEFORE INSERT OR DELETE OR UPDATE ON catalog.album FOR EACH STATEMENT EXECUTE FUNCTION catalog.tg_projected__guard();
CREATE TRIGGER _100_refuse_truncate BEFORE TRUNCATE ON catalog.album FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_captured__refuse_truncate();
CREATE TRIGGER _500_capture_delete AFTER DELETE ON catalog.album REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_kind__capture();
CREATE TRIGGER _500_capture_insert AFTER INSERT ON catalog.album REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_kind__capture();
CREATE TRIGGER _500_capture_update AFTER UPDATE ON catalog.album REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_kind__capture();
CREATE TRIGGER _100_guard BEFORE INSERT OR DELETE OR UPDATE ON catalog.alias FOR EACH STATEMENT EXECUTE FUNCTION catalog.tg_projected__guard();
CREATE TRIGGER _100_refuse_truncate BEFORE TRUNCATE ON catalog.alias FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_captured__refuse_truncate();
CREATE TRIGGER _500_capture_delete AFTER DELETE ON catalog.alias REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_part__capture('juke_id', 'aliases');
CREATE TRIGGER _500_capture_insert AFTER INSERT ON catalog.alias REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_part__capture('juke_id', 'aliases');
CREATE TRIGGER _500_capture_update AFTER UPDATE ON catalog.alias REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_part__capture('juke_id', 'aliases');
CREATE TRIGGER _100_guard BEFORE INSERT OR DELETE OR UPDATE ON catalog.artist FOR EACH STATEMENT EXECUTE FUNCTION catalog.tg_projected__guard();
CREATE TRIGGER _100_refuse_truncate BEFORE TRUNCATE ON catalog.artist FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_captured__refuse_truncate();
CREATE TRIGGER _500_capture_delete AFTER DELETE ON catalog.artist REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_kind__capture();
CREATE TRIGGER _500_capture_insert AFTER INSERT ON catalog.artist REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_kind__capture();
CREATE TRIGGER _500_capture_update AFTER UPDATE ON catalog.artist REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_kind__capture();
CREATE TRIGGER _100_guard BEFORE INSERT OR DELETE OR UPDATE ON catalog.artist_relation FOR EACH STATEMENT EXECUTE FUNCTION catalog.tg_projected__guard();
CREATE TRIGGER _100_refuse_truncate BEFORE TRUNCATE ON catalog.artist_relation FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_captured__refuse_truncate();
CREATE TRIGGER _300_hold_referents_insert AFTER INSERT ON catalog.artist_relation REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION catalog.tg_part__hold_referents('artist_id', 'related_id');
CREATE TRIGGER _300_hold_referents_update AFTER UPDATE ON catalog.artist_relation REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION catalog.tg_part__hold_referents('artist_id', 'related_id');
CREATE TRIGGER _500_capture_delete AFTER DELETE ON catalog.artist_relation REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_part__capture('juke_id', 'relations');
CREATE TRIGGER _500_capture_insert AFTER INSERT ON catalog.artist_relation REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_part__capture('juke_id', 'relations');
CREATE TRIGGER _500_capture_update AFTER UPDATE ON catalog.artist_relation REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_part__capture('juke_id', 'relations');
CREATE TRIGGER _100_guard BEFORE INSERT OR DELETE OR UPDATE ON catalog.audiobook FOR EACH STATEMENT EXECUTE FUNCTION catalog.tg_projected__guard();
CREATE TRIGGER _100_refuse_truncate BEFORE TRUNCATE ON catalog.audiobook FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_captured__refuse_truncate();
CREATE TRIGGER _300_hold_referents_insert AFTER INSERT ON catalog.audiobook REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION catalog.tg_part__hold_referents('book_id');
CREATE TRIGGER _300_hold_referents_update AFTER UPDATE ON catalog.audiobook REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION catalog.tg_part__hold_referents('book_id');
CREATE TRIGGER _500_capture_delete AFTER DELETE ON catalog.audiobook REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_kind__capture();
CREATE TRIGGER _500_capture_insert AFTER INSERT ON catalog.audiobook REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_kind__capture();
CREATE TRIGGER _500_capture_update AFTER UPDATE ON catalog.audiobook REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_kind__capture();
CREATE TRIGGER _100_guard BEFORE INSERT OR DELETE OR UPDATE ON catalog.book FOR EACH STATEMENT EXECUTE FUNCTION catalog.tg_projected__guard();
CREATE TRIGGER _100_refuse_truncate BEFORE TRUNCATE ON catalog.book FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_captured__refuse_truncate();
CREATE TRIGGER _500_capture_delete AFTER DELETE ON catalog.book REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_kind__capture();
CREATE TRIGGER _500_capture_insert AFTER INSERT ON catalog.book REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_kind__capture();
CREATE TRIGGER _500_capture_update AFTER UPDATE ON catalog.book REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_kind__capture();
CREATE TRIGGER _100_guard BEFORE INSERT OR DELETE OR UPDATE ON catalog.chapter FOR EACH STATEMENT EXECUTE FUNCTION catalog.tg_projected__guard();
CREATE TRIGGER _100_refuse_truncate BEFORE TRUNCATE ON catalog.chapter FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_captured__refuse_truncate();
CREATE TRIGGER _500_capture_delete AFTER DELETE ON catalog.chapter REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_part__capture('juke_id', 'chapters');
CREATE TRIGGER _500_capture_insert AFTER INSERT ON catalog.chapter REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_part__capture('juke_id', 'chapters');
CREATE TRIGGER _500_capture_update AFTER UPDATE ON catalog.chapter REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_part__capture('juke_id', 'chapters');
CREATE TRIGGER _100_guard BEFORE INSERT OR DELETE OR UPDATE ON catalog.copyright FOR EACH STATEMENT EXECUTE FUNCTION catalog.tg_projected__guard();
CREATE TRIGGER _100_refuse_truncate BEFORE TRUNCATE ON catalog.copyright FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_captured__refuse_truncate();
CREATE TRIGGER _500_capture_delete AFTER DELETE ON catalog.copyright REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_part__capture('juke_id', 'copyrights');
CREATE TRIGGER _500_capture_insert AFTER INSERT ON catalog.copyright REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_part__capture('juke_id', 'copyrights');
CREATE TRIGGER _500_capture_update AFTER UPDATE ON catalog.copyright REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_part__capture('juke_id', 'copyrights');
CREATE TRIGGER _100_guard BEFORE INSERT OR DELETE OR UPDATE ON catalog.credit FOR EACH STATEMENT EXECUTE FUNCTION catalog.tg_projected__guard();
CREATE TRIGGER _100_refuse_truncate BEFORE TRUNCATE ON catalog.credit FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_captured__refuse_truncate();
CREATE TRIGGER _300_hold_referents_insert AFTER INSERT ON catalog.credit REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION catalog.tg_part__hold_referents('contributor_id');
CREATE TRIGGER _300_hold_referents_update AFTER UPDATE ON catalog.credit REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION catalog.tg_part__hold_referents('contributor_id');
CREATE TRIGGER _500_capture_delete AFTER DELETE ON catalog.credit REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_part__capture('juke_id', 'credits');
CREATE TRIGGER _500_capture_insert AFTER INSERT ON catalog.credit REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_part__capture('juke_id', 'credits');
CREATE TRIGGER _500_capture_update AFTER UPDATE ON catalog.credit REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_part__capture('juke_id', 'credits');
CREATE TRIGGER _100_guard BEFORE DELETE OR UPDATE ON catalog.entity FOR EACH STATEMENT EXECUTE FUNCTION catalog.tg_projected__guard();
CREATE TRIGGER _100_refuse_truncate BEFORE TRUNCATE ON catalog.entity FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_captured__refuse_truncate();
CREATE CONSTRAINT TRIGGER _200_check_redirect AFTER INSERT OR UPDATE OF status, merged_into ON catalog.entity DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((new.status = 'merged'::catalog.entity_status)) EXECUTE FUNCTION identity.tg_entity__check_redirect();
CREATE TRIGGER _500_capture_delete AFTER DELETE ON catalog.entity REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_entity__capture();
CREATE TRIGGER _500_capture_insert AFTER INSERT ON catalog.entity REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_entity__capture();
CREATE TRIGGER _500_capture_update AFTER UPDATE ON catalog.entity REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_entity__capture();
CREATE TRIGGER _100_guard BEFORE INSERT OR DELETE OR UPDATE ON catalog.entity_genre FOR EACH STATEMENT EXECUTE FUNCTION catalog.tg_projected__guard();
CREATE TRIGGER _100_refuse_truncate BEFORE TRUNCATE ON catalog.entity_genre FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_captured__refuse_truncate();
CREATE TRIGGER _300_hold_referents_insert AFTER INSERT ON catalog.entity_genre REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION catalog.tg_part__hold_referents('genre_id');
CREATE TRIGGER _300_hold_referents_update AFTER UPDATE ON catalog.entity_genre REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION catalog.tg_part__hold_referents('genre_id');
CREATE TRIGGER _500_capture_delete AFTER DELETE ON catalog.entity_genre REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_part__capture('juke_id', 'genres');
CREATE TRIGGER _500_capture_insert AFTER INSERT ON catalog.entity_genre REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_part__capture('juke_id', 'genres');
CREATE TRIGGER _500_capture_update AFTER UPDATE ON catalog.entity_genre REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_part__capture('juke_id', 'genres');
CREATE TRIGGER _100_guard BEFORE INSERT OR DELETE OR UPDATE ON catalog.episode FOR EACH STATEMENT EXECUTE FUNCTION catalog.tg_projected__guard();
CREATE TRIGGER _100_refuse_truncate BEFORE TRUNCATE ON catalog.episode FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_captured__refuse_truncate();
CREATE TRIGGER _300_hold_referents_insert AFTER INSERT ON catalog.episode REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION catalog.tg_part__hold_referents('podcast_id');
CREATE TRIGGER _300_hold_referents_update AFTER UPDATE ON catalog.episode REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION catalog.tg_part__hold_referents('podcast_id');
CREATE TRIGGER _500_capture_delete AFTER DELETE ON catalog.episode REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_kind__capture();
CREATE TRIGGER _500_capture_insert AFTER INSERT ON catalog.episode REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_kind__capture();
CREATE TRIGGER _500_capture_update AFTER UPDATE ON catalog.episode REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_kind__capture();
CREATE TRIGGER _100_guard BEFORE INSERT OR DELETE OR UPDATE ON catalog.genre FOR EACH STATEMENT EXECUTE FUNCTION catalog.tg_projected__guard();
CREATE TRIGGER _100_refuse_truncate BEFORE TRUNCATE ON catalog.genre FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_captured__refuse_truncate();
CREATE TRIGGER _500_capture_delete AFTER DELETE ON catalog.genre REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_kind__capture();
CREATE TRIGGER _500_capture_insert AFTER INSERT ON catalog.genre REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_kind__capture();
CREATE TRIGGER _500_capture_update AFTER UPDATE ON catalog.genre REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_kind__capture();
CREATE TRIGGER _100_guard BEFORE INSERT OR DELETE OR UPDATE ON catalog.genre_parent FOR EACH STATEMENT EXECUTE FUNCTION catalog.tg_projected__guard();
CREATE TRIGGER _100_refuse_truncate BEFORE TRUNCATE ON catalog.genre_parent FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_captured__refuse_truncate();
CREATE TRIGGER _300_hold_referents_insert AFTER INSERT ON catalog.genre_parent REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION catalog.tg_part__hold_referents('parent_id');
CREATE TRIGGER _300_hold_referents_update AFTER UPDATE ON catalog.genre_parent REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION catalog.tg_part__hold_referents('parent_id');
CREATE TRIGGER _500_capture_delete AFTER DELETE ON catalog.genre_parent REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_part__capture('genre_id', 'parents');
CREATE TRIGGER _500_capture_insert AFTER INSERT ON catalog.genre_parent REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_part__capture('genre_id', 'parents');
CREATE TRIGGER _500_capture_update AFTER UPDATE ON catalog.genre_parent REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_part__capture('genre_id', 'parents');
CREATE TRIGGER _100_guard BEFORE INSERT OR DELETE OR UPDATE ON catalog.image FOR EACH STATEMENT EXECUTE FUNCTION catalog.tg_projected__guard();
CREATE TRIGGER _100_refuse_truncate BEFORE TRUNCATE ON catalog.image FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_captured__refuse_truncate();
CREATE TRIGGER _500_capture_delete AFTER DELETE ON catalog.image REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_part__capture('juke_id', 'images');
CREATE TRIGGER _500_capture_insert AFTER INSERT ON catalog.image REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_part__capture('juke_id', 'images');
CREATE TRIGGER _500_capture_update AFTER UPDATE ON catalog.image REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_part__capture('juke_id', 'images');
CREATE TRIGGER _100_guard BEFORE INSERT OR DELETE OR UPDATE ON catalog.label FOR EACH STATEMENT EXECUTE FUNCTION catalog.tg_projected__guard();
CREATE TRIGGER _100_refuse_truncate BEFORE TRUNCATE ON catalog.label FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_captured__refuse_truncate();
CREATE TRIGGER _300_hold_referents_insert AFTER INSERT ON catalog.label REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION catalog.tg_part__hold_referents('parent_id');
CREATE TRIGGER _300_hold_referents_update AFTER UPDATE ON catalog.label REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION catalog.tg_part__hold_referents('parent_id');
CREATE TRIGGER _500_capture_delete AFTER DELETE ON catalog.label REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_kind__capture();
CREATE TRIGGER _500_capture_insert AFTER INSERT ON catalog.label REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_kind__capture();
CREATE TRIGGER _500_capture_update AFTER UPDATE ON catalog.label REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_kind__capture();
CREATE TRIGGER _100_guard BEFORE INSERT OR DELETE OR UPDATE ON catalog.podcast FOR EACH STATEMENT EXECUTE FUNCTION catalog.tg_projected__guard();
CREATE TRIGGER _100_refuse_truncate BEFORE TRUNCATE ON catalog.podcast FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_captured__refuse_truncate();
CREATE TRIGGER _500_capture_delete AFTER DELETE ON catalog.podcast REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_kind__capture();
CREATE TRIGGER _500_capture_insert AFTER INSERT ON catalog.podcast REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_kind__capture();
CREATE TRIGGER _500_capture_update AFTER UPDATE ON catalog.podcast REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_kind__capture();
CREATE TRIGGER _100_guard BEFORE INSERT OR DELETE OR UPDATE ON catalog.release FOR EACH STATEMENT EXECUTE FUNCTION catalog.tg_projected__guard();
CREATE TRIGGER _100_refuse_truncate BEFORE TRUNCATE ON catalog.release FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_captured__refuse_truncate();
CREATE TRIGGER _300_hold_referents_insert AFTER INSERT ON catalog.release REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION catalog.tg_part__hold_referents('album_id');
CREATE TRIGGER _300_hold_referents_update AFTER UPDATE ON catalog.release REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION catalog.tg_part__hold_referents('album_id');
CREATE TRIGGER _500_capture_delete AFTER DELETE ON catalog.release REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_kind__capture();
CREATE TRIGGER _500_capture_insert AFTER INSERT ON catalog.release REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_kind__capture();
CREATE TRIGGER _500_capture_update AFTER UPDATE ON catalog.release REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_kind__capture();
CREATE TRIGGER _100_guard BEFORE INSERT OR DELETE OR UPDATE ON catalog.release_event FOR EACH STATEMENT EXECUTE FUNCTION catalog.tg_projected__guard();
CREATE TRIGGER _100_refuse_truncate BEFORE TRUNCATE ON catalog.release_event FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_captured__refuse_truncate();
CREATE TRIGGER _500_capture_delete AFTER DELETE ON catalog.release_event REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_part__capture('release_id', 'release_events');
CREATE TRIGGER _500_capture_insert AFTER INSERT ON catalog.release_event REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_part__capture('release_id', 'release_events');
CREATE TRIGGER _500_capture_update AFTER UPDATE ON catalog.release_event REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_part__capture('release_id', 'release_events');
CREATE TRIGGER _100_guard BEFORE INSERT OR DELETE OR UPDATE ON catalog.release_label FOR EACH STATEMENT EXECUTE FUNCTION catalog.tg_projected__guard();
CREATE TRIGGER _100_refuse_truncate BEFORE TRUNCATE ON catalog.release_label FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_captured__refuse_truncate();
CREATE TRIGGER _300_hold_referents_insert AFTER INSERT ON catalog.release_label REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION catalog.tg_part__hold_referents('label_id');
CREATE TRIGGER _300_hold_referents_update AFTER UPDATE ON catalog.release_label REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION catalog.tg_part__hold_referents('label_id');
CREATE TRIGGER _500_capture_delete AFTER DELETE ON catalog.release_label REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_part__capture('release_id', 'labels');
CREATE TRIGGER _500_capture_insert AFTER INSERT ON catalog.release_label REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_part__capture('release_id', 'labels');
CREATE TRIGGER _500_capture_update AFTER UPDATE ON catalog.release_label REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_part__capture('release_id', 'labels');
CREATE TRIGGER _100_guard BEFORE INSERT OR DELETE OR UPDATE ON catalog.release_medium FOR EACH STATEMENT EXECUTE FUNCTION catalog.tg_projected__guard();
CREATE TRIGGER _100_refuse_truncate BEFORE TRUNCATE ON catalog.release_medium FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_captured__refuse_truncate();
CREATE TRIGGER _500_capture_delete AFTER DELETE ON catalog.release_medium REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_part__capture('release_id', 'media');
CREATE TRIGGER _500_capture_insert AFTER INSERT ON catalog.release_medium REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_part__capture('release_id', 'media');
CREATE TRIGGER _500_capture_update AFTER UPDATE ON catalog.release_medium REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_part__capture('release_id', 'media');
CREATE TRIGGER _100_guard BEFORE INSERT OR DELETE OR UPDATE ON catalog.release_track FOR EACH STATEMENT EXECUTE FUNCTION catalog.tg_projected__guard();
CREATE TRIGGER _100_refuse_truncate BEFORE TRUNCATE ON catalog.release_track FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_captured__refuse_truncate();
CREATE TRIGGER _300_hold_referents_insert AFTER INSERT ON catalog.release_track REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION catalog.tg_part__hold_referents('track_id', 'video_id');
CREATE TRIGGER _300_hold_referents_update AFTER UPDATE ON catalog.release_track REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION catalog.tg_part__hold_referents('track_id', 'video_id');
CREATE TRIGGER _500_capture_delete AFTER DELETE ON catalog.release_track REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_part__capture('release_id', 'tracks');
CREATE TRIGGER _500_capture_insert AFTER INSERT ON catalog.release_track REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_part__capture('release_id', 'tracks');
CREATE TRIGGER _500_capture_update AFTER UPDATE ON catalog.release_track REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_part__capture('release_id', 'tracks');
CREATE TRIGGER _600_mark_dirty_delete AFTER DELETE ON catalog.release_track REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION descriptor.tg_release_track__mark_dirty();
CREATE TRIGGER _600_mark_dirty_insert AFTER INSERT ON catalog.release_track REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION descriptor.tg_release_track__mark_dirty();
CREATE TRIGGER _600_mark_dirty_update AFTER UPDATE ON catalog.release_track REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION descriptor.tg_release_track__mark_dirty();
CREATE TRIGGER _100_guard BEFORE INSERT OR DELETE OR UPDATE ON catalog.track FOR EACH STATEMENT EXECUTE FUNCTION catalog.tg_projected__guard();
CREATE TRIGGER _100_refuse_truncate BEFORE TRUNCATE ON catalog.track FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_captured__refuse_truncate();
CREATE TRIGGER _500_capture_delete AFTER DELETE ON catalog.track REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_kind__capture();
CREATE TRIGGER _500_capture_insert AFTER INSERT ON catalog.track REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_kind__capture();
CREATE TRIGGER _500_capture_update AFTER UPDATE ON catalog.track REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_kind__capture();
CREATE TRIGGER _100_guard BEFORE INSERT OR DELETE OR UPDATE ON catalog.track_work FOR EACH STATEMENT EXECUTE FUNCTION catalog.tg_projected__guard();
CREATE TRIGGER _100_refuse_truncate BEFORE TRUNCATE ON catalog.track_work FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_captured__refuse_truncate();
CREATE TRIGGER _300_hold_referents_insert AFTER INSERT ON catalog.track_work REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION catalog.tg_part__hold_referents('work_id');
CREATE TRIGGER _300_hold_referents_update AFTER UPDATE ON catalog.track_work REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION catalog.tg_part__hold_referents('work_id');
CREATE TRIGGER _500_capture_delete AFTER DELETE ON catalog.track_work REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_part__capture('track_id', 'works');
CREATE TRIGGER _500_capture_insert AFTER INSERT ON catalog.track_work REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_part__capture('track_id', 'works');
CREATE TRIGGER _500_capture_update AFTER UPDATE ON catalog.track_work REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_part__capture('track_id', 'works');
CREATE TRIGGER _100_guard BEFORE INSERT OR DELETE OR UPDATE ON catalog.transcript FOR EACH STATEMENT EXECUTE FUNCTION catalog.tg_projected__guard();
CREATE TRIGGER _100_refuse_truncate BEFORE TRUNCATE ON catalog.transcript FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_captured__refuse_truncate();
CREATE TRIGGER _500_capture_delete AFTER DELETE ON catalog.transcript REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_part__capture('episode_id', 'transcripts');
CREATE TRIGGER _500_capture_insert AFTER INSERT ON catalog.transcript REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_part__capture('episode_id', 'transcripts');
CREATE TRIGGER _500_capture_update AFTER UPDATE ON catalog.transcript REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_part__capture('episode_id', 'transcripts');
CREATE TRIGGER _100_guard BEFORE INSERT OR DELETE OR UPDATE ON catalog.usage_right FOR EACH STATEMENT EXECUTE FUNCTION catalog.tg_projected__guard();
CREATE TRIGGER _100_refuse_truncate BEFORE TRUNCATE ON catalog.usage_right FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_captured__refuse_truncate();
CREATE TRIGGER _500_capture_delete AFTER DELETE ON catalog.usage_right REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_part__capture('juke_id', 'rights');
CREATE TRIGGER _500_capture_insert AFTER INSERT ON catalog.usage_right REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_part__capture('juke_id', 'rights');
CREATE TRIGGER _500_capture_update AFTER UPDATE ON catalog.usage_right REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_part__capture('juke_id', 'rights');
CREATE TRIGGER _100_guard BEFORE INSERT OR DELETE OR UPDATE ON catalog.video FOR EACH STATEMENT EXECUTE FUNCTION catalog.tg_projected__guard();
CREATE TRIGGER _100_refuse_truncate BEFORE TRUNCATE ON catalog.video FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_captured__refuse_truncate();
CREATE TRIGGER _300_hold_referents_insert AFTER INSERT ON catalog.video REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION catalog.tg_part__hold_referents('track_id');
CREATE TRIGGER _300_hold_referents_update AFTER UPDATE ON catalog.video REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION catalog.tg_part__hold_referents('track_id');
CREATE TRIGGER _500_capture_delete AFTER DELETE ON catalog.video REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_kind__capture();
CREATE TRIGGER _500_capture_insert AFTER INSERT ON catalog.video REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_kind__capture();
CREATE TRIGGER _500_capture_update AFTER UPDATE ON catalog.video REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_kind__capture();
CREATE TRIGGER _100_guard BEFORE INSERT OR DELETE OR UPDATE ON catalog.work FOR EACH STATEMENT EXECUTE FUNCTION catalog.tg_projected__guard();
CREATE TRIGGER _100_refuse_truncate BEFORE TRUNCATE ON catalog.work FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_captured__refuse_truncate();
CREATE TRIGGER _500_capture_delete AFTER DELETE ON catalog.work REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_kind__capture();
CREATE TRIGGER _500_capture_insert AFTER INSERT ON catalog.work REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_kind__capture();
CREATE TRIGGER _500_capture_update AFTER UPDATE ON catalog.work REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_kind__capture();
CREATE TRIGGER _600_mark_dirty AFTER INSERT ON feed.event REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION descriptor.tg_event__mark_dirty();
CREATE TRIGGER _100_check_insert AFTER INSERT ON identity.external_id REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION identity.tg_external_id__check();
CREATE TRIGGER _100_check_update AFTER UPDATE ON identity.external_id REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION identity.tg_external_id__check();
CREATE TRIGGER _100_guard BEFORE DELETE OR UPDATE ON identity.external_id FOR EACH STATEMENT EXECUTE FUNCTION catalog.tg_projected__guard();
CREATE TRIGGER _100_refuse_truncate BEFORE TRUNCATE ON identity.external_id FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_captured__refuse_truncate();
CREATE TRIGGER _500_capture_delete AFTER DELETE ON identity.external_id REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_part__capture('juke_id', 'external_ids');
CREATE TRIGGER _500_capture_insert AFTER INSERT ON identity.external_id REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_part__capture('juke_id', 'external_ids');
CREATE TRIGGER _500_capture_update AFTER UPDATE ON identity.external_id REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_part__capture('juke_id', 'external_ids');
CREATE TRIGGER _100_refuse_truncate BEFORE TRUNCATE ON identity.membership FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_captured__refuse_truncate();
CREATE TRIGGER _500_capture_delete AFTER DELETE ON identity.membership REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_part__capture('juke_id', 'records');
CREATE TRIGGER _500_capture_insert AFTER INSERT ON identity.membership REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_part__capture('juke_id', 'records');
CREATE TRIGGER _500_capture_update AFTER UPDATE ON identity.membership REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION feed.tg_part__capture('juke_id', 'records');

-- comments

comment on aggregate ingest.merged_mentions(pg_catalog.jsonb) is 'All mentions of a record as one, whatever their order.';
comment on aggregate ingest.overlaid(pg_catalog.jsonb) is 'Statements laid over each other in order: the keys of the later ones win.';
comment on composite type column catalog.availability."position" is 'The place of the term among those of `heldBy`.';
comment on composite type column catalog.availability.asked_id is 'The key as it was given.';
comment on composite type column catalog.availability.held_by is '@behavior -*
Whose term it is.';
comment on composite type column catalog.availability.juke_id is 'The key of the entity; when it was merged, of the one that it redirects to.';
comment on composite type column catalog.availability.reasons is '@notNull
Why not: what the term lacks that lacks the least; empty when it may.';
comment on composite type column catalog.availability.streamable is '@notNull
Whether it may.';
comment on composite type column catalog.availability.valid_from is 'Since when the term holds.';
comment on composite type column catalog.availability.valid_until is 'The first moment at which the term no longer holds.';
comment on composite type column catalog.entity_version.juke_id is '@notNull
The key of the entity.';
comment on composite type column catalog.entity_version.version is '@notNull
Its `version` when it was read.';
comment on composite type column descriptor.hit.display_name is '@notNull
Its name or title.';
comment on composite type column descriptor.hit.juke_id is '@notNull
The key of the entity.';
comment on composite type column descriptor.hit.kind is '@notNull
The kind of the entity.';
comment on composite type column descriptor.hit.score is '@notNull
How well it fits; comparable within one answer.';
comment on composite type column feed.update.actor is 'Who changed it; null when a delivery did by itself.';
comment on composite type column feed.update.at is '@notNull
The start of the transaction.';
comment on composite type column feed.update.changed is 'The attributes and lists that changed, as the database names them; null when the entity is new.';
comment on composite type column feed.update.delivery_id is 'The delivery it came by; null when it came by none.';
comment on composite type column feed.update.id is '@behavior -*';
comment on composite type column feed.update.juke_id is '@notNull
The key of the entity.';
comment on composite type column feed.update.kind is '@notNull
The kind of the entity.';
comment on composite type column feed.update.next_cursor is '@notNull
The cursor that continues right after this update.';
comment on composite type column feed.update.op is '@notNull
What happened to it.';
comment on composite type column feed.update.version is '@notNull
The version of the entity after the change.';
comment on composite type column identity.resolution.is_contested is '@notNull
Whether another entity claims the id too: the answer is that of the best claim, and `explain` shows the others.';
comment on composite type column identity.resolution.juke_id is 'The key of the entity.';
comment on composite type column identity.resolution.kind is 'The kind of the entity.';
comment on composite type column identity.resolution.ref is '@notNull
The reference as it was given.';
comment on composite type column identity.resolution.rule is 'What answered: `juke_id`, or the scheme of the id that matched.';
comment on composite type column identity.resolution.scheme is 'The scheme the reference was read as; `uuid` when nothing says whose uuid it is.';
comment on composite type column identity.resolution.status is '@notNull
Whether it names something here.';
comment on composite type column identity.resolution.value is 'The id in its canonical form.';
comment on composite type column ingest.job.changed is '@notNull
Records of them that say something else now.';
comment on composite type column ingest.job.checksum is 'The SHA-256 of its bytes.';
comment on composite type column ingest.job.delivery_id is 'The deliverer''s own id of the delivery.';
comment on composite type column ingest.job.error is 'Why it failed.';
comment on composite type column ingest.job.error_code is 'Why it failed: a code.';
comment on composite type column ingest.job.error_hint is 'What to do about it.';
comment on composite type column ingest.job.finished_at is 'When it was over.';
comment on composite type column ingest.job.format is 'What it is; `unknown` until it was looked at.';
comment on composite type column ingest.job.job_id is '@notNull
What `ingestJob` takes.';
comment on composite type column ingest.job.new is '@notNull
Records of them that were not known.';
comment on composite type column ingest.job.quarantined is '@notNull
Records that could not be taken.';
comment on composite type column ingest.job.records is '@notNull
Records that were taken in so far.';
comment on composite type column ingest.job.requested_at is '@notNull
Since when it waits.';
comment on composite type column ingest.job.source is 'Who delivers.';
comment on composite type column ingest.job.started_at is 'When a worker began.';
comment on composite type column ingest.job.status is '@notNull
How far it is.';
comment on composite type column ingest.job.task is '@notNull
`ingest`, `replay` or `fetch`.';
comment on composite type column ingest.job.unchanged is '@notNull
Records of them that say what they said.';
comment on composite type column ingest.job.url is 'Where it is fetched from.';
comment on composite type column ingest.job.warnings is '@notNull
What was read all the same, and should be known.';
comment on function catalog.album_artist_credit(catalog.album) is 'The artist credit as printed: `Queen & David Bowie`.';
comment on function catalog.artist_albums(catalog.artist) is 'The albums credited to the artist, the oldest first.';
comment on function catalog.artist_groups(catalog.artist) is '@behavior -connection +list
@notNull
The groups that it is or was a member of, the first one first.';
comment on function catalog.artist_members(catalog.artist) is '@behavior -connection +list
@notNull
Its members, now and before, those who came first first.';
comment on function catalog.artist_personas(catalog.artist) is '@behavior -connection +list
@notNull
The same person as artists of other names.';
comment on function catalog.artist_tracks(catalog.artist) is 'The tracks credited to the artist, the oldest first.';
comment on function catalog.audiobook_chapters(catalog.audiobook) is '@behavior -connection +list
@notNull
What is heard when, from the beginning.';
comment on function catalog.changed_since(pg_catalog.uuid,integer) is 'What has changed of an entity since a version, in words.';
comment on function catalog.check_patch(catalog.entity_kind,pg_catalog.jsonb) is 'Refuses an edit that is not in the shape of a record of that kind.';
comment on function catalog.check_patch_list(pg_catalog.text,pg_catalog.jsonb) is 'The first thing that is wrong with a list of an edit; null when it is in the shape of a record.';
comment on function catalog.check_patch_value(pg_catalog.jsonb,pg_catalog.text) is 'What a value of an edit must be, in words; null when it is that.';
comment on function catalog.edit(pg_catalog.uuid,pg_catalog.jsonb,integer) is '@name edit
@resultFieldName entity
A person''s word on the attributes of an entity, in the shape of formats/record.schema.json; outranks every source. A key set to null is left to the sources again. Errors: JB151, JB152, JB162 `expectedVersion` is stale, JB163.';
comment on function catalog.entity_by_juke_id(pg_catalog.uuid) is '@fieldName entity
The entity with this key; when it was merged, the one that it redirects to. Null when there is none or it was deleted: `resolution` says which.';
comment on function catalog.entity_by_mbid(pg_catalog.uuid,catalog.entity_kind) is 'The entity that carries this MusicBrainz id. The kind is needed only where one id names two things, as a recording that is a track and a video.';
comment on function catalog.entity_by_ref(pg_catalog.text) is '@fieldName resolve
The entity that anything a person would paste stands for: a URL of a known service, `isrc:GBAYE9700104`, `spotify:track:…`, `mbid:…`, a bare uuid. Null when the reference is well formed and names nothing here. Errors: JB102 ambiguous, JB103 not a reference.';
comment on function catalog.episode_chapters(catalog.episode) is '@behavior -connection +list
@notNull
What is heard when, from the beginning.';
comment on function catalog.genre_children(catalog.genre) is '@behavior -connection +list
@notNull
The genres directly below this one.';
comment on function catalog.genre_parents(catalog.genre) is '@behavior -connection +list
@notNull
The genres directly above this one.';
comment on function catalog.hold_referents(catalog.statement[]) is 'Holds what statements refer to against whoever would move, merge or delete it.';
comment on function catalog.is_streamable(pg_catalog.uuid,pg_catalog.text,timestamp with time zone,pg_catalog.text) is '@fieldName isStreamable
@notNull
Whether an entity may be used in a territory (ISO 3166-1 or 3166-2) at a moment (now, when it is left out) in a certain way (a DDEX use type; `Stream`, when it is left out), by which term, or why not. A track or video without terms of its own has those of its releases, an episode those of its podcast. Errors: JB260 no territory, JB261 no use type.';
comment on function catalog.manual_delivery(pg_catalog.uuid,pg_catalog.jsonb) is 'The delivery that an edit is: who said what.';
comment on function catalog.manual_record(pg_catalog.uuid) is 'The record that holds what people say of an entity.';
comment on function catalog.moment(pg_catalog.text,boolean) is 'The moment that a source means by a day, or by a date and time.';
comment on function catalog.plan_anew() is 'Lets the statements that follow in a function be planned anew again.';
comment on function catalog.plan_once() is 'Lets the statements that follow in a function, and the checks of foreign keys, keep their plans.';
comment on function catalog.project(pg_catalog.uuid[]) is 'Computes entities anew from the records that belong to them; writes, and reports to the feed, only what differs.';
comment on function catalog.project_aliases(pg_catalog.uuid[],catalog.statement[],boolean) is 'Writes the aliases of entities: all that any source knows.';
comment on function catalog.project_alone(pg_catalog.text,ingest.arrival[],boolean) is 'Writes the rows of new entities of which one record is all that is known; returns those it could.';
comment on function catalog.project_alone_parts(pg_catalog.text,ingest.arrival[]) is 'Writes the parts of new entities of which one record is all that is known.';
comment on function catalog.project_chapters(pg_catalog.uuid[],catalog.statement[]) is 'Writes the chapters of episodes and audiobooks, as the best source that gives any has them.';
comment on function catalog.project_copyrights(pg_catalog.uuid[],catalog.statement[]) is 'Writes the P-lines and C-lines of entities, as the best source that gives any list has them.';
comment on function catalog.project_credits(pg_catalog.uuid[],catalog.statement[],boolean) is 'Writes the credits of entities, as the best source that gives any has them.';
comment on function catalog.project_genres(pg_catalog.uuid[],catalog.statement[],boolean) is 'Writes the genres of entities: all that any source gives, each with its greatest weight.';
comment on function catalog.project_images(pg_catalog.uuid[],catalog.statement[],boolean) is 'Writes the images of entities: all that any source gives.';
comment on function catalog.project_kind(catalog.entity_kind,pg_catalog.jsonb) is 'Writes the golden rows of one kind; rows that are right already are left alone.';
comment on function catalog.project_mbids(pg_catalog.uuid[]) is 'Writes the best MusicBrainz id of entities.';
comment on function catalog.project_now(pg_catalog.uuid[]) is 'One attempt of catalog.project.';
comment on function catalog.project_parents(pg_catalog.uuid[],catalog.statement[],boolean) is 'Writes the genres above genres, as the best source that gives any has them.';
comment on function catalog.project_relations(pg_catalog.uuid[],catalog.statement[]) is 'Writes how artists are related to others: all that any source says in their records.';
comment on function catalog.project_release_parts(pg_catalog.uuid[],catalog.statement[],boolean) is 'Writes the media, tracks, labels and events of releases, each as the best source that gives any has them.';
comment on function catalog.project_rights(pg_catalog.uuid[],catalog.statement[]) is 'Writes the terms on which entities may be used, as the best source that gives any list has them.';
comment on function catalog.project_transcripts(pg_catalog.uuid[],catalog.statement[]) is 'Writes the transcripts of episodes, as the best source that gives any has them.';
comment on function catalog.project_works(pg_catalog.uuid[],catalog.statement[],boolean) is 'Writes the works that recordings perform, as the best source that gives any has them.';
comment on function catalog.provenance(pg_catalog.uuid) is '@name provenance
@behavior -connection +list
@notNull
@recordName provenance A value of an attribute, and who says so.
@field attribute! The attribute or list, as the records name it.
@field value! What this source says.
@field source! Who says so.
@field record_id! The record that says so.
@field source_record_id! The id of the record at its source.
@field stated! Whether the record is about the entity; false when it only mentions it.
@field won! Whether this is the value that the catalog shows.
@field why! Why it won, or not.
Each value that any source gives for an attribute of an entity, which one won, and why. Errors: JB151 no such entity.';
comment on function catalog.referent(pg_catalog.text,pg_catalog.jsonb) is 'The entity that a source means by a reference to one of its records.';
comment on function catalog.refuse_stale(catalog.entity_version[]) is 'Refuses what somebody wants to do who has seen other versions than those that are there.';
comment on function catalog.release_artist_credit(catalog.release) is 'The artist credit as printed: `Queen & David Bowie`.';
comment on function catalog.rights_at(pg_catalog.uuid[],pg_catalog.text,timestamp with time zone,pg_catalog.text) is '@fieldName rightsAt
@behavior -connection +list
@notNull
Whether each of up to 10,000 entities may be used in a territory (ISO 3166-1 or 3166-2) at a moment (now, when it is left out) in a certain way (a DDEX use type; `Stream`, when it is left out): one answer each, in their order. Errors: JB104 too many, JB260 no territory, JB261 no use type.';
comment on function catalog.seen(pg_catalog.uuid,integer) is 'That somebody has seen this version of this entity; null without a version.';
comment on function catalog.state(pg_catalog.uuid[]) is '@behavior -*
Entities as JSON, each with its version: the same version is the same JSON.';
comment on function catalog.statements(pg_catalog.uuid[]) is 'What sources say of these entities: of every key the best, of lists that all sources add to each.';
comment on function catalog.territory_code(pg_catalog.text) is 'The code of a territory as it is today; refuses what is none.';
comment on function catalog.track_artist_credit(catalog.track) is 'The artist credit as printed: `Queen & David Bowie`.';
comment on function catalog.unproject(pg_catalog.uuid[]) is 'Takes merged and deleted entities out of the catalog; their hub rows stay.';
comment on function catalog.use_types(pg_catalog.text) is 'The use types of which a term must name one to allow this one.';
comment on function catalog.video_artist_credit(catalog.video) is 'The artist credit as printed: `Queen & David Bowie`.';
comment on function catalog.writing(boolean) is 'Lets this transaction write the projected tables, or ends that.';
comment on function descriptor.build(pg_catalog.uuid[]) is 'The search documents of entities, computed from the catalog.';
comment on function descriptor.builder_version() is 'The version of descriptor.build that documents are stamped with.';
comment on function descriptor.mark_dependents(pg_catalog.uuid[]) is 'Marks the documents that quote the names of these entities as stale.';
comment on function descriptor.query_of(pg_catalog.text) is 'The tsquery of what people type: words, "a phrase", -without, or.';
comment on function descriptor.refresh(integer) is 'Brings the search documents of changed entities up to date; safe to call from several workers at once.';
comment on function descriptor.search(pg_catalog.text,catalog.entity_kind[],integer) is '@fieldName search
@behavior -connection +list
@notNull
Full-text search over every kind, the best fit first: words, "a phrase", -without, or. A track is found by its artist, album and genre too. `limit`: 1 to 100, default 20. Errors: JB401 limit out of range.';
comment on function descriptor.words(pg_catalog.text) is 'A text without the signs that make a name look like a path, host, number or tag.';
comment on function feed.ack(pg_catalog.text,pg_catalog.text) is 'Moves a named consumer on.';
comment on function feed.add_consumer(pg_catalog.text,pg_catalog.text) is 'Names a place in the feed that the database keeps.';
comment on function feed.batch(pg_catalog.pg_snapshot,pg_catalog.pg_snapshot) is 'The events of the transactions that finished between two snapshots.';
comment on function feed.begin_anew(feed.retention) is 'Empties a feed that was restored from another cluster.';
comment on function feed.bootstrap(catalog.entity_kind[]) is '@behavior -*
The catalog as of one moment, with the cursor that continues from it.';
comment on function feed.capture(feed.change[]) is 'Raises the version of the changed entities and writes their events, once per entity and transaction.';
comment on function feed.catalog_name() is 'The cluster and the database that a cursor belongs to.';
comment on function feed.check_limit(integer) is 'Refuses a page of the feed that is too large, or empty.';
comment on function feed.covers(pg_catalog.pg_snapshot,pg_catalog.pg_snapshot) is 'Whether all that was finished in one snapshot is finished in another.';
comment on function feed.current_snapshot() is 'The snapshot of the calling statement, its own transaction counted as running.';
comment on function feed.decode_cursor(pg_catalog.text,boolean) is 'Reads a feed cursor; refuses what is none, what comes from another database, and what is older than the feed is kept.';
comment on function feed.drop_expired() is 'Drops the partitions of the feed that are older than it is kept.';
comment on function feed.encode_cursor(feed.place) is 'A place in the feed as text.';
comment on function feed.file_default() is 'Makes a partition of the events that have none of their own.';
comment on function feed.head() is '@fieldName feedHead
@notNull
The cursor of this moment: `updates` after it are what is committed from now on.';
comment on function feed.here() is 'The place of this moment in the feed.';
comment on function feed.known_consumer(pg_catalog.text) is 'A consumer of the feed, locked for the transaction.';
comment on function feed.lag(pg_catalog.text) is 'How far behind the named consumers are, in events and seconds.';
comment on function feed.maintain(interval) is 'Makes the partitions of the feed ahead of time and drops those that are too old.';
comment on function feed.make_ahead(interval) is 'Makes partitions of the feed ahead of time.';
comment on function feed.make_partition(timestamp with time zone,timestamp with time zone) is 'Makes a partition of the feed.';
comment on function feed.mark(pg_catalog.uuid[],feed.op) is 'Names what the events of this transaction are for some entities.';
comment on function feed.next_xid(pg_catalog.xid8) is 'A transaction id that nobody has yet.';
comment on function feed.origin() is 'Who changes the catalog in this transaction, and by which delivery.';
comment on function feed.page(feed.place,pg_catalog.pg_snapshot,integer,catalog.entity_kind[]) is 'One page of a batch of events.';
comment on function feed.partition_name(timestamp with time zone) is 'The name of the partition of the feed that begins then.';
comment on function feed.partitions() is 'The partitions of the feed by time.';
comment on function feed.pause(pg_catalog.text) is 'Gives a named consumer nothing until it is resumed.';
comment on function feed.poll(pg_catalog.text,integer) is 'The next events of a named consumer.';
comment on function feed.read(pg_catalog.text,integer,catalog.entity_kind[],pg_catalog.text) is '@behavior -*
The updates after a cursor, and the cursor to go on from.';
comment on function feed.refuse_dropped() is 'Refuses what was read while some of it was dropped.';
comment on function feed.refuse_unreadable() is 'Refuses to read the feed on a standby, and what was restored from another cluster.';
comment on function feed.remove_consumer(pg_catalog.text) is 'Forgets a named consumer.';
comment on function feed.reset(pg_catalog.text,pg_catalog.text) is 'Puts a named consumer to another place in the feed.';
comment on function feed.resume(pg_catalog.text) is 'Lets a paused consumer go on.';
comment on function feed.seal(pg_catalog.text) is 'The text of a cursor with its check sum.';
comment on function feed.updates(pg_catalog.text,integer,catalog.entity_kind[]) is '@fieldName updates
@behavior -connection +list
@notNull
What has changed after a cursor, at most `limit` (1 to 10,000, default 100), of some kinds or of all: one update for an entity and transaction, each with the cursor that continues after it. None: nothing is new, keep the cursor. Without a cursor: from the oldest that is kept. Errors: JB301 not a cursor, JB302 the cursor of another database, JB304 limit out of range, JB305 the cursor has expired.';
comment on function feed.updates_between(timestamp with time zone,timestamp with time zone,integer,pg_catalog.text) is '@behavior -*
What was changed by the transactions that began within a window of time.';
comment on function feed.updates_of(pg_catalog.jsonb) is '@behavior -* -queryField
The updates that a page of JSON holds.';
comment on function identity.actor() is 'Who is acting: the setting jukebase.actor, else the database user.';
comment on function identity.adopt(pg_catalog.uuid[]) is 'Makes ids that were written by hand claims of their entities'' manual records.';
comment on function identity.arrival_claims(pg_catalog.text,ingest.arrival[]) is 'The ids that new records carry, canonical, with their scheme and rank.';
comment on function identity.bare_readings(pg_catalog.text) is 'What a text may be that does not say it: the schemes whose shape it has and in which it is valid.';
comment on function identity.canonical(pg_catalog.text,pg_catalog.text) is 'The canonical form of an identifier under its scheme, or null when it is not valid.';
comment on function identity.canonical_asin(pg_catalog.text) is 'The 10 characters of an ASIN, or null.';
comment on function identity.canonical_bandcamp(pg_catalog.text) is 'The address of an artist, album or track on Bandcamp, as it is always written, or null.';
comment on function identity.canonical_dpid(pg_catalog.text) is 'The 18 characters of a DDEX party identifier whose check character agrees, or null.';
comment on function identity.canonical_feed_url(pg_catalog.text) is 'The address of a feed as it is compared: https, host in lower case, no user, default port, fragment and trailing slash.';
comment on function identity.canonical_grid(pg_catalog.text) is 'The 18 characters of a GRid whose check character agrees, or null.';
comment on function identity.canonical_gtin(pg_catalog.text) is 'The 14-digit form of a UPC, EAN or other GTIN whose check digit agrees, or null.';
comment on function identity.canonical_ipi(pg_catalog.text) is 'The 11 digits of an IPI name number whose check digits agree, or null.';
comment on function identity.canonical_ipi_base(pg_catalog.text) is 'I and the 10 digits of an IPI base number whose check digit agrees, or null.';
comment on function identity.canonical_isbn(pg_catalog.text) is 'The 13-digit form of an ISBN whose check digit agrees, or null.';
comment on function identity.canonical_ismn(pg_catalog.text) is 'The 13-digit form of an ISMN whose check digit agrees, or null.';
comment on function identity.canonical_isni(pg_catalog.text) is 'The 16 characters of an ISNI whose check character agrees, or null.';
comment on function identity.canonical_isrc(pg_catalog.text) is 'The 12 characters of an ISRC with an allocated prefix, or null.';
comment on function identity.canonical_issn(pg_catalog.text) is 'The 8 characters of an ISSN whose check digit agrees, or null.';
comment on function identity.canonical_iswc(pg_catalog.text) is 'T and the 10 digits of an ISWC whose check digit agrees, or null.';
comment on function identity.canonical_other(pg_catalog.text,pg_catalog.text) is 'The value itself when it matches the pattern of its scheme, or null.';
comment on function identity.canonical_spotify(pg_catalog.text) is 'A Spotify id: 22 digits of base 62 below 2^128, or null.';
comment on function identity.canonical_uuid(pg_catalog.text) is 'A uuid in lower case with its four hyphens, or null.';
comment on function identity.check_cisac_digit(bigint,integer) is 'Whether the last of ten digits is the check digit of an ISWC (start 1) or IPI base number (start 2).';
comment on function identity.check_kinds(pg_catalog.uuid[]) is 'Refuses entities that cannot be one: of different kinds, or special.';
comment on function identity.check_merge(pg_catalog.uuid,pg_catalog.uuid[],catalog.entity_version[]) is 'Locks the entities of a merge and refuses what may not be merged.';
comment on function identity.check_mod_37_36(pg_catalog.text) is 'Whether the last of 18 letters and digits is their ISO 7064 mod 37,36 check character.';
comment on function identity.check_split(pg_catalog.uuid,bigint[],catalog.entity_version[]) is 'Locks the entity of a split and refuses what cannot be split.';
comment on function identity.checked(pg_catalog.text,pg_catalog.text,catalog.entity_kind) is 'The canonical form of a typed id, or the reason why it has none.';
comment on function identity.claim(pg_catalog.uuid,pg_catalog.text,pg_catalog.text,real,pg_catalog.text,integer) is '@name claim
@resultFieldName operation
Says that this id is this entity''s; contested when another entity carries it. Errors: JB105, JB106, JB150 to JB152, JB162 `expectedVersion` is stale, JB170, JB171.';
comment on function identity.claimants(identity.id_key[]) is 'The entities that claim one of these ids.';
comment on function identity.claimed(pg_catalog.text,pg_catalog.text,catalog.entity_kind,catalog.entity_kind[]) is 'The canonical form of an id that a record of a kind carries, or null when it is not valid there.';
comment on function identity.compact(pg_catalog.text) is 'A code without the spaces, hyphens and dots it is printed with, in capital letters.';
comment on function identity.decide(bigint,pg_catalog.text,pg_catalog.text,catalog.entity_version[]) is '@name decide
@resultFieldName review
Decides a review: `merge` (they are one: b becomes a), `keep_apart` or `skip`. The first two become facts that later runs obey; of an undo that was refused, the one that asks for it tries again. Errors: JB162 one of `expectedVersions` is stale, JB164 to JB166, those of `merge` and `undo`.';
comment on function identity.deed_of(identity.operation) is 'What somebody did, in a sentence.';
comment on function identity.delete(pg_catalog.uuid,pg_catalog.text,integer) is '@name delete_entity
@resultFieldName operation
Deletes an entity: it leaves the catalog and stays as a tombstone. `undo` brings it back. Errors: JB151, JB152, JB155, JB162 `expectedVersion` is stale.';
comment on function identity.domains(pg_catalog.text) is 'The domains a host may belong to: its last two labels, and its last three.';
comment on function identity.dossier(pg_catalog.uuid) is 'All that a person needs to judge an entity, as JSON.';
comment on function identity.entity_at(pg_catalog.uuid,timestamp with time zone) is 'What an id stood for at a moment.';
comment on function identity.explain(pg_catalog.text) is '@name explain
@behavior -connection +list
@notNull
@recordName explanation A step of the way from a reference to its answer.
@field step! Its place, from 1.
@field what! read, juke_id, bound claim, further claim, retracted claim, invalid claim or answer.
@field detail! The step in words.
How the answer of `resolution` comes about, step by step, in words. What is wrong with the reference is said by the first; an id that is not valid is found as it came.';
comment on function identity.facts_on(pg_catalog.uuid,pg_catalog.uuid) is 'What was ruled of two entities, or of those that have become them.';
comment on function identity.how(pg_catalog.uuid) is '@name how
@behavior -connection +list
@notNull
@recordName history Something that has made an entity what it is.
@field at! When it happened.
@field what! record, invalid id, edit, or the operation: merge, split, delete, claim, retract, undo.
@field record_id The record that joined, or that has the invalid id.
@field operation_id The operation: what `undo` takes.
@field detail! What happened, in words.
How an entity was assembled: its records with the rule and the evidence that brought each, their ids that are not valid, the edits, and the operations on it, in the order of time. Errors: JB151 no such entity.';
comment on function identity.identify(pg_catalog.text) is 'Every plausible reading of anything pasted, the best first: scheme, canonical value, kinds, confidence and why.';
comment on function identity.keep_invalid(identity.claim[]) is 'Keeps invalid ids in the ledger, as evidence.';
comment on function identity.link(bigint[]) is 'Links records to entities by their ids, mints for the rest, and claims their ids; set-based, never steals an id.';
comment on function identity.link_alone(pg_catalog.text,ingest.arrival[],bigint[]) is 'Mints an entity for each new record that shares no id with anything.';
comment on function identity.link_options(identity.claim[],bigint[]) is 'The entities that share an id with an unlinked record, and what speaks against each.';
comment on function identity.link_scope(bigint[],identity.claim[]) is 'The entities that linking these records may change.';
comment on function identity.listed(pg_catalog.jsonb) is 'The texts of a JSON array as one line.';
comment on function identity.make_claims(identity.claim[],timestamp with time zone) is 'Puts claims to ids that another record carries into the ledger.';
comment on function identity.member_at(bigint,timestamp with time zone) is 'The entity a record belonged to at a moment.';
comment on function identity.member_keys(pg_catalog.uuid[]) is 'The ids that entities claim, through a record or by hand.';
comment on function identity.merge(pg_catalog.uuid,pg_catalog.uuid[],pg_catalog.text,catalog.entity_version[]) is '@name merge
@resultFieldName operation
Merges entities into a winner: their records move, they redirect. `undo` takes it back exactly. At most 1,000 losers. Errors: JB151 to JB157, JB162 one of `expectedVersions` is stale.';
comment on function identity.merge_plan(pg_catalog.uuid,pg_catalog.uuid[]) is '@name merge_plan
@isQuery
@behavior -connection +list
@notNull
@recordName merge_step A step of a merge.
@field step! What would be done.
@field juke_id The entity concerned.
@field record_id The record concerned.
@field detail! The step in words.
What merging these would change, without doing it. At most 1,000 losers. Errors: those of `merge`.';
comment on function identity.named(pg_catalog.uuid) is 'An entity as a person knows it: its name and its key.';
comment on function identity.named_kinds(pg_catalog.text,pg_catalog.text) is 'The kinds that an id itself says it names (discogs r249504: a release), or null when it does not say.';
comment on function identity.operation_records(bigint,pg_catalog.uuid[]) is 'The records that undoing an operation concerns.';
comment on function identity.parse(pg_catalog.text) is 'Reads a reference: uuid, juke_id:…, scheme:value, scheme:type:value, kind:name, urn:…, the URL of a known service, or a bare code that can only be one thing.';
comment on function identity.parse_stated(pg_catalog.text) is 'Reads a reference that says what it is: uuid, juke_id:…, scheme:value, scheme:type:value, kind:name, urn:…, or the URL of a known service.';
comment on function identity.parse_url(pg_catalog.text) is 'What the URL of a known service names: scheme, canonical value, kinds; null when no pattern fits.';
comment on function identity.podcast_guid(pg_catalog.text) is 'The GUID that a podcast has by the address of its feed, by the rule of the podcast namespace.';
comment on function identity.reason_of(pg_catalog.text,pg_catalog.jsonb) is 'Why a record belongs to its entity, in words.';
comment on function identity.rebind(identity.id_key[]) is 'Binds ids to the winners among their standing claims; opens and settles the reviews of contested ones.';
comment on function identity.record_claims(bigint[]) is 'The ids that records carry, canonical, with their scheme and rank.';
comment on function identity.record_keys(bigint[]) is 'The ids that records claim, bound or not.';
comment on function identity.referrers(pg_catalog.uuid[]) is 'The entities that refer to these in the catalog.';
comment on function identity.referrers_through(pg_catalog.uuid[],bigint[]) is 'The entities that refer to these by way of certain records.';
comment on function identity.referring(bigint[]) is 'The living entities whose records refer to one of these records.';
comment on function identity.refuse_missing(pg_catalog.uuid[]) is 'Refuses keys that no entity has.';
comment on function identity.refuse_reference(pg_catalog.text) is 'Says what is wrong with a text that is not a reference: JB103.';
comment on function identity.reopen_reviews(identity.operation,pg_catalog.uuid[]) is 'Asks again what an operation had answered that was undone.';
comment on function identity.require_read_committed() is 'Refuses to change identity in a transaction with an old snapshot.';
comment on function identity.resolve(pg_catalog.text) is '@fieldName resolution
@behavior -connection +list
@notNull
What a reference stands for, with the rule that answered: one row, several when it is ambiguous, none when it names nothing here. Errors: JB103 not a reference.';
comment on function identity.resolve_as_of(pg_catalog.text,timestamp with time zone) is '@name resolve_as_of
@behavior -connection +list
@notNull
What a reference stood for at a past moment, by the claims, records and redirects of then. Errors: JB103 not a reference, JB175 no moment.';
comment on function identity.resolve_external(pg_catalog.text,pg_catalog.text) is 'The entities that carry a canonical external id, one per kind: a single index probe.';
comment on function identity.resolve_external_many(pg_catalog.text,pg_catalog.text[]) is 'Resolves many canonical ids of one scheme in one statement; keeps the order of the input.';
comment on function identity.resolve_many(pg_catalog.text[]) is '@fieldName resolveMany
@behavior -connection +list
@notNull
Up to 10,000 references in one round trip: one resolution each, in their order. A bad reference is an answer with status `INVALID`, not an error. Errors: JB104 too many.';
comment on function identity.resolve_one(pg_catalog.text) is '@behavior -*
The one thing that a reference stands for.';
comment on function identity.resolve_reference(pg_catalog.text,pg_catalog.text,catalog.entity_kind[]) is 'The entities a parsed reference (identity.parse) may mean, the best first.';
comment on function identity.resolve_shared(pg_catalog.text,pg_catalog.text,catalog.entity_kind[]) is 'The entities that claim an id of a shared scheme, the best first.';
comment on function identity.resolve_uuid(pg_catalog.uuid) is 'What an unqualified uuid names: juke_id (redirects followed), then mbid and the other schemes by rank.';
comment on function identity.restore_claims(identity.operation) is 'Takes back what an operation did to claims.';
comment on function identity.retract(pg_catalog.uuid,pg_catalog.text,pg_catalog.text,pg_catalog.text,integer) is '@name retract
@resultFieldName operation
Says that this id is not this entity''s; the next best claim is bound. Errors: JB105, JB106, JB150 to JB152, JB162 `expectedVersion` is stale, JB169.';
comment on function identity.retract_unsaid(bigint[],identity.claim[]) is 'Takes back the ids that records no longer carry.';
comment on function identity.review_contested(identity.id_key[],identity.ranked_claim[]) is 'Opens and settles the reviews of contested ids.';
comment on function identity.review_duplicates(bigint) is 'Opens the reviews of entities that a run has made and that may be there already.';
comment on function identity.review_near_matches(bigint[]) is 'Opens the reviews of entities that a shared id would have joined, had nothing spoken against it.';
comment on function identity.review_queue(integer) is '@name review_queue
@behavior -connection +list
@notNull
@recordName review_item A question to a person, are these two one?, with all that is known of both.
@field review_id! What `decide` takes.
@field topic! Why somebody should look at it.
@field kind! The kind of both.
@field source The scheme of a contested id.
@field external_id The contested id.
@field worth! How much hangs on the decision.
@field evidence! What was found.
@field a! All that is known of the one: ids, records, aliases, the number of its credits.
@field b! The same of the other.
@field opened_at! Since when it is open.
The open reviews with both dossiers, the most valuable decision first. Errors: JB167 the limit is out of range.';
comment on function identity.review_undo(bigint,pg_catalog.uuid,pg_catalog.text,catalog.entity_version[]) is '@name review_undo
@resultFieldName reviews
Puts an undo that was refused (JB161) to the review queue, with what stands in its way. Errors: JB159, JB162 one of `expectedVersions` is stale, JB173.';
comment on function identity.review_worth(pg_catalog.uuid[],double precision) is 'The expected value of a decision: what hangs on the entities, times how likely it is to change something.';
comment on function identity.rule(pg_catalog.uuid,pg_catalog.uuid,identity.verdict,pg_catalog.text,catalog.entity_version[]) is '@name rule
@resultFieldName fact
Says whether two entities are one: `CANNOT_LINK` or `MUST_LINK`, kept for every later run; without a verdict what was said is taken back. Errors: JB151 to JB155, JB162 one of `expectedVersions` is stale, JB172.';
comment on function identity.seize(pg_catalog.uuid[],identity.id_key[],catalog.entity_version[]) is 'Locks entities for a change of identity; refuses missing, merged and deleted ones, and stale versions.';
comment on function identity.seizing(identity.seat[],identity.claim[]) is 'The records that take an id from another entity by precedence.';
comment on function identity.set_fact(pg_catalog.uuid,pg_catalog.uuid,identity.verdict,pg_catalog.text,bigint) is 'Writes what is ruled of a pair of entities, and settles what is open between them.';
comment on function identity.settle(pg_catalog.uuid[],bigint[],pg_catalog.uuid[]) is 'Makes bindings and projections right after records have moved between entities.';
comment on function identity.settle_id(pg_catalog.uuid,identity.id_key,boolean) is 'Makes the binding of an id right after a claim to it was made or taken back.';
comment on function identity.slug(pg_catalog.text) is 'A name as one lower-case word: Trip Hop → trip-hop.';
comment on function identity.special_title(pg_catalog.uuid[]) is 'The name of the first entity among these that stands for no one in particular.';
comment on function identity.split(pg_catalog.uuid,bigint[],pg_catalog.text,integer) is '@name split
@resultFieldName operation
Takes records out of an entity and makes a new one of them; `how` lists the records. `undo` takes it back. At most 10,000 records. Errors: JB151, JB152, JB158, JB162 `expectedVersion` is stale.';
comment on function identity.split_plan(pg_catalog.uuid,bigint[]) is '@name split_plan
@isQuery
@behavior -connection +list
@notNull
@recordName split_step A step of a split.
@field step! What would be done.
@field juke_id The entity concerned.
@field record_id The record concerned.
@field detail! The step in words.
What splitting these records off would change, without doing it. At most 10,000 records. Errors: those of `split`.';
comment on function identity.standing_claims(identity.id_key[]) is 'The claims to these ids that stand, ranked: manual, confidence, authority, then by name.';
comment on function identity.step_back(identity.claim_key[],pg_catalog.text,pg_catalog.text) is 'Marks claims as taken back, and by whom.';
comment on function identity.undo(bigint,pg_catalog.uuid,pg_catalog.text,catalog.entity_version[]) is '@name undo
@resultFieldName operation
Takes an operation back, whole or, with `onlyMember`, one loser of a merge. Errors: JB159, JB160; JB161 when later operations stand in the way: its detail names them, and `undoPlan` shows the whole plan; JB162 one of `expectedVersions` is stale.';
comment on function identity.undo_plan(bigint,pg_catalog.uuid) is '@name undo_plan
@behavior -connection +list
@notNull
@recordName undo_step A step of an undo, or what stands in its way.
@field step! What would be done, or what stands in the way.
@field juke_id The entity concerned.
@field record_id The record concerned.
@field is_blocker! Whether it stands in the way.
@field detail! The step in words.
What undoing an operation would do, step by step, and what stands in its way. Errors: JB159 no such operation.';
comment on function identity.undo_scope(bigint,pg_catalog.uuid) is 'The entities of an operation that an undo would put back.';
comment on function identity.url_of(pg_catalog.text,pg_catalog.text,catalog.entity_kind) is 'The address where a person can look at what an id names, or null when there is none.';
comment on function identity.uuidv7() is 'A new UUIDv7 (RFC 9562): the default of every juke_id.';
comment on function identity.uuidv7_at(timestamp with time zone) is 'A UUIDv7 (RFC 9562) of a given moment, precise to the millisecond.';
comment on function identity.veto_of(pg_catalog.jsonb) is 'Why a record was kept from an entity that shares an id with it, in words.';
comment on function identity.why_not(pg_catalog.uuid,pg_catalog.uuid) is '@name why_not
@behavior -connection +list
@notNull
@recordName argument What speaks for or against that two entities are one.
@field verdict! veto, for, against, review, same or summary.
@field detail! The argument in words.
Why two entities are not one: what speaks for it, what against it. Errors: JB151 no such entity.';
comment on function ingest.add_location(pg_catalog.text,pg_catalog.text,pg_catalog.text,boolean) is 'The location that a source is fetched from, made when it is not there.';
comment on function ingest.age_of(ingest.delivery) is 'Since when what a delivery says is said.';
comment on function ingest.apply(bigint,pg_catalog.jsonb,bigint,bigint[],pg_catalog.uuid[]) is 'Takes a batch of records through store, link, mint and project in one transaction; the same batch again changes nothing.';
comment on function ingest.apply_run(bigint,bigint,bigint,pg_catalog.jsonb,bigint[],pg_catalog.text[],pg_catalog.uuid[],integer,pg_catalog.jsonb,pg_catalog.jsonb) is 'Takes some items of a delivery in, puts aside what cannot be taken, and notes that they are dealt with, in one transaction.';
comment on function ingest.apply_source(pg_catalog.jsonb) is 'Configures a source: priority, type, format, mapping, quality rules, schedule, locations.';
comment on function ingest.begin_run(bigint) is 'A run is at work.';
comment on function ingest.changes(bigint) is 'The records that a delivery has made or changed, and the entities they belong to.';
comment on function ingest.check_deliverer(pg_catalog.text) is 'Refuses what is not a source that delivers.';
comment on function ingest.check_delivery_key(pg_catalog.text) is 'Refuses an id of a delivery that is empty or too long.';
comment on function ingest.check_source(pg_catalog.text) is 'Refuses what is not the name of a source.';
comment on function ingest.checked_sha256(pg_catalog.text) is 'A SHA-256 in hexadecimal as bytes.';
comment on function ingest.create_ingest_job(pg_catalog.text,pg_catalog.text,pg_catalog.text,pg_catalog.text,pg_catalog.text) is '@name create_ingest_job
@resultFieldName job
Fetches a URL (https: or s3:) and takes it in. `deliveryId` is your own id of the delivery, `checksum` the SHA-256 that its bytes must have. Errors: JB203 source, JB205 the id was used for other bytes, JB206, JB211, JB213 a URL that is not fetched.';
comment on function ingest.describe_delivery(bigint,pg_catalog.text,pg_catalog.text,pg_catalog.text,pg_catalog.text,timestamp with time zone) is 'Keeps what a document says of itself.';
comment on function ingest.differing(bigint,pg_catalog.text[],pg_catalog.text[],pg_catalog.uuid[],bigint) is 'Which statements of a delivery have to be applied; the others would change nothing and need not be sent.';
comment on function ingest.drop_quarantined(bigint[]) is 'Gives up what is in quarantine.';
comment on function ingest.due_locations(integer) is 'The locations that are to be fetched now.';
comment on function ingest.effective(pg_catalog.jsonb,pg_catalog.jsonb) is 'What a source states of a record, gaps filled from its mentions elsewhere.';
comment on function ingest.enqueue(bigint[]) is 'Queues the jobs of runs, once each.';
comment on function ingest.fetch_failed(bigint,pg_catalog.text) is 'Notes that a location could not be fetched; it is asked later then.';
comment on function ingest.fetched(bigint,bigint,pg_catalog.text,pg_catalog.text,pg_catalog.text) is 'Notes that a location was fetched, and what was there.';
comment on function ingest.finish_fetch(bigint,bigint) is 'Ends the run of a fetch with what became of what was fetched.';
comment on function ingest.finish_run(bigint,pg_catalog.text,pg_catalog.text,pg_catalog.text) is 'Ends a run and its delivery: applied, or failed with a reason.';
comment on function ingest.flat_ids(pg_catalog.jsonb) is 'A statement with a key for each scheme of its ids.';
comment on function ingest.fold(pg_catalog.jsonb,bigint,bigint[],pg_catalog.uuid[]) is 'All that a batch says of each record, and a row that says nothing for what they only refer to.';
comment on function ingest.grade(bigint[]) is 'Gives records their quality by the rules of their source.';
comment on function ingest.ingest_job(bigint) is '@name ingest_job
How far a delivery is, by the id that `ingestJson`, `ingestRss` or `createIngestJob` has answered.';
comment on function ingest.ingest_json(pg_catalog.text,pg_catalog.text,pg_catalog.text,pg_catalog.text) is '@name ingest_json
@resultFieldName job
Delivers JSON: records, one a line, or a document of another format that is understood. `checksum` is the SHA-256 of `content`. The same `deliveryId` with the same checksum is accepted again and nothing happens. Errors: JB203 source, JB205 the id was used for other bytes, JB206, JB211, JB212 the checksum is another.';
comment on function ingest.ingest_rss(pg_catalog.text,pg_catalog.text,pg_catalog.text,pg_catalog.text) is '@name ingest_rss
@resultFieldName job
Delivers the feed of a podcast, RSS or Atom. `checksum` is the SHA-256 of `content`. The same `deliveryId` with the same checksum is accepted again and nothing happens. Errors: JB203 source, JB205 the id was used for other bytes, JB206, JB211, JB212 the checksum is another.';
comment on function ingest.is_of_the_record(pg_catalog.text) is 'Whether an error lies in what a record says, and would be the same the next time.';
comment on function ingest.job_of(bigint) is 'A run as those see it who have asked for it.';
comment on function ingest.known_delivery(bigint) is 'The delivery of that id; refuses one that is not there.';
comment on function ingest.lock_of_run(bigint) is 'The key of the session lock that whoever is at a run holds.';
comment on function ingest.lock_of_source(pg_catalog.text) is 'The key of the lock between what is asked about a source and its runs.';
comment on function ingest.merge_mentions(pg_catalog.jsonb,pg_catalog.jsonb) is 'Two mentions of a record as one, whatever their order.';
comment on function ingest.nested_ids(pg_catalog.jsonb) is 'A statement with its ids in one object again.';
comment on function ingest.open_delivery(pg_catalog.text,pg_catalog.text,pg_catalog.text,pg_catalog.bytea,bigint,pg_catalog.bytea,pg_catalog.text,pg_catalog.text,pg_catalog.text,pg_catalog.text) is 'Registers a file as it came and returns its delivery id; the same bytes twice are one delivery.';
comment on function ingest.passes(pg_catalog.jsonb,pg_catalog.text,pg_catalog.text,pg_catalog.text) is 'Whether a record fills a field as a quality rule wants it.';
comment on function ingest.position_of(bigint,bigint) is 'The position of an item in its delivery; of a replay, after those that were read before.';
comment on function ingest.positions_of(pg_catalog.jsonb,bigint) is 'The position of each key of a statement.';
comment on function ingest.put_aside(bigint,pg_catalog.jsonb) is 'Puts records that cannot be taken into the quarantine, with place and reason.';
comment on function ingest.rank(timestamp with time zone,bigint,bigint) is 'The rank of a statement: what has the greater one overrules.';
comment on function ingest.receive_text(pg_catalog.text,pg_catalog.text,pg_catalog.text,pg_catalog.text,pg_catalog.text,pg_catalog.text) is 'Receives a text and queues the job that takes it in.';
comment on function ingest.referents(pg_catalog.jsonb) is 'What a record refers to, in columns and in lists.';
comment on function ingest.repeated_at(ingest.record) is 'The rank at which the statement that a record has was said again.';
comment on function ingest.request_fetches(bigint[],timestamp with time zone[]) is 'Queues the runs that fetch locations, and says when these are due the next time.';
comment on function ingest.rerank(pg_catalog.text,bigint,integer) is 'Grades the next records of a source and projects their entities anew.';
comment on function ingest.restate(ingest.record,ingest.statement,timestamp with time zone,bigint,pg_catalog.jsonb) is 'A record after its source has spoken again, in whatever order its statements arrive.';
comment on function ingest.source_config(pg_catalog.text) is 'How a source is configured, as ingest.apply_source takes it.';
comment on function ingest.start_run(bigint,pg_catalog.text) is 'The run that takes a delivery in: the open one, else a new one.';
comment on function ingest.store(bigint,pg_catalog.jsonb,bigint,bigint[],pg_catalog.uuid[]) is 'Stores a batch of records; returns those that are new or changed and keeps what they said before.';
comment on function ingest.stranded_runs() is 'The runs that wait although nobody is at them.';
comment on procedure feed.watch(pg_catalog.pg_snapshot,interval,interval) is 'Sends one NOTIFY jukebase_feed for whatever was committed meanwhile.';
comment on schema catalog is 'What every artist, album, release, track… is: the projection that readers see.';
comment on schema descriptor is 'Search documents and the set of entities whose document is stale.';
comment on schema feed is 'The change feed.';
comment on schema identity is 'Identifier schemes, external ids, membership of records, resolve.';
comment on schema ingest is 'Deliveries as they came and the records parsed from them.';
comment on schema ops is 'Ledgers and run status.';
comment on table catalog.album is 'What people mean by an album, a single or an EP: all its editions together (a release group at MusicBrainz, a master at Discogs).';
comment on table catalog.alias is '@behavior -query:resource:connection -query:resource:list -query:resource:single
Another name of an entity.';
comment on table catalog.artist is 'A person, group, orchestra, choir or character that makes or performs.';
comment on table catalog.artist_relation is '@behavior -*
What the records of an artist say of its relation to another.';
comment on table catalog.audiobook is 'A reading of a book.';
comment on table catalog.book is 'An edition of a book (ISBN).';
comment on table catalog.chapter is '@behavior -query:resource:connection -query:resource:list -query:resource:single
A chapter of an episode or audiobook.';
comment on table catalog.copyright is '@behavior -query:resource:connection -query:resource:list -query:resource:single
A P-line or C-line: who owns something.';
comment on table catalog.credit is '@behavior -query:resource:connection -query:resource:list -query:resource:single
That somebody took part in making an entity, and as what.';
comment on table catalog.entity is '@interface mode:relational type:kind
@type artist references:artist
@type album references:album
@type release references:release
@type track references:track
@type work references:work
@type genre references:genre
@type label references:label
@type video references:video
@type podcast references:podcast
@type episode references:episode
@type book references:book
@type audiobook references:audiobook
Anything that has an identity: the twelve kinds share a key, a version, ids, names, credits, genres and images.';
comment on table catalog.entity_genre is '@behavior -query:resource:connection -query:resource:list -query:resource:single
That an entity belongs to a genre, and how much.';
comment on table catalog.episode is 'One episode of a podcast.';
comment on table catalog.genre is 'A genre or style of music, with the genres above and below it.';
comment on table catalog.genre_parent is '@behavior -*
That a genre is directly below another.';
comment on table catalog.image is '@behavior -query:resource:connection -query:resource:list -query:resource:single
A picture of an entity: a cover, a portrait, a logo.';
comment on table catalog.label is 'A record label or imprint.';
comment on table catalog.podcast is 'A podcast: a feed of episodes.';
comment on table catalog.release is 'One edition of an album: with its own barcode, label, country, date and track list.';
comment on table catalog.release_event is '@behavior -query:resource:connection -query:resource:list -query:resource:single
That a release came out in a country on a date.';
comment on table catalog.release_label is '@behavior -query:resource:connection -query:resource:list -query:resource:single
That a release came out on a label, and under which catalog number.';
comment on table catalog.release_medium is '@behavior -query:resource:connection -query:resource:list -query:resource:single
A disc, cassette or file of a release.';
comment on table catalog.release_track is '@behavior -query:resource:connection -query:resource:list -query:resource:single
A place in the track list of a release, and the recording or video that is there.';
comment on table catalog.territory is '@behavior -*
The codes of ISO 3166-1 alpha-2, and what has become of those that were withdrawn.';
comment on table catalog.track is 'A recording: one performance in one mix, on however many releases (ISRC).';
comment on table catalog.track_work is '@behavior -query:resource:connection -query:resource:list -query:resource:single
That a recording is one of a work.';
comment on table catalog.transcript is '@behavior -query:resource:connection -query:resource:list -query:resource:single
Where the text of an episode is found.';
comment on table catalog.usage_right is '@behavior -query:resource:connection -query:resource:list -query:resource:single
One term of a deal: what may be done with something, where and when. What is null does not restrict.';
comment on table catalog.use_type is '@behavior -*
The DDEX allowed value set UseType, each below what covers it.';
comment on table catalog.video is 'A moving picture: a music video, a concert film, a visualizer.';
comment on table catalog.work is 'A composition, apart from any recording of it (ISWC).';
comment on table column catalog.album.album_type is 'album, single, ep, broadcast or other.';
comment on table column catalog.album.disambiguation is 'What tells it from others of the same title.';
comment on table column catalog.album.first_release_date is 'When its first edition came out.';
comment on table column catalog.album.juke_id is 'The key: a UUIDv7 that is never given to anything else.';
comment on table column catalog.album.popularity is 'How much it is listened to, as its best source ranks it: 0 to 100.';
comment on table column catalog.album.secondary_types is 'live, compilation, soundtrack, remix…';
comment on table column catalog.album.title is 'The title.';
comment on table column catalog.alias.alias_type is 'artist name, legal name, search hint…';
comment on table column catalog.alias.begin_date is 'Since when it is used.';
comment on table column catalog.alias.end_date is 'Until when it was used.';
comment on table column catalog.alias.is_primary is 'Whether it is the name to show in its locale.';
comment on table column catalog.alias.juke_id is '@behavior -*';
comment on table column catalog.alias.locale is 'Where it is used, BCP 47 or as the source has it; empty when it does not say.';
comment on table column catalog.alias.name is 'The name.';
comment on table column catalog.alias.sort_name is 'The name to sort by.';
comment on table column catalog.artist.area is 'The area that it is identified with.';
comment on table column catalog.artist.artist_type is 'person, group, orchestra, choir, character or other.';
comment on table column catalog.artist.begin_area is 'Where it was born or founded.';
comment on table column catalog.artist.begin_date is 'When it was born or founded.';
comment on table column catalog.artist.country is 'The country that it is identified with.';
comment on table column catalog.artist.disambiguation is 'What tells it from others of the same name.';
comment on table column catalog.artist.end_area is 'Where it died or was dissolved.';
comment on table column catalog.artist.end_date is 'When it died or was dissolved.';
comment on table column catalog.artist.ended is 'Whether it has died or was dissolved, when the date is not known.';
comment on table column catalog.artist.gender is 'The gender of a person.';
comment on table column catalog.artist.juke_id is 'The key: a UUIDv7 that is never given to anything else.';
comment on table column catalog.artist.name is 'The name as the artist writes it.';
comment on table column catalog.artist.popularity is 'How much it is listened to, as its best source ranks it: 0 to 100.';
comment on table column catalog.artist.sort_name is 'The name to sort by: Davis, Miles.';
comment on table column catalog.audiobook.abridged is 'Whether it leaves something out; null when nobody says.';
comment on table column catalog.audiobook.book_id is '@behavior -*';
comment on table column catalog.audiobook.description is 'What it is about.';
comment on table column catalog.audiobook.duration_ms is 'The length in milliseconds.';
comment on table column catalog.audiobook.juke_id is 'The key: a UUIDv7 that is never given to anything else.';
comment on table column catalog.audiobook.language is 'The language, ISO 639.';
comment on table column catalog.audiobook.published_date is 'When it came out.';
comment on table column catalog.audiobook.publisher is 'The publisher.';
comment on table column catalog.audiobook.subtitle is 'The subtitle.';
comment on table column catalog.audiobook.title is 'The title.';
comment on table column catalog.book.description is 'What it is about.';
comment on table column catalog.book.edition is 'The edition as printed: 2nd, revised…';
comment on table column catalog.book.format is 'hardcover, paperback, ebook…';
comment on table column catalog.book.juke_id is 'The key: a UUIDv7 that is never given to anything else.';
comment on table column catalog.book.language is 'The language, ISO 639.';
comment on table column catalog.book.page_count is 'The number of pages.';
comment on table column catalog.book.published_date is 'When it came out.';
comment on table column catalog.book.publisher is 'The publisher as printed.';
comment on table column catalog.book.series is 'The series that it belongs to.';
comment on table column catalog.book.series_position is 'Its place in the series as printed: 3, 2.5…';
comment on table column catalog.book.subtitle is 'The subtitle.';
comment on table column catalog.book.title is 'The title.';
comment on table column catalog.chapter."position" is 'Its place, from 1 on.';
comment on table column catalog.chapter.end_ms is 'Where it ends, in milliseconds; null: where the next one begins.';
comment on table column catalog.chapter.image_url is 'A picture for it.';
comment on table column catalog.chapter.juke_id is '@behavior -*';
comment on table column catalog.chapter.start_ms is 'Where it begins, in milliseconds.';
comment on table column catalog.chapter.title is 'The title.';
comment on table column catalog.chapter.url is 'A page about it.';
comment on table column catalog.copyright."position" is 'Its place among the lines of its sort, from 1 on.';
comment on table column catalog.copyright.juke_id is '@behavior -*';
comment on table column catalog.copyright.line is 'P: the sound recording. C: everything else, such as texts and artwork.';
comment on table column catalog.copyright.text is 'Whom it names, with or without the year.';
comment on table column catalog.copyright.year is 'The year of the line.';
comment on table column catalog.credit."position" is 'Its place within the role: 1, 2, 3…';
comment on table column catalog.credit.attributes is 'Instruments and circumstances: guitar, guest, additional…';
comment on table column catalog.credit.contributor_id is '@behavior -*';
comment on table column catalog.credit.credited_as is 'The name as printed, when it is not the contributor''s own.';
comment on table column catalog.credit.join_phrase is 'What stands between this name and the next: ` & `, ` feat. `.';
comment on table column catalog.credit.juke_id is '@behavior -*';
comment on table column catalog.credit.mechanical_share is 'The share of the mechanical right in percent.';
comment on table column catalog.credit.role is 'artist, composer, lyricist, producer, conductor, vocal, instrument, author, narrator…';
comment on table column catalog.credit.share is 'The share of the performing right in percent.';
comment on table column catalog.credit.synchronization_share is 'The share of the synchronization right in percent.';
comment on table column catalog.entity.created_at is 'When it was first seen.';
comment on table column catalog.entity.display_name is 'The name or title.';
comment on table column catalog.entity.juke_id is 'The key: a UUIDv7 that is never given to anything else.';
comment on table column catalog.entity.kind is 'What it is.';
comment on table column catalog.entity.mbid is 'Its MusicBrainz id; when it has several, the best. All are among the external ids.';
comment on table column catalog.entity.merged_into is '@behavior -*
The key of the entity that it was merged into.';
comment on table column catalog.entity.status is '@behavior -*
Whether it is current, redirects to another, or is gone.';
comment on table column catalog.entity.updated_at is 'When it last changed.';
comment on table column catalog.entity.version is 'Counts the transactions that changed it.';
comment on table column catalog.entity_genre.genre_id is '@behavior -*';
comment on table column catalog.entity_genre.juke_id is '@behavior -*';
comment on table column catalog.entity_genre.weight is 'How much, comparable within one entity: votes, or a part of 1.';
comment on table column catalog.episode.chapters_url is 'Where the chapters are found, when they are not in the feed.';
comment on table column catalog.episode.description is 'What it is about.';
comment on table column catalog.episode.duration_ms is 'The length in milliseconds.';
comment on table column catalog.episode.enclosure_bytes is 'The size of the file in bytes.';
comment on table column catalog.episode.enclosure_type is 'The media type of the file.';
comment on table column catalog.episode.enclosure_url is 'The address of the audio or video file.';
comment on table column catalog.episode.episode_number is 'The number within the season.';
comment on table column catalog.episode.episode_type is 'full, trailer or bonus.';
comment on table column catalog.episode.explicit is 'Whether it is marked explicit; null when nobody says.';
comment on table column catalog.episode.juke_id is 'The key: a UUIDv7 that is never given to anything else.';
comment on table column catalog.episode.podcast_id is '@behavior -*';
comment on table column catalog.episode.published_at is 'When it was published.';
comment on table column catalog.episode.season is 'The number of the season.';
comment on table column catalog.episode.season_name is 'The name of the season.';
comment on table column catalog.episode.title is 'The title.';
comment on table column catalog.episode.value is 'How listeners may pay, and whom: the value blocks of the podcast namespace, each with type, method, suggested and recipients.';
comment on table column catalog.genre.description is 'What it is.';
comment on table column catalog.genre.disambiguation is 'What tells it from others of the same name.';
comment on table column catalog.genre.juke_id is 'The key: a UUIDv7 that is never given to anything else.';
comment on table column catalog.genre.name is 'The name in lower case.';
comment on table column catalog.image.height is 'In pixels.';
comment on table column catalog.image.image_type is 'front, back, artist, logo…';
comment on table column catalog.image.juke_id is '@behavior -*';
comment on table column catalog.image.url is 'Its address.';
comment on table column catalog.image.width is 'In pixels.';
comment on table column catalog.label.area is 'The area where it is.';
comment on table column catalog.label.begin_date is 'When it was founded.';
comment on table column catalog.label.country is 'Where it is.';
comment on table column catalog.label.disambiguation is 'What tells it from others of the same name.';
comment on table column catalog.label.end_date is 'When it was dissolved.';
comment on table column catalog.label.ended is 'Whether it was dissolved, when the date is not known.';
comment on table column catalog.label.juke_id is 'The key: a UUIDv7 that is never given to anything else.';
comment on table column catalog.label.label_code is 'The label code (LC) without the letters.';
comment on table column catalog.label.label_type is 'imprint, original production, publisher, distributor…';
comment on table column catalog.label.name is 'The name.';
comment on table column catalog.label.parent_id is '@behavior -*';
comment on table column catalog.label.sort_name is 'The name to sort by.';
comment on table column catalog.podcast.author is 'Who makes it, in its own words.';
comment on table column catalog.podcast.copyright is 'The copyright notice.';
comment on table column catalog.podcast.description is 'What it is about, in its own words.';
comment on table column catalog.podcast.explicit is 'Whether it is marked explicit; null when nobody says.';
comment on table column catalog.podcast.feed_url is 'The address of the feed.';
comment on table column catalog.podcast.juke_id is 'The key: a UUIDv7 that is never given to anything else.';
comment on table column catalog.podcast.language is 'The language, BCP 47.';
comment on table column catalog.podcast.podcast_type is 'episodic: the newest first. serial: from the first on.';
comment on table column catalog.podcast.title is 'The title.';
comment on table column catalog.podcast.value is 'How listeners may pay, and whom: the value blocks of the podcast namespace, each with type, method, suggested and recipients.';
comment on table column catalog.podcast.website_url is 'Its page.';
comment on table column catalog.release.album_id is '@behavior -*';
comment on table column catalog.release.barcode is 'The barcode as printed; as an id (GTIN) it is among the external ids.';
comment on table column catalog.release.country is 'Where it came out first.';
comment on table column catalog.release.disambiguation is 'What tells it from other editions.';
comment on table column catalog.release.juke_id is 'The key: a UUIDv7 that is never given to anything else.';
comment on table column catalog.release.language is 'The language of the titles, ISO 639.';
comment on table column catalog.release.packaging is 'jewel case, digipak, gatefold cover…';
comment on table column catalog.release.release_date is 'When it came out; the earliest of its events.';
comment on table column catalog.release.release_status is 'official, promotion, bootleg, pseudo-release, withdrawn or cancelled.';
comment on table column catalog.release.script is 'The script of the titles, ISO 15924.';
comment on table column catalog.release.title is 'The title on the cover.';
comment on table column catalog.release_event."position" is 'Its place among the events, from 1 on.';
comment on table column catalog.release_event.country is 'Where.';
comment on table column catalog.release_event.date is 'When.';
comment on table column catalog.release_event.release_id is '@behavior -*';
comment on table column catalog.release_label.catalog_number is 'The catalog number; empty when the source says none.';
comment on table column catalog.release_label.label_id is '@behavior -*';
comment on table column catalog.release_label.release_id is '@behavior -*';
comment on table column catalog.release_medium.disc is 'The number of the medium in the release, from 1 on.';
comment on table column catalog.release_medium.format is 'CD, 12" vinyl, digital media…';
comment on table column catalog.release_medium.release_id is '@behavior -*';
comment on table column catalog.release_medium.title is 'The title of the medium.';
comment on table column catalog.release_track."position" is 'The place on the medium, from 1 on; 0 is a hidden track before the first.';
comment on table column catalog.release_track.disc is 'The number of the medium, from 1 on.';
comment on table column catalog.release_track.duration_ms is 'The length as printed, in milliseconds.';
comment on table column catalog.release_track.number is 'The place as printed: A1.';
comment on table column catalog.release_track.release_id is '@behavior -*';
comment on table column catalog.release_track.title is 'The title as printed, when it is not that of the recording.';
comment on table column catalog.release_track.track_id is '@behavior -*';
comment on table column catalog.release_track.video_id is '@behavior -*';
comment on table column catalog.track.disambiguation is 'What tells it from others of the same title: live, acoustic…';
comment on table column catalog.track.duration_ms is 'The length in milliseconds.';
comment on table column catalog.track.explicit is 'Whether it is marked explicit; null when nobody says.';
comment on table column catalog.track.first_release_date is 'When it first came out.';
comment on table column catalog.track.juke_id is 'The key: a UUIDv7 that is never given to anything else.';
comment on table column catalog.track.popularity is 'How much it is listened to, as its best source ranks it: 0 to 100.';
comment on table column catalog.track.title is 'The title.';
comment on table column catalog.track_work.attributes is 'live, cover, partial, medley…';
comment on table column catalog.track_work.relation is 'How it relates: performance…';
comment on table column catalog.track_work.track_id is '@behavior -*';
comment on table column catalog.track_work.work_id is '@behavior -*';
comment on table column catalog.transcript."position" is 'Its place among the transcripts, from 1 on.';
comment on table column catalog.transcript.episode_id is '@behavior -*';
comment on table column catalog.transcript.language is 'Its language, BCP 47.';
comment on table column catalog.transcript.media_type is 'Its media type: text/vtt, application/json…';
comment on table column catalog.transcript.rel is 'captions, when it carries times.';
comment on table column catalog.transcript.url is 'Where it is.';
comment on table column catalog.usage_right."position" is 'Its place among the terms, from 1 on.';
comment on table column catalog.usage_right.commercial_models is 'How it is paid for: DDEX commercial models, such as SubscriptionModel; null is however.';
comment on table column catalog.usage_right.excluded_territories is 'Where it does not hold all the same; Worldwide when the source has taken all terms back.';
comment on table column catalog.usage_right.juke_id is '@behavior -*';
comment on table column catalog.usage_right.territories is 'Where it holds: ISO 3166-1 or 3166-2 codes; null is everywhere.';
comment on table column catalog.usage_right.usages is 'What may be done: DDEX use types, such as OnDemandStream; null is whatever.';
comment on table column catalog.usage_right.valid_from is 'Since when it holds.';
comment on table column catalog.usage_right.valid_until is 'The first moment at which it no longer holds.';
comment on table column catalog.video.disambiguation is 'What tells it from others of the same title.';
comment on table column catalog.video.duration_ms is 'The length in milliseconds.';
comment on table column catalog.video.first_release_date is 'When it first came out.';
comment on table column catalog.video.juke_id is 'The key: a UUIDv7 that is never given to anything else.';
comment on table column catalog.video.title is 'The title.';
comment on table column catalog.video.track_id is '@behavior -*';
comment on table column catalog.video.video_type is 'music video, live, lyric video…';
comment on table column catalog.work.disambiguation is 'What tells it from others of the same title.';
comment on table column catalog.work.juke_id is 'The key: a UUIDv7 that is never given to anything else.';
comment on table column catalog.work.languages is 'The languages of the words, ISO 639.';
comment on table column catalog.work.title is 'The title.';
comment on table column catalog.work.work_type is 'song, symphony, opera, aria…';
comment on table column identity.changed_entity.from_merged_into is 'What it redirected to before.';
comment on table column identity.changed_entity.from_status is 'What it was before; null when the operation has made it.';
comment on table column identity.changed_entity.juke_id is 'The key of the entity: a loser of a merge, the new entity of a split.';
comment on table column identity.changed_entity.operation_id is '@behavior -*';
comment on table column identity.changed_entity.to_merged_into is 'What it redirected to afterwards.';
comment on table column identity.changed_entity.to_status is 'What it was afterwards.';
comment on table column identity.changed_entity.undone_by is 'The undo that took this back.';
comment on table column identity.link_fact.a_juke_id is 'The key of the one.';
comment on table column identity.link_fact.actor is 'Who said it.';
comment on table column identity.link_fact.at is 'When.';
comment on table column identity.link_fact.b_juke_id is 'The key of the other.';
comment on table column identity.link_fact.operation_id is 'The split that said it; it falls with it.';
comment on table column identity.link_fact.reason is 'Why.';
comment on table column identity.link_fact.verdict is 'What was said.';
comment on table column identity.operation.actor is 'Who did it.';
comment on table column identity.operation.at is 'When.';
comment on table column identity.operation.juke_id is 'The survivor of a merge, the entity split, deleted or claimed for.';
comment on table column identity.operation.op is 'What was done.';
comment on table column identity.operation.operation_id is 'What `undo` takes.';
comment on table column identity.operation.reason is 'Why.';
comment on table column identity.operation.undoes is 'The operation that this one takes back, whole or in part.';
comment on table column identity.operation.undone_by is 'The undo, when nothing of it stands any more.';
comment on table column identity.review.a_juke_id is 'The key of the one: the survivor when they are merged.';
comment on table column identity.review.b_juke_id is 'The key of the other.';
comment on table column identity.review.decided_at is 'When it was decided.';
comment on table column identity.review.decided_by is 'Who decided it.';
comment on table column identity.review.evidence is 'What was found.';
comment on table column identity.review.external_id is 'The contested id.';
comment on table column identity.review.kind is 'The kind of both.';
comment on table column identity.review.note is 'What the person noted.';
comment on table column identity.review.opened_at is 'Since when it has been open.';
comment on table column identity.review.operation_id is 'The merge that followed.';
comment on table column identity.review.review_id is 'What `decide` takes.';
comment on table column identity.review.source is 'The scheme of a contested id.';
comment on table column identity.review.status is 'Whether it is open, and else what was decided.';
comment on table column identity.review.topic is 'Why somebody should look at it.';
comment on table column identity.review.worth is 'How much hangs on the decision.';
comment on table constraint alias_juke_id_fkey on catalog.alias is '@fieldName entity
@forwardDescription What it is a name of.
@foreignFieldName aliases
@backwardDescription Its other names.
@behavior -connection +list';
comment on table constraint artist_relation_artist_id_fkey on catalog.artist_relation is '@behavior -*';
comment on table constraint artist_relation_juke_id_fkey on catalog.artist_relation is '@behavior -*';
comment on table constraint artist_relation_related_id_fkey on catalog.artist_relation is '@behavior -*';
comment on table constraint audiobook_book_id_fkey on catalog.audiobook is '@fieldName book
@forwardDescription The book that is read.
@foreignFieldName audiobooks
@backwardDescription The readings of it.';
comment on table constraint changed_entity_juke_id_fkey on identity.changed_entity is '@behavior -*';
comment on table constraint changed_entity_operation_id_fkey on identity.changed_entity is '@foreignSimpleFieldName changed
@backwardDescription The entities that it made, merged, deleted or brought back.
@behavior -singleRelation:resource:single -manyRelation:resource:connection +manyRelation:resource:list';
comment on table constraint changed_entity_undone_by_fkey on identity.changed_entity is '@behavior -*';
comment on table constraint chapter_juke_id_fkey on catalog.chapter is '@fieldName entity
@forwardDescription What it is a chapter of.
@behavior -manyRelation:resource:connection -manyRelation:resource:list';
comment on table constraint copyright_juke_id_fkey on catalog.copyright is '@fieldName entity
@forwardDescription What it is the line of.
@foreignFieldName copyrights
@backwardDescription Its P-lines and C-lines.
@behavior -connection +list';
comment on table constraint credit_contributor_id_fkey on catalog.credit is '@fieldName contributor
@forwardDescription Who took part: an artist or a label.
@foreignFieldName contributions
@backwardDescription What it took part in making.';
comment on table constraint credit_juke_id_fkey on catalog.credit is '@fieldName entity
@forwardDescription What was made.
@foreignFieldName credits
@backwardDescription Who took part in making it.
@behavior -connection +list';
comment on table constraint entity_genre_genre_id_fkey on catalog.entity_genre is '@fieldName genre
@forwardDescription The genre.
@foreignFieldName entities
@backwardDescription What belongs to the genre.';
comment on table constraint entity_genre_juke_id_fkey on catalog.entity_genre is '@fieldName entity
@forwardDescription What belongs to the genre.
@foreignFieldName genres
@backwardDescription Its genres.
@behavior -connection +list';
comment on table constraint entity_merged_into_fkey on catalog.entity is '@behavior -*';
comment on table constraint episode_podcast_id_fkey on catalog.episode is '@fieldName podcast
@forwardDescription The podcast that it belongs to.
@foreignFieldName episodes
@backwardDescription Its episodes.';
comment on table constraint genre_parent_genre_id_fkey on catalog.genre_parent is '@behavior -*';
comment on table constraint genre_parent_parent_id_fkey on catalog.genre_parent is '@behavior -*';
comment on table constraint image_juke_id_fkey on catalog.image is '@fieldName entity
@forwardDescription What it is a picture of.
@foreignFieldName images
@backwardDescription Pictures of it.
@behavior -connection +list';
comment on table constraint label_parent_id_fkey on catalog.label is '@fieldName parent
@forwardDescription The label that it belongs to.
@foreignFieldName sublabels
@backwardDescription The labels that belong to it.';
comment on table constraint link_fact_a_juke_id_fkey on identity.link_fact is '@fieldName a
@forwardDescription The one. Null when it was merged or deleted since.
@behavior -manyRelation:resource:list -manyRelation:resource:connection';
comment on table constraint link_fact_b_juke_id_fkey on identity.link_fact is '@fieldName b
@forwardDescription The other. Null when it was merged or deleted since.
@behavior -manyRelation:resource:list -manyRelation:resource:connection';
comment on table constraint link_fact_operation_id_fkey on identity.link_fact is '@behavior -*';
comment on table constraint operation_juke_id_fkey on identity.operation is '@fieldName entity
@forwardDescription The survivor of a merge, the entity split, deleted or claimed for.
@behavior -manyRelation:resource:list -manyRelation:resource:connection';
comment on table constraint operation_undoes_fkey on identity.operation is '@behavior -*';
comment on table constraint operation_undone_by_fkey on identity.operation is '@behavior -*';
comment on table constraint release_album_id_fkey on catalog.release is '@fieldName album
@forwardDescription The album that it is an edition of.
@foreignFieldName releases
@backwardDescription Its editions.';
comment on table constraint release_event_release_id_fkey on catalog.release_event is '@fieldName release
@forwardDescription What came out.
@foreignFieldName events
@backwardDescription Where and when it came out.
@behavior -connection +list';
comment on table constraint release_label_label_id_fkey on catalog.release_label is '@fieldName label
@forwardDescription The label.
@foreignFieldName releases
@backwardDescription The releases that came out on it.';
comment on table constraint release_label_release_id_fkey on catalog.release_label is '@fieldName release
@forwardDescription The release.
@foreignFieldName labels
@backwardDescription The labels that it came out on.
@behavior -connection +list';
comment on table constraint release_medium_release_id_fkey on catalog.release_medium is '@fieldName release
@forwardDescription The release that it is a part of.
@foreignFieldName media
@backwardDescription Its discs, cassettes or files.
@behavior -connection +list';
comment on table constraint release_track_release_id_fkey on catalog.release_track is '@fieldName release
@forwardDescription The release.
@foreignFieldName tracks
@backwardDescription Its track list, in order.';
comment on table constraint release_track_track_id_fkey on catalog.release_track is '@fieldName track
@forwardDescription The recording; null where there is a video.
@foreignFieldName appearances
@backwardDescription The releases that it is on.';
comment on table constraint release_track_video_id_fkey on catalog.release_track is '@fieldName video
@forwardDescription The video; null where there is a recording.
@foreignFieldName appearances
@backwardDescription The releases that it is on.';
comment on table constraint review_a_juke_id_fkey on identity.review is '@fieldName a
@forwardDescription The one: the survivor when they are merged. Null when it was merged or deleted since.
@behavior -manyRelation:resource:list -manyRelation:resource:connection';
comment on table constraint review_b_juke_id_fkey on identity.review is '@fieldName b
@forwardDescription The other. Null when it was merged or deleted since.
@behavior -manyRelation:resource:list -manyRelation:resource:connection';
comment on table constraint review_operation_id_fkey on identity.review is '@fieldName operation
@forwardDescription The merge that followed.
@behavior -manyRelation:resource:list -manyRelation:resource:connection';
comment on table constraint territory_renamed_to_fkey on catalog.territory is '@behavior -*';
comment on table constraint track_work_track_id_fkey on catalog.track_work is '@fieldName track
@forwardDescription The recording.
@foreignFieldName works
@backwardDescription The works that it is a recording of.
@behavior -connection +list';
comment on table constraint track_work_work_id_fkey on catalog.track_work is '@fieldName work
@forwardDescription The work.
@foreignFieldName recordings
@backwardDescription The recordings of it.';
comment on table constraint transcript_episode_id_fkey on catalog.transcript is '@fieldName episode
@forwardDescription The episode.
@foreignFieldName transcripts
@backwardDescription Where its text is found.
@behavior -connection +list';
comment on table constraint usage_right_juke_id_fkey on catalog.usage_right is '@fieldName entity
@forwardDescription What may be used so.
@foreignFieldName rights
@backwardDescription The terms on which it may be used.
@behavior -connection +list';
comment on table constraint use_type_parent_fkey on catalog.use_type is '@behavior -*';
comment on table constraint video_track_id_fkey on catalog.video is '@fieldName track
@forwardDescription The recording that it shows.
@foreignFieldName videos
@backwardDescription The videos that show it.';
comment on table feed.consumer is 'The named consumers and their places in the feed.';
comment on table feed.event is 'That an entity was changed by a transaction: at most once.';
comment on table feed.retention is 'How long events are kept; the last ones that were dropped.';
comment on table identity.changed_entity is '@name operation_change
@behavior -query:resource:list -query:resource:connection -query:resource:single
An entity that an operation has made, merged, deleted or brought back.';
comment on table identity.link_fact is '@name link_fact
@behavior -query:resource:list -query:resource:connection -query:resource:single
What a person has said of two entities; later runs obey it.';
comment on table identity.operation is '@name operation
@behavior -query:resource:list -query:resource:connection -query:resource:single
A change of identity: what `undo` takes back.';
comment on table identity.review is '@name review
@behavior -query:resource:list -query:resource:connection -query:resource:single
A question to a person: are these two one?';
comment on table ops.migration is 'The migrations this database has been through.';
comment on table ops.repeatable is 'The files of sql/ as they were last applied.';
comment on type catalog.availability is '@name availability
@foreignKey (juke_id) references catalog.entity (juke_id)|@fieldName entity|@forwardDescription The entity; when it was merged, the one that it redirects to. Null when there is none.|@behavior -manyRelation:resource:connection -manyRelation:resource:list
@foreignKey (held_by) references catalog.entity (juke_id)|@fieldName heldBy|@forwardDescription Whose term it is: the entity itself, a release that it is on, or the podcast of the episode. Null when no term is known.|@behavior -manyRelation:resource:connection -manyRelation:resource:list
Whether something may be used in a territory, at a moment, in a certain way; by which term, or why not.';
comment on type catalog.country_code is 'ISO 3166-1 alpha-2, or one of the user-assigned codes in use for releases: XW worldwide, XE Europe, XU unknown.';
comment on type catalog.entity_kind is 'The twelve kinds. ALBUM is what people mean (a release group), RELEASE one edition of it, TRACK a recording.';
comment on type catalog.entity_status is 'ACTIVE; MERGED: it redirects to another entity; DELETED: a tombstone, the id stays taken.';
comment on type catalog.entity_version is '@name entity_version
That somebody has seen this version of an entity.';
comment on type catalog.partial_date is 'A date as far as it is known: YYYY, YYYY-MM or YYYY-MM-DD (ISO 8601). Sorts as text.';
comment on type catalog.right_reason is '@name right_reason
Why something may not be used. NOT_YET: `validFrom` says from when. EXPIRED: `validUntil` says since when. USAGE_NOT_COVERED, TERRITORY_NOT_COVERED: the term does not name it. TERRITORY_EXCLUDED: the term excludes it. WITHDRAWN: the release is withdrawn or cancelled, or the term is excluded everywhere, because its source has taken all terms back. NO_RIGHTS_KNOWN: nobody has said anything. ENTITY_DELETED, ENTITY_UNKNOWN: there is no such entity any more, or never was.';
comment on type descriptor.hit is '@name search_hit
@foreignKey (juke_id) references catalog.entity (juke_id)|@fieldName entity|@forwardDescription The entity.|@behavior -manyRelation:resource:connection -manyRelation:resource:list
An entity that a search has found.';
comment on type feed.op is '@name update_op
UPSERT: new or changed. DELETE: gone. MERGE: it redirects to another entity now. SPLIT: its records were parted.';
comment on type feed.update is '@name update
@foreignKey (juke_id) references catalog.entity (juke_id)|@fieldName entity|@forwardDescription The entity as it is now; null when it is gone.|@behavior -manyRelation:resource:connection -manyRelation:resource:list
That an entity was changed by a transaction.';
comment on type identity.exclusivity is 'exclusive: one value names one thing, and another value speaks against it. territory: one value names one thing, which has others elsewhere (by market, mirror or address). shared: several things may carry one value (two masterings with one ISRC). unstable: what a value names depends on when and where it is read; it never links by itself.';
comment on type identity.operation_kind is '@name operation_kind
What was done.';
comment on type identity.resolution is '@name resolution
@foreignKey (juke_id) references catalog.entity (juke_id)|@fieldName entity|@forwardDescription The entity; null unless the status is FOUND or REDIRECTED.|@behavior -manyRelation:resource:connection -manyRelation:resource:list
What a reference stands for, and how that was found out.';
comment on type identity.resolution_status is '@name resolution_status
FOUND; REDIRECTED: it was merged, and this is the survivor; DELETED: a tombstone; AMBIGUOUS: things of several kinds carry this id, say which kind; NOT_FOUND; INVALID: not a reference.';
comment on type identity.review_status is '@name review_status
OPEN; MERGED, KEPT_APART, SKIPPED: decided so; SETTLED: it has become needless.';
comment on type identity.review_topic is '@name review_topic
CONTESTED: both claim an id; UNDO_REFUSED: an undo that later operations stood in the way of; NEAR_MATCH: they are alike.';
comment on type identity.verdict is '@name verdict
MUST_LINK: they are one; CANNOT_LINK: they are two.';
comment on type ingest.job is '@name ingest_job
A delivery on its way into the catalog.';
comment on type ops.run_status is '@name job_status
QUEUED: waits for a worker. RUNNING: at work, or to be gone on with. SUCCEEDED: taken in; what could not be is in quarantine. FAILED: refused as a whole, or given up. CANCELLED: by a person.';
comment on view catalog.album_external_id is '@behavior -*
The ids under which others know this album.';
comment on view catalog.artist_external_id is '@behavior -*
The ids under which others know this artist.';
comment on view catalog.audiobook_external_id is '@behavior -*
The ids under which others know this audiobook.';
comment on view catalog.book_external_id is '@behavior -*
The ids under which others know this book.';
comment on view catalog.episode_external_id is '@behavior -*
The ids under which others know this episode.';
comment on view catalog.external_id is '@primaryKey source,external_id,kind
@foreignKey (juke_id) references catalog.entity (juke_id)|@fieldName entity|@foreignFieldName externalIds|@behavior -connection +list|@forwardDescription What it is an id of.|@backwardDescription The ids under which others know it.
@behavior -query:resource:connection -query:resource:list -query:resource:single
An id under which somebody else knows an entity.';
comment on view catalog.genre_external_id is '@behavior -*
The ids under which others know this genre.';
comment on view catalog.label_external_id is '@behavior -*
The ids under which others know this label.';
comment on view catalog.podcast_external_id is '@behavior -*
The ids under which others know this podcast.';
comment on view catalog.related_artist is '@foreignKey (juke_id) references catalog.artist (juke_id)|@fieldName artist|@foreignFieldName relatives|@behavior -connection +list|@forwardDescription The artist.|@backwardDescription The artists that it is related to.
@foreignKey (related_id) references catalog.artist (juke_id)|@fieldName related|@behavior -manyRelation:resource:connection -manyRelation:resource:list|@forwardDescription The one that it is related to.
@behavior -query:resource:connection -query:resource:list -query:resource:single
That artists are related: as member and group, or as one person of several names.';
comment on view catalog.release_external_id is '@behavior -*
The ids under which others know this release.';
comment on view catalog.track_external_id is '@behavior -*
The ids under which others know this track.';
comment on view catalog.video_external_id is '@behavior -*
The ids under which others know this video.';
comment on view catalog.work_external_id is '@behavior -*
The ids under which others know this work.';
comment on view column catalog.external_id.external_id is '@name value
The id in its canonical form.';
comment on view column catalog.external_id.is_contested is '@notNull
Whether another entity claims it too.';
comment on view column catalog.external_id.juke_id is '@behavior -*';
comment on view column catalog.external_id.kind is '@behavior -*
The kind of the entity.';
comment on view column catalog.external_id.since is '@notNull
When it was first known to be an id of this entity.';
comment on view column catalog.external_id.source is '@name scheme
Whose id it is: spotify, isrc, mbid, discogs…';
comment on view column catalog.related_artist.begin_date is 'Since when.';
comment on view column catalog.related_artist.end_date is 'Until when.';
comment on view column catalog.related_artist.ended is 'Whether it is over, when the date is not known.';
comment on view column catalog.related_artist.juke_id is '@behavior -*';
comment on view column catalog.related_artist.related_id is '@behavior -*';
comment on view column catalog.related_artist.relation is '@notNull
What the other one is to this one: member, group it is a member of, or alias (the same person under another name).';
comment on view identity.assertion is 'The ledger of claims: who says that which id is whose, since when, which claim is bound, and what was taken back.';
comment on view ingest.log is 'Who delivered what, when, and what it changed; the newest first.';

-- grants

grant execute on function catalog.album_artist_credit(album catalog.album) to jukebase_api;
grant execute on function catalog.album_artist_credit(album catalog.album) to jukebase_editor;
grant execute on function catalog.artist_albums(artist catalog.artist) to jukebase_api;
grant execute on function catalog.artist_albums(artist catalog.artist) to jukebase_editor;
grant execute on function catalog.artist_groups(artist catalog.artist) to jukebase_api;
grant execute on function catalog.artist_groups(artist catalog.artist) to jukebase_editor;
grant execute on function catalog.artist_members(artist catalog.artist) to jukebase_api;
grant execute on function catalog.artist_members(artist catalog.artist) to jukebase_editor;
grant execute on function catalog.artist_personas(artist catalog.artist) to jukebase_api;
grant execute on function catalog.artist_personas(artist catalog.artist) to jukebase_editor;
grant execute on function catalog.artist_tracks(artist catalog.artist) to jukebase_api;
grant execute on function catalog.artist_tracks(artist catalog.artist) to jukebase_editor;
grant execute on function catalog.audiobook_chapters(audiobook catalog.audiobook) to jukebase_api;
grant execute on function catalog.audiobook_chapters(audiobook catalog.audiobook) to jukebase_editor;
grant execute on function catalog.edit(entity uuid, patch jsonb, expected_version integer) to jukebase_editor;
grant execute on function catalog.entity_by_juke_id(juke_id uuid) to jukebase_api;
grant execute on function catalog.entity_by_juke_id(juke_id uuid) to jukebase_editor;
grant execute on function catalog.entity_by_mbid(mbid uuid, kind catalog.entity_kind) to jukebase_api;
grant execute on function catalog.entity_by_mbid(mbid uuid, kind catalog.entity_kind) to jukebase_editor;
grant execute on function catalog.entity_by_ref(ref text) to jukebase_api;
grant execute on function catalog.entity_by_ref(ref text) to jukebase_editor;
grant execute on function catalog.episode_chapters(episode catalog.episode) to jukebase_api;
grant execute on function catalog.episode_chapters(episode catalog.episode) to jukebase_editor;
grant execute on function catalog.genre_children(genre catalog.genre) to jukebase_api;
grant execute on function catalog.genre_children(genre catalog.genre) to jukebase_editor;
grant execute on function catalog.genre_parents(genre catalog.genre) to jukebase_api;
grant execute on function catalog.genre_parents(genre catalog.genre) to jukebase_editor;
grant execute on function catalog.is_streamable(juke_id uuid, territory text, at timestamp with time zone, usage text) to jukebase_api;
grant execute on function catalog.is_streamable(juke_id uuid, territory text, at timestamp with time zone, usage text) to jukebase_editor;
grant execute on function catalog.provenance(entity uuid) to jukebase_api;
grant execute on function catalog.provenance(entity uuid) to jukebase_editor;
grant execute on function catalog.release_artist_credit(release catalog.release) to jukebase_api;
grant execute on function catalog.release_artist_credit(release catalog.release) to jukebase_editor;
grant execute on function catalog.rights_at(juke_ids uuid[], territory text, at timestamp with time zone, usage text) to jukebase_api;
grant execute on function catalog.rights_at(juke_ids uuid[], territory text, at timestamp with time zone, usage text) to jukebase_editor;
grant execute on function catalog.state(juke_ids uuid[]) to jukebase_api;
grant execute on function catalog.state(juke_ids uuid[]) to jukebase_editor;
grant execute on function catalog.track_artist_credit(track catalog.track) to jukebase_api;
grant execute on function catalog.track_artist_credit(track catalog.track) to jukebase_editor;
grant execute on function catalog.video_artist_credit(video catalog.video) to jukebase_api;
grant execute on function catalog.video_artist_credit(video catalog.video) to jukebase_editor;
grant execute on function descriptor.search(query text, kinds catalog.entity_kind[], "limit" integer) to jukebase_api;
grant execute on function descriptor.search(query text, kinds catalog.entity_kind[], "limit" integer) to jukebase_editor;
grant execute on function feed.bootstrap(VARIADIC kinds catalog.entity_kind[]) to jukebase_api;
grant execute on function feed.bootstrap(VARIADIC kinds catalog.entity_kind[]) to jukebase_editor;
grant execute on function feed.head() to jukebase_api;
grant execute on function feed.head() to jukebase_editor;
grant execute on function feed.read(cursor text, "limit" integer, kinds catalog.entity_kind[], until text) to jukebase_api;
grant execute on function feed.read(cursor text, "limit" integer, kinds catalog.entity_kind[], until text) to jukebase_editor;
grant execute on function feed.updates(cursor text, "limit" integer, kinds catalog.entity_kind[]) to jukebase_api;
grant execute on function feed.updates(cursor text, "limit" integer, kinds catalog.entity_kind[]) to jukebase_editor;
grant execute on function feed.updates_between(since timestamp with time zone, until timestamp with time zone, "limit" integer, cursor text) to jukebase_api;
grant execute on function feed.updates_between(since timestamp with time zone, until timestamp with time zone, "limit" integer, cursor text) to jukebase_editor;
grant execute on function feed.updates_of(page jsonb) to jukebase_api;
grant execute on function feed.updates_of(page jsonb) to jukebase_editor;
grant execute on function identity.claim(entity uuid, source text, external_id text, confidence real, reason text, expected_version integer) to jukebase_editor;
grant execute on function identity.decide(item bigint, verdict text, note text, expected_versions catalog.entity_version[]) to jukebase_editor;
grant execute on function identity.delete(entity uuid, reason text, expected_version integer) to jukebase_editor;
grant execute on function identity.explain(ref text) to jukebase_api;
grant execute on function identity.explain(ref text) to jukebase_editor;
grant execute on function identity.how(entity uuid) to jukebase_api;
grant execute on function identity.how(entity uuid) to jukebase_editor;
grant execute on function identity.merge(winner uuid, losers uuid[], reason text, expected_versions catalog.entity_version[]) to jukebase_editor;
grant execute on function identity.merge_plan(winner uuid, losers uuid[]) to jukebase_editor;
grant execute on function identity.resolve(ref text) to jukebase_api;
grant execute on function identity.resolve(ref text) to jukebase_editor;
grant execute on function identity.resolve_as_of(ref text, at timestamp with time zone) to jukebase_api;
grant execute on function identity.resolve_as_of(ref text, at timestamp with time zone) to jukebase_editor;
grant execute on function identity.resolve_many(refs text[]) to jukebase_api;
grant execute on function identity.resolve_many(refs text[]) to jukebase_editor;
grant execute on function identity.resolve_one(ref text) to jukebase_api;
grant execute on function identity.resolve_one(ref text) to jukebase_editor;
grant execute on function identity.retract(entity uuid, source text, external_id text, reason text, expected_version integer) to jukebase_editor;
grant execute on function identity.review_queue("limit" integer) to jukebase_editor;
grant execute on function identity.review_undo(operation bigint, only_member uuid, note text, expected_versions catalog.entity_version[]) to jukebase_editor;
grant execute on function identity.rule(a uuid, b uuid, verdict identity.verdict, reason text, expected_versions catalog.entity_version[]) to jukebase_editor;
grant execute on function identity.split(entity uuid, records bigint[], reason text, expected_version integer) to jukebase_editor;
grant execute on function identity.split_plan(entity uuid, records bigint[]) to jukebase_editor;
grant execute on function identity.undo(operation bigint, only_member uuid, reason text, expected_versions catalog.entity_version[]) to jukebase_editor;
grant execute on function identity.undo_plan(operation bigint, only_member uuid) to jukebase_editor;
grant execute on function identity.why_not(a uuid, b uuid) to jukebase_api;
grant execute on function identity.why_not(a uuid, b uuid) to jukebase_editor;
grant execute on function ingest.create_ingest_job(source text, url text, delivery_id text, checksum text, format text) to jukebase_editor;
grant execute on function ingest.ingest_job(id bigint) to jukebase_editor;
grant execute on function ingest.ingest_json(source text, delivery_id text, checksum text, content text) to jukebase_editor;
grant execute on function ingest.ingest_rss(source text, delivery_id text, checksum text, content text) to jukebase_editor;
grant usage on schema catalog to jukebase_api;
grant usage on schema catalog to jukebase_editor;
grant usage on schema descriptor to jukebase_api;
grant usage on schema descriptor to jukebase_editor;
grant usage on schema feed to jukebase_api;
grant usage on schema feed to jukebase_editor;
grant usage on schema identity to jukebase_api;
grant usage on schema identity to jukebase_editor;
grant usage on schema ingest to jukebase_editor;
grant usage on schema ops to jukebase_editor;
grant select on table catalog.album to jukebase_api;
grant select on table catalog.album to jukebase_editor;
grant select on table catalog.album_external_id to jukebase_api;
grant select on table catalog.album_external_id to jukebase_editor;
grant select on table catalog.alias to jukebase_api;
grant select on table catalog.alias to jukebase_editor;
grant select on table catalog.artist to jukebase_api;
grant select on table catalog.artist to jukebase_editor;
grant select on table catalog.artist_external_id to jukebase_api;
grant select on table catalog.artist_external_id to jukebase_editor;
grant select on table catalog.artist_relation to jukebase_api;
grant select on table catalog.artist_relation to jukebase_editor;
grant select on table catalog.audiobook to jukebase_api;
grant select on table catalog.audiobook to jukebase_editor;
grant select on table catalog.audiobook_external_id to jukebase_api;
grant select on table catalog.audiobook_external_id to jukebase_editor;
grant select on table catalog.book to jukebase_api;
grant select on table catalog.book to jukebase_editor;
grant select on table catalog.book_external_id to jukebase_api;
grant select on table catalog.book_external_id to jukebase_editor;
grant select on table catalog.chapter to jukebase_api;
grant select on table catalog.chapter to jukebase_editor;
grant select on table catalog.copyright to jukebase_api;
grant select on table catalog.copyright to jukebase_editor;
grant select on table catalog.credit to jukebase_api;
grant select on table catalog.credit to jukebase_editor;
grant select on table catalog.entity to jukebase_api;
grant select on table catalog.entity to jukebase_editor;
grant select on table catalog.entity_genre to jukebase_api;
grant select on table catalog.entity_genre to jukebase_editor;
grant select on table catalog.episode to jukebase_api;
grant select on table catalog.episode to jukebase_editor;
grant select on table catalog.episode_external_id to jukebase_api;
grant select on table catalog.episode_external_id to jukebase_editor;
grant select on table catalog.external_id to jukebase_api;
grant select on table catalog.external_id to jukebase_editor;
grant select on table catalog.genre to jukebase_api;
grant select on table catalog.genre to jukebase_editor;
grant select on table catalog.genre_external_id to jukebase_api;
grant select on table catalog.genre_external_id to jukebase_editor;
grant select on table catalog.genre_parent to jukebase_api;
grant select on table catalog.genre_parent to jukebase_editor;
grant select on table catalog.image to jukebase_api;
grant select on table catalog.image to jukebase_editor;
grant select on table catalog.label to jukebase_api;
grant select on table catalog.label to jukebase_editor;
grant select on table catalog.label_external_id to jukebase_api;
grant select on table catalog.label_external_id to jukebase_editor;
grant select on table catalog.podcast to jukebase_api;
grant select on table catalog.podcast to jukebase_editor;
grant select on table catalog.podcast_external_id to jukebase_api;
grant select on table catalog.podcast_external_id to jukebase_editor;
grant select on table catalog.related_artist to jukebase_api;
grant select on table catalog.related_artist to jukebase_editor;
grant select on table catalog.release to jukebase_api;
grant select on table catalog.release to jukebase_editor;
grant select on table catalog.release_event to jukebase_api;
grant select on table catalog.release_event to jukebase_editor;
grant select on table catalog.release_external_id to jukebase_api;
grant select on table catalog.release_external_id to jukebase_editor;
grant select on table catalog.release_label to jukebase_api;
grant select on table catalog.release_label to jukebase_editor;
grant select on table catalog.release_medium to jukebase_api;
grant select on table catalog.release_medium to jukebase_editor;
grant select on table catalog.release_track to jukebase_api;
grant select on table catalog.release_track to jukebase_editor;
grant select on table catalog.territory to jukebase_api;
grant select on table catalog.territory to jukebase_editor;
grant select on table catalog.track to jukebase_api;
grant select on table catalog.track to jukebase_editor;
grant select on table catalog.track_external_id to jukebase_api;
grant select on table catalog.track_external_id to jukebase_editor;
grant select on table catalog.track_work to jukebase_api;
grant select on table catalog.track_work to jukebase_editor;
grant select on table catalog.transcript to jukebase_api;
grant select on table catalog.transcript to jukebase_editor;
grant select on table catalog.usage_right to jukebase_api;
grant select on table catalog.usage_right to jukebase_editor;
grant select on table catalog.use_type to jukebase_api;
grant select on table catalog.use_type to jukebase_editor;
grant select on table catalog.video to jukebase_api;
grant select on table catalog.video to jukebase_editor;
grant select on table catalog.video_external_id to jukebase_api;
grant select on table catalog.video_external_id to jukebase_editor;
grant select on table catalog.work to jukebase_api;
grant select on table catalog.work to jukebase_editor;
grant select on table catalog.work_external_id to jukebase_api;
grant select on table catalog.work_external_id to jukebase_editor;
grant select on table identity.changed_entity to jukebase_editor;
grant select on table identity.link_fact to jukebase_editor;
grant select on table identity.operation to jukebase_editor;
grant select on table identity.review to jukebase_editor;
