-- catalog.entity_by_mbid(mbid, kind) → the entity that carries this MusicBrainz id, redirects followed.
-- kind: needed only where MusicBrainz uses one id for two kinds here (a recording that is a track and a video).
-- Errors: JB102 when it is needed and missing.
-- Example: select display_name from catalog.entity_by_mbid('a74b1b7f-71a5-4011-9441-d0b5e4122711')
create or replace function catalog.entity_by_mbid(mbid uuid, kind catalog.entity_kind default null)
returns catalog.entity
language sql
stable
parallel safe
as $$
  select e.* from catalog.entity_by_ref(concat_ws(':', 'mbid', kind, mbid)) e
$$;

comment on function catalog.entity_by_mbid(uuid, catalog.entity_kind) is
  'The entity that carries this MusicBrainz id. The kind is needed only where one id names two things, as a recording that is a track and a video.';
