-- requires: catalog/tg_projected__guard.sql
-- The guards of what is computed. The hub and the ids take new rows: an entity or an id may be written by hand, and is then known
-- to be (identity.assertion).
do $do$
declare
  r record;
begin
  for r in
    select format('catalog.%I', t) as name, 'insert or update or delete' as events
    from unnest(
      enum_range(null::catalog.entity_kind)::text[]
      || '{alias,credit,entity_genre,genre_parent,image,release_medium,release_track,release_label,release_event,track_work}'::text[]
      || '{usage_right,copyright,artist_relation,chapter,transcript}'::text[]
    ) t
    union all
    select t, 'update or delete' from unnest('{catalog.entity,identity.external_id}'::text[]) t
  loop
    execute format(
      'create or replace trigger _100_guard before %s on %s
       for each statement execute function catalog.tg_projected__guard()', r.events, r.name);
  end loop;
end
$do$;
