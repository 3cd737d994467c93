-- feed.refuse_dropped(): raises 40001 when a partition that the calling statement should see has been dropped meanwhile: the snapshot still has it,
-- and it read nothing there. For whoever reads in a snapshot that is older than the drop, or waited for it.
create or replace function feed.refuse_dropped()
returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
  if exists (
    select from pg_catalog.pg_inherits i
    where i.inhparent = 'feed.event'::regclass and pg_relation_size(i.inhrelid) is null -- looks at what there is now
  )
  then
    raise exception 'events were dropped while they were read'
      using errcode = 'serialization_failure', detail = 'feed.maintain() has dropped what is older than the feed is kept.',
        hint = 'Read again, in a new transaction.';
  end if;
end
$$;

comment on function feed.refuse_dropped() is 'Refuses what was read while some of it was dropped.';
