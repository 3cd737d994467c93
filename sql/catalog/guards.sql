-- requires: catalog/tg_kind__guard.sql
-- The guards of the projected tables.
do $do$
declare
  v_table text;
begin
  foreach v_table in array
    enum_range(null::catalog.entity_kind)::text[]
    || '{alias,credit,entity_genre,genre_parent,image,release_medium,release_track,release_label,release_event,track_work}'::text[]
  loop
    execute format(
      'create or replace trigger _100_guard before insert or update or delete on catalog.%I
       for each statement execute function catalog.tg_kind__guard()', v_table);
  end loop;
end
$do$;
