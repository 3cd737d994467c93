-- feed.here() → the place of this moment, for the snapshot of the calling statement.
-- An event that is visible drew its id before the snapshot was taken; a transaction that gets its own id later draws higher ones.
create or replace function feed.here()
returns feed.place
language sql
stable
as $$
  select row (
    s.now, null, feed.next_xid(pg_snapshot_xmax(s.now)),
    coalesce((select v.id from feed.event v order by v.id desc limit 1), 0), null, null
  )::feed.place
  from (select feed.current_snapshot() as now) s
$$;

comment on function feed.here() is 'The place of this moment in the feed.';
