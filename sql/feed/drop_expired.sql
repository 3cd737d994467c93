-- feed.drop_expired() → the partitions that were dropped, because they end longer ago than feed.retention.keep, the oldest first. What they held is
-- remembered by its last transaction and event: a cursor before those is refused from now on.
-- As long as a transaction runs that is as old as one of their events, they stay: a cursor of now could not tell whether it has read it.
create or replace function feed.drop_expired()
returns table (done text, partition text)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  v_old record;
  v_xid xid8;
  v_id bigint;
begin
  for v_old in
    select p.partition, p.until
    from feed.partitions() p, feed.retention r
    where p.until <= now() - r.keep
    order by p.until
  loop
    partition := v_old.partition::text;
    begin
      -- Nobody writes there but a transaction that is older still; then look what there is, before readers are kept out.
      execute format('lock table %s in share mode', v_old.partition);
      execute format('select max(v.xid), max(v.id) from %s v', v_old.partition) into v_xid, v_id;
      if v_xid >= pg_snapshot_xmin(pg_current_snapshot()) then
        done := 'postponed';
      else
        execute format('drop table %s', v_old.partition);
        update feed.retention r
        set drops = r.drops + (v_xid is not null)::int, -- of an empty one nobody misses anything
          dropped_xid = greatest(r.dropped_xid, v_xid), dropped_id = greatest(r.dropped_id, v_id),
          dropped_until = greatest(r.dropped_until, v_old.until), dropped_at = clock_timestamp();
        done := 'dropped';
      end if;
    exception when lock_not_available then
      done := 'postponed'; -- the next run tries again
    end;
    return next;
    exit when done = 'postponed';
  end loop;
end
$$;

comment on function feed.drop_expired() is 'Drops the partitions of the feed that are older than it is kept.';
