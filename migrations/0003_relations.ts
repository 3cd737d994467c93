/** What entities say of each other: credits, track lists, genres, labels; and their aliases and images. */
import type { Sql } from "postgres";

export async function up(sql: Sql): Promise<void> {
  await sql.unsafe(/* sql */ `
    create table catalog.alias (
      juke_id uuid not null,
      name text not null,
      locale text not null default '',   -- BCP 47 or POSIX, as the source has it; '' when it says none
      sort_name text,
      alias_type text,
      is_primary boolean not null default false, -- the name to show in this locale
      begin_date catalog.partial_date,
      end_date catalog.partial_date,
      constraint alias_pkey primary key (juke_id, name, locale),
      constraint alias_juke_id_fkey foreign key (juke_id) references catalog.entity (juke_id) on delete cascade,
      constraint alias_is_not_empty check (name <> ''),
      constraint alias_fits_an_index_key check (octet_length(name) <= 2000)
    );

    create table catalog.credit (
      juke_id uuid not null,             -- what is credited
      role text not null,                -- artist, composer, producer, narrator…: lower case
      position integer not null,         -- 1, 2, 3… within the role
      contributor_id uuid not null,      -- the artist or label that is credited
      credited_as text,                  -- the name on the cover, when it is not the contributor's own
      join_phrase text,                  -- what stands between this name and the next: ' & ', ' feat. '
      share numeric(7, 4),               -- percent of the rights
      attributes text[],                 -- instruments, 'guest', 'additional'…
      constraint credit_pkey primary key (juke_id, role, position),
      constraint credit_juke_id_fkey foreign key (juke_id) references catalog.entity (juke_id) on delete cascade,
      constraint credit_contributor_id_fkey foreign key (contributor_id)
        references catalog.entity (juke_id) on delete cascade,
      constraint credit_position_counts_from_one check (position >= 1),
      constraint share_is_a_percentage check (share between 0 and 100)
    );
    create index credit_contributor_id_idx on catalog.credit (contributor_id, role);

    create table catalog.entity_genre (
      juke_id uuid not null,
      genre_id uuid not null,
      weight real not null default 1,    -- comparable within one entity: votes, counts or 0..1 as the source has it
      constraint entity_genre_pkey primary key (juke_id, genre_id),
      constraint entity_genre_juke_id_fkey foreign key (juke_id) references catalog.entity (juke_id) on delete cascade,
      constraint entity_genre_genre_id_fkey foreign key (genre_id) references catalog.genre (juke_id) on delete cascade,
      constraint genre_weight_is_not_negative check (weight >= 0)
    );
    create index entity_genre_genre_id_idx on catalog.entity_genre (genre_id, weight desc);

    create table catalog.genre_parent (
      genre_id uuid not null,
      parent_id uuid not null,
      constraint genre_parent_pkey primary key (genre_id, parent_id),
      constraint genre_parent_genre_id_fkey foreign key (genre_id) references catalog.genre (juke_id) on delete cascade,
      constraint genre_parent_parent_id_fkey foreign key (parent_id)
        references catalog.genre (juke_id) on delete cascade,
      constraint genre_is_not_its_own_parent check (parent_id <> genre_id)
    );
    create index genre_parent_parent_id_idx on catalog.genre_parent (parent_id);

    create table catalog.image (
      juke_id uuid not null,
      url text not null,
      image_type text,
      width integer,                     -- pixels
      height integer,                    -- pixels
      constraint image_pkey primary key (juke_id, url),
      constraint image_juke_id_fkey foreign key (juke_id) references catalog.entity (juke_id) on delete cascade,
      constraint image_url_fits_an_index_key check (octet_length(url) <= 2000),
      constraint image_has_a_size_in_pixels check (width > 0 and height > 0)
    );

    create table catalog.release_medium (
      release_id uuid not null,
      disc integer not null,
      format text,
      title text,
      constraint release_medium_pkey primary key (release_id, disc),
      constraint release_medium_release_id_fkey foreign key (release_id)
        references catalog.release (juke_id) on delete cascade,
      constraint medium_disc_counts_from_one check (disc >= 1)
    );

    create table catalog.release_track (
      release_id uuid not null,
      disc integer not null,
      position integer not null,         -- 0 is a hidden track before the first
      number text,                       -- as printed: A1
      title text,                        -- as printed, when it differs from the recording's
      duration_ms integer,
      track_id uuid,
      video_id uuid,
      constraint release_track_pkey primary key (release_id, disc, position),
      constraint release_track_release_id_fkey foreign key (release_id)
        references catalog.release (juke_id) on delete cascade,
      constraint release_track_track_id_fkey foreign key (track_id) references catalog.track (juke_id) on delete cascade,
      constraint release_track_video_id_fkey foreign key (video_id) references catalog.video (juke_id) on delete cascade,
      constraint release_track_is_a_track_or_a_video check (num_nonnulls(track_id, video_id) = 1),
      constraint track_disc_counts_from_one check (disc >= 1),
      constraint track_position_counts_from_zero check (position >= 0),
      constraint release_track_duration_is_not_negative check (duration_ms >= 0)
    );
    create index release_track_track_id_idx on catalog.release_track (track_id) where track_id is not null;
    create index release_track_video_id_idx on catalog.release_track (video_id) where video_id is not null;

    create table catalog.release_label (
      release_id uuid not null,
      label_id uuid not null,
      catalog_number text not null default '', -- '' when the source says none
      constraint release_label_pkey primary key (release_id, label_id, catalog_number),
      constraint release_label_release_id_fkey foreign key (release_id)
        references catalog.release (juke_id) on delete cascade,
      constraint release_label_label_id_fkey foreign key (label_id) references catalog.label (juke_id) on delete cascade,
      constraint catalog_number_fits_an_index_key check (octet_length(catalog_number) <= 500)
    );
    create index release_label_label_id_idx on catalog.release_label (label_id);

    create table catalog.release_event (
      release_id uuid not null,
      position integer not null,
      country catalog.country_code,
      date catalog.partial_date,
      constraint release_event_pkey primary key (release_id, position),
      constraint release_event_release_id_fkey foreign key (release_id)
        references catalog.release (juke_id) on delete cascade,
      constraint release_event_has_a_country_or_a_date check (num_nonnulls(country, date) > 0)
    );

    create table catalog.track_work (
      track_id uuid not null,
      work_id uuid not null,
      relation text not null default 'performance',
      attributes text[],                 -- live, cover, partial, medley…
      constraint track_work_pkey primary key (track_id, work_id),
      constraint track_work_track_id_fkey foreign key (track_id) references catalog.track (juke_id) on delete cascade,
      constraint track_work_work_id_fkey foreign key (work_id) references catalog.work (juke_id) on delete cascade
    );
    create index track_work_work_id_idx on catalog.track_work (work_id);

    -- One thing one source says of an entity: what catalog.project hands from statement to statement.
    create type catalog.statement as (
      juke_id uuid,
      kind catalog.entity_kind,
      key text,                          -- attribute or list, as in formats/record.schema.json
      value jsonb,
      source text,
      is_best boolean                    -- no better source speaks of this key
    );
  `);
}

export async function down(sql: Sql): Promise<void> {
  await sql.unsafe(/* sql */ `
    drop type catalog.statement cascade;
    drop table catalog.track_work, catalog.release_event, catalog.release_label, catalog.release_track,
      catalog.release_medium, catalog.image, catalog.genre_parent, catalog.entity_genre, catalog.credit,
      catalog.alias;
  `);
}
