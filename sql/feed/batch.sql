-- feed.batch(from, to) → the events whose transactions finished between two snapshots: none missed, none twice.
-- Either the transaction began after the first snapshot, or it was still running in it. What still runs is not looked for: it may have written much. The idea is PgQ's (2007).
create or replace function feed.batch(p_from pg_snapshot, p_to pg_snapshot)
returns setof feed.event
language sql
stable
rows 1000
as $$
  select v.*
  from feed.event v
  where v.xid >= pg_snapshot_xmax(p_from)
    and v.xid < pg_snapshot_xmax(p_to)
    and pg_visible_in_snapshot(v.xid, p_to)
  union all
  select v.*
  from feed.event v
  where v.xid = any (array(select x.xid from pg_snapshot_xip(p_from) x (xid) where pg_visible_in_snapshot(x.xid, p_to)))
$$;

comment on function feed.batch(pg_snapshot, pg_snapshot) is
  'The events of the transactions that finished between two snapshots.';
