-- feed.begin_anew(retention) → feed.event when it was emptied: its events come from another cluster, by a dump. Their transaction ids mean nothing here.
create or replace function feed.begin_anew(p_kept feed.retention)
returns setof text
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  v_cluster constant bigint := (select c.system_identifier from pg_catalog.pg_control_system() c);
begin
  if p_kept.cluster <> v_cluster then
    truncate feed.event;
    update feed.retention r
    set cluster = v_cluster, drops = 0, dropped_xid = null, dropped_id = null, dropped_until = null, dropped_at = null;
    return next 'feed.event';
  end if;
end
$$;

comment on function feed.begin_anew(feed.retention) is 'Empties a feed that was restored from another cluster.';
