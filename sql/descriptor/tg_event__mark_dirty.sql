-- Statement trigger on feed.event: every changed entity's document is stale. One insert per statement, no job, no NOTIFY.
create or replace function descriptor.tg_event__mark_dirty()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  insert into descriptor.dirty (juke_id)
  select n.juke_id from new_rows n;
  return null;
end
$$;

create or replace trigger _600_mark_dirty after insert on feed.event
  referencing new table as new_rows for each statement execute function descriptor.tg_event__mark_dirty();
