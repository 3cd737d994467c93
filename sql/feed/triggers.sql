-- requires: feed/tg_entity__capture.sql feed/tg_kind__capture.sql feed/tg_part__capture.sql feed/tg_captured__refuse_truncate.sql
-- The statement triggers of the feed: on the hub, on every kind, on every table of parts.
-- (Postgres allows one event per trigger that reads transition tables: three triggers a table.)
do $do$
declare
  r record;
begin
  for r in
    select 'catalog.entity' as table_name, 'feed.tg_entity__capture()' as call
    union all
    select format('catalog.%I', k), 'feed.tg_kind__capture()'
    from unnest(enum_range(null::catalog.entity_kind)) k
    union all
    select p.table_name, format('feed.tg_part__capture(%L, %L)', p.owner, p.attribute)
    from (values
      ('identity.external_id', 'juke_id', 'external_ids'),
      ('identity.membership', 'juke_id', 'records'),
      ('catalog.alias', 'juke_id', 'aliases'),
      ('catalog.credit', 'juke_id', 'credits'),
      ('catalog.entity_genre', 'juke_id', 'genres'),
      ('catalog.image', 'juke_id', 'images'),
      ('catalog.genre_parent', 'genre_id', 'parents'),
      ('catalog.release_medium', 'release_id', 'media'),
      ('catalog.release_track', 'release_id', 'tracks'),
      ('catalog.release_label', 'release_id', 'labels'),
      ('catalog.release_event', 'release_id', 'release_events'),
      ('catalog.track_work', 'track_id', 'works'),
      ('catalog.usage_right', 'juke_id', 'rights'),
      ('catalog.copyright', 'juke_id', 'copyrights'),
      ('catalog.artist_relation', 'juke_id', 'relations'),
      ('catalog.chapter', 'juke_id', 'chapters'),
      ('catalog.transcript', 'episode_id', 'transcripts')
    ) p (table_name, owner, attribute)
  loop
    execute format(
      'create or replace trigger _500_capture_insert after insert on %s
       referencing new table as new_rows for each statement execute function %s', r.table_name, r.call);
    execute format(
      'create or replace trigger _500_capture_update after update on %s
       referencing new table as new_rows old table as old_rows for each statement execute function %s',
      r.table_name, r.call);
    execute format(
      'create or replace trigger _500_capture_delete after delete on %s
       referencing old table as old_rows for each statement execute function %s', r.table_name, r.call);
    execute format(
      'create or replace trigger _100_refuse_truncate before truncate on %s
       for each statement execute function feed.tg_captured__refuse_truncate()', r.table_name);
  end loop;
end
$do$;
