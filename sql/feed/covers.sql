-- feed.covers(later, earlier) → whether all that was finished in the earlier snapshot is finished in the later one.
create or replace function feed.covers(p_later pg_snapshot, p_earlier pg_snapshot)
returns boolean
language sql
immutable
as $$
  select pg_snapshot_xmax(p_later) >= pg_snapshot_xmax(p_earlier)
    and not exists (
      select from pg_snapshot_xip(p_later) x (xid) where pg_visible_in_snapshot(x.xid, p_earlier)
    )
$$;

comment on function feed.covers(pg_snapshot, pg_snapshot) is 'Whether all that was finished in one snapshot is finished in another.';
