-- feed.refuse_unreadable(): raises JB303 on a standby, which does not know which transactions are still running on the primary: there
-- pg_current_snapshot() shows none, and what they commit later would be taken for read. And JB302 when the events come from another cluster, by a
-- dump: their transaction ids mean nothing here.
create or replace function feed.refuse_unreadable()
returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
  v_cluster constant bigint := (select c.system_identifier from pg_catalog.pg_control_system() c);
  v_origin bigint;
begin
  if pg_is_in_recovery() then
    raise exception 'the feed cannot be read on a standby'
      using errcode = 'JB303', detail = 'A standby does not know which transactions are still running on the primary.',
        hint = 'Connect to the primary.';
  end if;
  select r.cluster into v_origin from feed.retention r;
  if v_origin <> v_cluster then
    raise exception 'the feed was restored from another database cluster'
      using errcode = 'JB302', detail = format('Its events are those of cluster %s; this is cluster %s.', v_origin, v_cluster),
        hint = 'Call feed.maintain(), which begins a new feed; consumers begin again from a full read: feed.bootstrap.';
  end if;
end
$$;

comment on function feed.refuse_unreadable() is 'Refuses to read the feed on a standby, and what was restored from another cluster.';
