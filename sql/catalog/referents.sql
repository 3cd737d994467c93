-- requires: catalog/tg_part__hold_referents.sql
-- The triggers that keep what is referred to from being merged or deleted unnoticed.
do $do$
declare
  r record;
begin
  for r in
    select *
    from (values
      ('credit', '{contributor_id}'::text[]),
      ('entity_genre', '{genre_id}'),
      ('genre_parent', '{parent_id}'),
      ('release_track', '{track_id,video_id}'),
      ('release_label', '{label_id}'),
      ('track_work', '{work_id}'),
      ('artist_relation', '{artist_id,related_id}'),
      ('release', '{album_id}'),
      ('label', '{parent_id}'),
      ('video', '{track_id}'),
      ('episode', '{podcast_id}'),
      ('audiobook', '{book_id}')
    ) t (name, columns)
  loop
    execute format(
      'create or replace trigger _300_hold_referents_insert after insert on catalog.%I
       referencing new table as new_rows for each statement execute function catalog.tg_part__hold_referents(%s)',
      r.name, (select string_agg(quote_literal(c), ', ') from unnest(r.columns) c));
    execute format(
      'create or replace trigger _300_hold_referents_update after update on catalog.%I
       referencing new table as new_rows for each statement execute function catalog.tg_part__hold_referents(%s)',
      r.name, (select string_agg(quote_literal(c), ', ') from unnest(r.columns) c));
  end loop;
end
$do$;
