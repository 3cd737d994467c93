-- feed.maintain() → what was done, a row each: 'made' a partition ahead of time, 'filed' what had none of its own, 'dropped' what is older than
-- feed.retention.keep, 'emptied' the feed that was restored from another cluster, 'postponed' what a running transaction did not allow.
-- To run every hour or so (the task feed/maintain does); any number at once; again, it does nothing. Nothing is ever deleted row by row.
-- What waits for a lock gives up after 200 ms, so as to hold up no writer.
-- Example: select * from feed.maintain()
create or replace function feed.maintain()
returns table (done text, partition text)
language plpgsql
volatile
set search_path = ''
set lock_timeout = '200ms'
as $$
declare
  v_kept feed.retention;
begin
  select r.* into v_kept from feed.retention r for update skip locked;
  if not found then
    return; -- another session does it
  end if;
  return query select 'emptied', t from feed.begin_anew(v_kept) t;
  return query select f.done, f.partition from feed.file_default() f;
  return query select f.done, f.partition from feed.make_ahead(v_kept.width) f;
  return query select f.done, f.partition from feed.drop_expired() f;
end
$$;

comment on function feed.maintain() is 'Makes the partitions of the feed ahead of time and drops those that are too old.';
