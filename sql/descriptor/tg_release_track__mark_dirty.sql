-- Statement triggers on catalog.release_track: a change of a track list is an event of the release alone, but the documents
-- of the recordings and videos quote the release.
create or replace function descriptor.tg_release_track__mark_dirty()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op <> 'DELETE' then
    insert into descriptor.dirty (juke_id)
    select coalesce(n.track_id, n.video_id) from new_rows n;
  end if;
  if tg_op <> 'INSERT' then
    insert into descriptor.dirty (juke_id)
    select coalesce(o.track_id, o.video_id) from old_rows o;
  end if;
  return null;
end
$$;

create or replace trigger _600_mark_dirty_insert after insert on catalog.release_track
  referencing new table as new_rows for each statement execute function descriptor.tg_release_track__mark_dirty();
create or replace trigger _600_mark_dirty_update after update on catalog.release_track
  referencing new table as new_rows old table as old_rows
  for each statement execute function descriptor.tg_release_track__mark_dirty();
create or replace trigger _600_mark_dirty_delete after delete on catalog.release_track
  referencing old table as old_rows for each statement execute function descriptor.tg_release_track__mark_dirty();
