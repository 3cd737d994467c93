-- feed.current_snapshot() → the snapshot of the calling statement, with the caller's own transaction counted as running.
-- pg_current_snapshot() counts it as finished: a cursor taken from it would skip what the transaction writes later.
-- From its xmax on a snapshot shows nothing as finished, so an own transaction from there on needs no mention. To raise the xmax to it would
-- show as finished the others between, which run.
create or replace function feed.current_snapshot()
returns pg_snapshot
language sql
stable
as $$
  select case
    when pg_current_xact_id_if_assigned() < pg_snapshot_xmax(s.now) then format(
      '%s:%s:%s',
      least(pg_snapshot_xmin(s.now), pg_current_xact_id_if_assigned()),
      pg_snapshot_xmax(s.now),
      (
        select string_agg(x.xid::text, ',' order by x.xid)
        from (select pg_snapshot_xip(s.now) union select pg_current_xact_id_if_assigned()) x (xid)
      )
    )::pg_snapshot
    else s.now
  end
  from (select pg_current_snapshot() as now) s
$$;

comment on function feed.current_snapshot() is 'The snapshot of the calling statement, its own transaction counted as running.';
