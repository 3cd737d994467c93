/** Identifier schemes, the one table of external ids, and the membership of records. */
import type { Sql } from "postgres";

export async function up(sql: Sql): Promise<void> {
  await sql.unsafe(/* sql */ `
    create type identity.exclusivity as enum ('exclusive', 'shared');
    comment on type identity.exclusivity is
      'exclusive: one value names one thing. shared: several things may carry it (two masterings with one ISRC).';

    create table identity.scheme (
      scheme text collate "C" not null,
      title text not null,
      rank integer not null,             -- precedence: the lower one is asked first and believed more
      exclusivity identity.exclusivity not null,
      kinds catalog.entity_kind[] not null, -- what it can name
      pattern text not null,             -- regular expression of the canonical form
      uri_base text,                     -- host and path that make 'spotify:track:…' a URL of the service
      constraint scheme_pkey primary key (scheme),
      constraint scheme_rank_is_unique unique (rank) deferrable,
      constraint scheme_is_a_lower_case_word check (scheme ~ '^[a-z][a-z0-9_]*$'),
      constraint scheme_names_some_kind check (cardinality(kinds) > 0)
    );

    create table identity.url_pattern (
      domain text not null,              -- the last two labels of the host
      pattern text not null,             -- regular expression over host, path and query; its first group is the value
      scheme text collate "C" not null,
      kinds catalog.entity_kind[] not null, -- what such a URL names, the likeliest first
      constraint url_pattern_pkey primary key (domain, pattern),
      constraint url_pattern_scheme_fkey foreign key (scheme) references identity.scheme (scheme) on delete cascade,
      constraint url_pattern_names_some_kind check (cardinality(kinds) > 0)
    );
    create index url_pattern_scheme_idx on identity.url_pattern (scheme);

    insert into identity.scheme (rank, scheme, title, exclusivity, kinds, pattern, uri_base) values
      (10, 'mbid', 'MusicBrainz identifier', 'exclusive',
        '{artist,album,release,track,work,genre,label,video}',
        '^(?!0{8}-0{4}-0{4})[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$', 'musicbrainz.org/'),
      (20, 'podcast_guid', 'Podcast GUID (podcast namespace)', 'exclusive', '{podcast}',
        '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$', null),
      (30, 'isni', 'International Standard Name Identifier (ISO 27729)', 'exclusive', '{artist,label}',
        '^[0-9]{15}[0-9X]$', null),
      (40, 'ipi', 'Interested Parties Information name number', 'shared', '{artist,label}', '^[0-9]{11}$', null),
      (50, 'iswc', 'International Standard Musical Work Code (ISO 15707)', 'exclusive', '{work}',
        '^T[0-9]{10}$', null),
      (60, 'isbn', 'International Standard Book Number, 13 digits (ISO 2108)', 'exclusive', '{book,audiobook}',
        '^97[89][0-9]{10}$', null),
      (70, 'isrc', 'International Standard Recording Code (ISO 3901)', 'shared', '{track,video}',
        '^[A-Z]{2}[A-Z0-9]{3}[0-9]{7}$', null),
      (80, 'gtin', 'Global Trade Item Number (UPC, EAN), 14 digits', 'shared', '{release}', '^[0-9]{14}$', null),
      (90, 'spotify', 'Spotify', 'exclusive',
        '{artist,album,release,track,podcast,episode,audiobook}', '^[0-9A-Za-z]{22}$', 'open.spotify.com/'),
      (100, 'apple_music', 'Apple Music, iTunes, Apple Podcasts', 'exclusive',
        '{artist,album,release,track,video,podcast,episode,book,audiobook}', '^[1-9][0-9]{0,19}$', null),
      (110, 'deezer', 'Deezer', 'exclusive', '{artist,album,release,track,podcast,episode}',
        '^[1-9][0-9]{0,19}$', 'deezer.com/'),
      (120, 'discogs', 'Discogs', 'exclusive', '{artist,album,release,label}', '^[1-9][0-9]{0,19}$', 'discogs.com/'),
      (130, 'tidal', 'TIDAL', 'exclusive', '{artist,album,release,track,video}', '^[1-9][0-9]{0,19}$', 'tidal.com/'),
      (140, 'wikidata', 'Wikidata', 'exclusive',
        '{artist,album,release,track,work,genre,label,video,podcast,episode,book,audiobook}',
        '^Q[1-9][0-9]*$', null),
      (150, 'viaf', 'Virtual International Authority File', 'exclusive', '{artist,label,work,book}',
        '^[1-9][0-9]{0,21}$', null),
      (160, 'youtube', 'YouTube video or channel', 'exclusive', '{video,track,artist,label,podcast,episode}',
        '^(UC[0-9A-Za-z_-]{22}|[0-9A-Za-z_-]{11})$', null),
      (170, 'bandcamp', 'Bandcamp', 'exclusive', '{artist,album,release,track,label}',
        '^https://[a-z0-9-]+[.]bandcamp[.]com(/(album|track)/[^/?#]+)?$', null),
      (180, 'asin', 'Amazon Standard Identification Number', 'shared', '{release,book,audiobook}',
        '^[0-9A-Z]{10}$', null),
      (190, 'feed_url', 'Address of a podcast feed', 'exclusive', '{podcast}', '^https?://[^[:space:]]+$', null),
      (200, 'episode_guid', 'GUID of an episode, within its feed', 'shared', '{episode}', '^.+$', null),
      (210, 'genre', 'Genre by name', 'exclusive', '{genre}', '^[^[:space:]]+$', null);

    insert into identity.url_pattern (domain, scheme, kinds, pattern) values
      ('musicbrainz.org', 'mbid', '{artist}', '/artist/([0-9a-fA-F-]{36})(?![0-9a-fA-F-])'),
      ('musicbrainz.org', 'mbid', '{album}', '/(?:release-group|album)/([0-9a-fA-F-]{36})(?![0-9a-fA-F-])'),
      ('musicbrainz.org', 'mbid', '{release}', '/release/([0-9a-fA-F-]{36})(?![0-9a-fA-F-])'),
      ('musicbrainz.org', 'mbid', '{track,video}', '/(?:recording|track)/([0-9a-fA-F-]{36})(?![0-9a-fA-F-])'),
      ('musicbrainz.org', 'mbid', '{work}', '/work/([0-9a-fA-F-]{36})(?![0-9a-fA-F-])'),
      ('musicbrainz.org', 'mbid', '{label}', '/label/([0-9a-fA-F-]{36})(?![0-9a-fA-F-])'),
      ('musicbrainz.org', 'mbid', '{genre}', '/genre/([0-9a-fA-F-]{36})(?![0-9a-fA-F-])'),
      ('spotify.com', 'spotify', '{artist}', '/artist/([0-9A-Za-z]{22})(?![0-9A-Za-z])'),
      ('spotify.com', 'spotify', '{album,release}', '/album/([0-9A-Za-z]{22})(?![0-9A-Za-z])'),
      ('spotify.com', 'spotify', '{track}', '/track/([0-9A-Za-z]{22})(?![0-9A-Za-z])'),
      ('spotify.com', 'spotify', '{podcast,audiobook}', '/show/([0-9A-Za-z]{22})(?![0-9A-Za-z])'),
      ('spotify.com', 'spotify', '{episode}', '/episode/([0-9A-Za-z]{22})(?![0-9A-Za-z])'),
      ('discogs.com', 'discogs', '{artist}', '/artist/([1-9][0-9]*)'),
      ('discogs.com', 'discogs', '{album}', '/(?:master(?:/view)?|album)/([1-9][0-9]*)'),
      ('discogs.com', 'discogs', '{release}', '/release/([1-9][0-9]*)'),
      ('discogs.com', 'discogs', '{label}', '/label/([1-9][0-9]*)'),
      ('wikidata.org', 'wikidata',
        '{artist,album,release,track,work,genre,label,video,podcast,episode,book,audiobook}',
        '/(?:wiki|entity)/(Q[1-9][0-9]*)'),
      ('apple.com', 'apple_music', '{artist}', '/artist/(?:[^/?]+/)?(?:id)?([1-9][0-9]*)'),
      ('apple.com', 'apple_music', '{track}', '/album/[^?]*[?](?:[^#]*&)?i=([1-9][0-9]*)'),
      ('apple.com', 'apple_music', '{album,release}', '/album/(?:[^/?]+/)?(?:id)?([1-9][0-9]*)(?![^#]*[?&]i=)'),
      ('apple.com', 'apple_music', '{track}', '/song/(?:[^/?]+/)?(?:id)?([1-9][0-9]*)'),
      ('apple.com', 'apple_music', '{video}', '/music-video/(?:[^/?]+/)?(?:id)?([1-9][0-9]*)'),
      ('apple.com', 'apple_music', '{episode}', '/podcast/[^?]*[?](?:[^#]*&)?i=([1-9][0-9]*)'),
      ('apple.com', 'apple_music', '{podcast}', '/podcast/(?:[^/?]+/)?(?:id)?([1-9][0-9]*)(?![^#]*[?&]i=)'),
      ('apple.com', 'apple_music', '{book}', '/book/(?:[^/?]+/)?(?:id)?([1-9][0-9]*)'),
      ('apple.com', 'apple_music', '{audiobook}', '/audiobook/(?:[^/?]+/)?(?:id)?([1-9][0-9]*)'),
      ('deezer.com', 'deezer', '{artist}', '/artist/([1-9][0-9]*)'),
      ('deezer.com', 'deezer', '{album,release}', '/album/([1-9][0-9]*)'),
      ('deezer.com', 'deezer', '{track}', '/track/([1-9][0-9]*)'),
      ('deezer.com', 'deezer', '{podcast}', '/(?:show|podcast)/([1-9][0-9]*)'),
      ('deezer.com', 'deezer', '{episode}', '/episode/([1-9][0-9]*)'),
      ('tidal.com', 'tidal', '{artist}', '/artist/([1-9][0-9]*)'),
      ('tidal.com', 'tidal', '{album,release}', '/album/([1-9][0-9]*)'),
      ('tidal.com', 'tidal', '{track}', '/track/([1-9][0-9]*)'),
      ('tidal.com', 'tidal', '{video}', '/video/([1-9][0-9]*)'),
      ('youtube.com', 'youtube', '{video,track,episode}', '/watch[?](?:[^#]*&)?v=([0-9A-Za-z_-]{11})(?![0-9A-Za-z_-])'),
      ('youtube.com', 'youtube', '{video,track,episode}', '/(?:embed|shorts|live|v)/([0-9A-Za-z_-]{11})(?![0-9A-Za-z_-])'),
      ('youtube.com', 'youtube', '{artist,label,podcast}', '/channel/(UC[0-9A-Za-z_-]{22})(?![0-9A-Za-z_-])'),
      ('youtu.be', 'youtube', '{video,track,episode}', '^[^/]+/([0-9A-Za-z_-]{11})(?![0-9A-Za-z_-])'),
      ('bandcamp.com', 'bandcamp', '{album,release}', '^([a-z0-9-]+[.]bandcamp[.]com/album/[^/?#]+)'),
      ('bandcamp.com', 'bandcamp', '{track}', '^([a-z0-9-]+[.]bandcamp[.]com/track/[^/?#]+)'),
      ('bandcamp.com', 'bandcamp', '{artist,label}', '^((?!www[.])[a-z0-9-]+[.]bandcamp[.]com)/?(?:music)?/?(?:[?#]|$)'),
      ('viaf.org', 'viaf', '{artist,label,work,book}', '/viaf/([1-9][0-9]*)'),
      ('isni.org', 'isni', '{artist,label}', '/(?:isni/)?([0-9]{15}[0-9X])');

    create table identity.membership (
      record_id bigint not null,
      juke_id uuid not null,
      rule text not null,                -- the scheme that linked the record, or 'minted'
      since timestamptz not null default now(),
      constraint membership_pkey primary key (record_id),
      constraint membership_record_id_fkey foreign key (record_id)
        references ingest.record (record_id) on delete cascade,
      constraint membership_juke_id_fkey foreign key (juke_id)
        references catalog.entity (juke_id) on delete cascade
    );
    create index membership_juke_id_idx on identity.membership (juke_id);

    create table identity.external_id (
      external_id text collate "C" not null, -- canonical
      source text collate "C" not null,  -- the scheme: spotify, isrc, mbid…
      kind catalog.entity_kind not null,
      juke_id uuid not null,
      record_id bigint,                  -- the record that claims it; null when it was written by hand
      since timestamptz not null default now(),
      -- The id leads: one probe finds a value under any scheme, and under a given one.
      constraint external_id_pkey primary key (external_id, source, kind),
      constraint external_id_juke_id_fkey foreign key (juke_id)
        references catalog.entity (juke_id) on delete cascade deferrable,
      constraint external_id_fits_an_index_key check (octet_length(external_id) between 1 and 2000)
    );
    create index external_id_juke_id_idx on identity.external_id (juke_id, source);
    create index external_id_record_id_idx on identity.external_id (record_id) where record_id is not null;

    create type identity.claim as (
      record_id bigint,
      kind catalog.entity_kind,
      source text,                       -- the record's
      scheme text,
      rank integer,
      exclusivity identity.exclusivity,
      is_one_per_source boolean,         -- never joins two records of one source
      value text collate "C"             -- canonical; null when the value is not valid in its scheme
    );
    -- Where a record belongs: what identity.link hands from statement to statement.
    create type identity.seat as (
      record_id bigint,
      juke_id uuid,
      rule text                          -- the scheme that links it, or 'minted'; null when it is a member already
    );
    create type identity.reference as (
      scheme text,                       -- 'uuid' when nothing says whose uuid it is
      value text,                        -- canonical
      kinds catalog.entity_kind[]        -- what it may name, the likeliest first; null when it does not say
    );
    create type identity.resolution_status as enum (
      'found', 'redirected', 'deleted', 'ambiguous', 'not_found', 'invalid');
    comment on type identity.resolution_status is
      'found · redirected (was merged; juke_id is the survivor) · deleted (a tombstone) · ambiguous (things of several kinds carry this id: say which kind) · not_found · invalid (not a reference)';
    create type identity.resolution as (
      ref text,
      status identity.resolution_status,
      juke_id uuid,
      kind catalog.entity_kind,
      rule text,
      scheme text,
      value text
    );
  `);
}

export async function down(sql: Sql): Promise<void> {
  await sql.unsafe(/* sql */ `
    drop type identity.resolution, identity.resolution_status, identity.reference, identity.seat, identity.claim cascade;
    drop table identity.external_id, identity.membership, identity.url_pattern, identity.scheme;
    drop type identity.exclusivity;
  `);
}
