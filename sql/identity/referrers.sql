-- identity.referrers(juke_ids) → the entities that refer to these in the catalog: by credit, genre, label, track list, work,
-- album, podcast, book, parent, relation between artists. They are projected anew when these move.
create or replace function identity.referrers(p_juke_ids uuid[])
returns uuid[]
language sql
stable
parallel safe
as $$
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
$$;

comment on function identity.referrers(uuid[]) is 'The entities that refer to these in the catalog.';
