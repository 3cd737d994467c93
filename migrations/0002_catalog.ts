/** The hub and the twelve kinds. */
import type { Sql } from "postgres";

export async function up(sql: Sql): Promise<void> {
  await sql.unsafe(/* sql */ `
    create table catalog.entity (
      juke_id uuid not null default identity.uuidv7(),
      kind catalog.entity_kind not null,
      display_name text not null,        -- the name or title of the kind's own table: lists and logs need no join
      mbid uuid,                         -- the best MusicBrainz id; all of them are in identity.external_id
      status catalog.entity_status not null default 'active',
      merged_into uuid,                  -- one hop: never points at a merged entity
      version integer not null default 1, -- the number of transactions that changed the entity: its ETag
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      constraint entity_pkey primary key (juke_id),
      constraint entity_merged_into_fkey foreign key (merged_into)
        references catalog.entity (juke_id) on delete restrict,
      constraint merged_entity_has_a_target check ((status = 'merged') = (merged_into is not null)),
      constraint entity_does_not_redirect_to_itself check (merged_into <> juke_id),
      constraint version_counts_from_one check (version >= 1)
    );
    create index entity_merged_into_idx on catalog.entity (merged_into) where merged_into is not null;
    create index entity_mbid_idx on catalog.entity (mbid) where mbid is not null;
    create index entity_kind_idx on catalog.entity (kind, juke_id);

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
      constraint artist_pkey primary key (juke_id),
      constraint artist_juke_id_fkey foreign key (juke_id) references catalog.entity (juke_id) on delete cascade,
      constraint artist_type_is_known check (
        artist_type in ('person', 'group', 'orchestra', 'choir', 'character', 'other'))
    );

    create table catalog.label (
      juke_id uuid not null,
      name text not null,
      sort_name text,
      disambiguation text,
      label_type text,
      label_code integer,                -- the LC number, without the letters
      country catalog.country_code,
      area text,
      begin_date catalog.partial_date,
      end_date catalog.partial_date,
      ended boolean,
      parent_id uuid,
      constraint label_pkey primary key (juke_id),
      constraint label_juke_id_fkey foreign key (juke_id) references catalog.entity (juke_id) on delete cascade,
      constraint label_parent_id_fkey foreign key (parent_id) references catalog.label (juke_id) on delete set null,
      constraint label_is_not_its_own_parent check (parent_id <> juke_id),
      constraint label_code_has_at_most_six_digits check (label_code between 1 and 999999)
    );
    create index label_parent_id_idx on catalog.label (parent_id) where parent_id is not null;

    create table catalog.genre (
      juke_id uuid not null,
      name text not null,
      disambiguation text,
      description text,
      constraint genre_pkey primary key (juke_id),
      constraint genre_juke_id_fkey foreign key (juke_id) references catalog.entity (juke_id) on delete cascade
    );

    create table catalog.work (
      juke_id uuid not null,
      title text not null,
      disambiguation text,
      work_type text,
      languages text[],
      constraint work_pkey primary key (juke_id),
      constraint work_juke_id_fkey foreign key (juke_id) references catalog.entity (juke_id) on delete cascade
    );

    create table catalog.album (
      juke_id uuid not null,
      title text not null,
      disambiguation text,
      album_type text,
      secondary_types text[],
      first_release_date catalog.partial_date,
      constraint album_pkey primary key (juke_id),
      constraint album_juke_id_fkey foreign key (juke_id) references catalog.entity (juke_id) on delete cascade,
      constraint album_type_is_known check (album_type in ('album', 'single', 'ep', 'broadcast', 'other'))
    );

    create table catalog.release (
      juke_id uuid not null,
      album_id uuid,
      title text not null,
      disambiguation text,
      release_status text,               -- not the entity's: official, bootleg…
      release_date catalog.partial_date,
      country catalog.country_code,
      packaging text,
      language text,
      script text,
      barcode text,                      -- as printed; the identifier is the external id of scheme gtin
      constraint release_pkey primary key (juke_id),
      constraint release_juke_id_fkey foreign key (juke_id) references catalog.entity (juke_id) on delete cascade,
      constraint release_album_id_fkey foreign key (album_id) references catalog.album (juke_id) on delete set null,
      constraint release_status_is_known check (
        release_status in ('official', 'promotion', 'bootleg', 'pseudo-release', 'withdrawn', 'cancelled'))
    );
    create index release_album_id_idx on catalog.release (album_id) where album_id is not null;

    create table catalog.track (
      juke_id uuid not null,
      title text not null,
      disambiguation text,
      duration_ms integer,
      first_release_date catalog.partial_date,
      explicit boolean,
      constraint track_pkey primary key (juke_id),
      constraint track_juke_id_fkey foreign key (juke_id) references catalog.entity (juke_id) on delete cascade,
      constraint track_duration_is_not_negative check (duration_ms >= 0)
    );

    create table catalog.video (
      juke_id uuid not null,
      title text not null,
      disambiguation text,
      duration_ms integer,
      video_type text,
      first_release_date catalog.partial_date,
      track_id uuid,                     -- the recording it shows
      constraint video_pkey primary key (juke_id),
      constraint video_juke_id_fkey foreign key (juke_id) references catalog.entity (juke_id) on delete cascade,
      constraint video_track_id_fkey foreign key (track_id) references catalog.track (juke_id) on delete set null,
      constraint video_duration_is_not_negative check (duration_ms >= 0)
    );
    create index video_track_id_idx on catalog.video (track_id) where track_id is not null;

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
      constraint podcast_pkey primary key (juke_id),
      constraint podcast_juke_id_fkey foreign key (juke_id) references catalog.entity (juke_id) on delete cascade,
      constraint podcast_type_is_known check (podcast_type in ('episodic', 'serial'))
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
      published_at timestamptz,
      explicit boolean,
      enclosure_url text,
      enclosure_type text,
      enclosure_bytes bigint,
      constraint episode_pkey primary key (juke_id),
      constraint episode_juke_id_fkey foreign key (juke_id) references catalog.entity (juke_id) on delete cascade,
      constraint episode_podcast_id_fkey foreign key (podcast_id)
        references catalog.podcast (juke_id) on delete set null,
      constraint episode_type_is_known check (episode_type in ('full', 'trailer', 'bonus')),
      constraint episode_duration_is_not_negative check (duration_ms >= 0),
      constraint enclosure_size_is_not_negative check (enclosure_bytes >= 0)
    );
    create index episode_podcast_id_idx on catalog.episode (podcast_id, published_at desc);

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
      constraint book_pkey primary key (juke_id),
      constraint book_juke_id_fkey foreign key (juke_id) references catalog.entity (juke_id) on delete cascade,
      constraint page_count_is_positive check (page_count > 0)
    );

    create table catalog.audiobook (
      juke_id uuid not null,
      book_id uuid,                      -- the book that is read
      title text not null,
      subtitle text,
      description text,
      publisher text,
      published_date catalog.partial_date,
      language text,
      duration_ms bigint,
      abridged boolean,
      constraint audiobook_pkey primary key (juke_id),
      constraint audiobook_juke_id_fkey foreign key (juke_id) references catalog.entity (juke_id) on delete cascade,
      constraint audiobook_book_id_fkey foreign key (book_id) references catalog.book (juke_id) on delete set null,
      constraint audiobook_duration_is_not_negative check (duration_ms >= 0)
    );
    create index audiobook_book_id_idx on catalog.audiobook (book_id) where book_id is not null;
  `);
}

export async function down(sql: Sql): Promise<void> {
  await sql.unsafe(/* sql */ `
    drop table catalog.audiobook, catalog.book, catalog.episode, catalog.podcast, catalog.video, catalog.track,
      catalog.release, catalog.album, catalog.work, catalog.genre, catalog.label, catalog.artist, catalog.entity;
  `);
}
