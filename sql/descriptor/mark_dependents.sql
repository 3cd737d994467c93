-- descriptor.mark_dependents(juke_ids): the documents that quote the names of these entities are stale.
create or replace function descriptor.mark_dependents(p_juke_ids uuid[])
returns void
language sql
volatile
as $$
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
$$;

comment on function descriptor.mark_dependents(uuid[]) is 'Marks the documents that quote the names of these entities as stale.';
