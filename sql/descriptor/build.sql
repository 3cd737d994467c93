-- descriptor.build(juke_ids) → the search document of each active entity, computed from the catalog.
-- A: its name · B: aliases, sort name, the names of those credited · C: genres, labels, related artists, and what it belongs to (album,
-- podcast, book) · D: disambiguation, place, author, description. So a track is found by artist, album and genre.
-- Of each part the beginning, so that whatever a source says fits into a tsvector: it holds 1 MB, a letter takes up to
-- 4 bytes, and twice that in compound-words.
create or replace function descriptor.build(p_juke_ids uuid[])
returns table (juke_id uuid, kind catalog.entity_kind, name text, tsv tsvector, checksum uuid)
language sql
stable
rows 500
as $$
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
$$;

comment on function descriptor.build(uuid[]) is 'The search documents of entities, computed from the catalog.';
