-- feed.maintain(patience) → what was done, a row each: 'made' a partition ahead of time, 'filed' what had none of its own, 'dropped' what is older than
-- feed.retention.keep, 'emptied' the feed that was restored from another cluster, 'postponed' what a running transaction did not allow.
-- To run every hour or so (the task feed/maintain does); any number at once; again, it does nothing. Nothing is ever deleted row by row.
-- patience: how long to wait for those who read or write the feed at this moment; as long those who come later wait.
-- Errors: JB174 not at read committed.
-- Example: select * from feed.maintain()
create or replace function feed.maintain(patience interval default '200 ms')
returns table (done text, partition text)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set lock_timeout = '200ms'
as $$
declare
  v_kept feed.retention;
begin
  perform identity.require_read_committed();
  perform set_config('lock_timeout', greatest(1, (1000 * extract(epoch from patience))::int)::text, true); -- until this function ends
  select r.* into v_kept from feed.retention r for update skip locked;
  if not found then
    return; -- another session does it
  end if;
  begin
    return query select 'emptied', t from feed.begin_anew(v_kept) t;
  exception when lock_not_available then
    return query select 'postponed', 'feed.event';
    return;
  end;
  return query select f.done, f.partition from feed.file_default() f;
  return query select f.done, f.partition from feed.make_ahead(v_kept.width) f;
  return query select f.done, f.partition from feed.drop_expired() f;
end
$$;

comment on function feed.maintain(interval) is 'Makes the partitions of the feed ahead of time and drops those that are too old.';
