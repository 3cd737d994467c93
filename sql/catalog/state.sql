-- catalog.state(juke_ids) → each entity as JSON, with its version: jukeId, kind, version, status, mergedInto, displayName, mbid; the
-- columns of its kind, named as in GraphQL; externalIds, aliases, credits, genres, images; parents of a genre; media, tracks, labels and
-- releaseEvents of a release; works of a track; relations of an artist, as its own records have them; rights and copyrights; chapters
-- and transcripts. What is not known and lists that are empty are left out. In the order of the ids;
-- no row for an id that no entity has.
-- The same version is the same JSON: nothing is read that the feed does not capture (feed/triggers.sql), other entities are named by
-- their key alone, and each list has an order of its own.
-- Example: select state from catalog.state(array['0190…']::uuid[])
create or replace function catalog.state(juke_ids uuid[])
returns table (juke_id uuid, version int, state jsonb)
language plpgsql
stable
parallel safe
rows 1000
set search_path = pg_catalog, pg_temp
set timezone = 'UTC' -- of published_at
set extra_float_digits = 1 -- of weights
set plan_cache_mode = force_custom_plan
as $$
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
$$;

comment on function catalog.state(uuid[]) is
  E'@behavior -*\nEntities as JSON, each with its version: the same version is the same JSON.';
