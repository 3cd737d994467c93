-- feed.decode_cursor(cursor) → (from, to, after_id); null reads from the beginning of the feed.
-- Errors: JB301 not a cursor, JB302 a cursor of another cluster, or one that is ahead of this cluster.
create or replace function feed.decode_cursor(
  p_cursor text, out from_snapshot pg_snapshot, out to_snapshot pg_snapshot, out after_id bigint
)
language plpgsql
stable
set search_path = ''
as $$
declare
  v_parts constant text[] := regexp_match(
    p_cursor, '^([0-9]{1,20})/([0-9]+:[0-9]+:[0-9,]*)(?:/([0-9]+:[0-9]+:[0-9,]*)/([0-9]{1,19}))?$');
  v_cluster constant text := (select c.system_identifier from pg_catalog.pg_control_system() c);
begin
  if p_cursor is null then
    from_snapshot := '3:3:'; -- the first transaction of any cluster
    return;
  end if;
  if v_parts is null then
    raise exception 'not a feed cursor: %', left(p_cursor, 100)
      using errcode = 'JB301', hint = 'Pass back, unchanged, a cursor that feed.updates returned, or null to begin.';
  elsif v_parts[1] <> v_cluster then
    raise exception 'the cursor belongs to another database cluster'
      using errcode = 'JB302', detail = format('It was issued by cluster %s; this is cluster %s.', v_parts[1], v_cluster),
        hint = 'After a restore, begin again from a full read of the catalog.';
  end if;
  from_snapshot := v_parts[2]::pg_snapshot;
  to_snapshot := v_parts[3]::pg_snapshot;
  after_id := v_parts[4]::bigint;
  begin
    -- Raises for a transaction that has not begun: the snapshot is one of this cluster before it was set back.
    perform pg_xact_status((pg_snapshot_xmax(coalesce(to_snapshot, from_snapshot))::text::numeric - 1)::text::xid8);
  exception when invalid_parameter_value then
    raise exception 'the cursor is ahead of this database cluster'
      using errcode = 'JB302', detail = 'It names transactions that have not begun here: the cluster was set back to an earlier moment.',
        hint = 'After a restore, begin again from a full read of the catalog.';
  end;
exception when invalid_text_representation or numeric_value_out_of_range then
  raise exception 'not a feed cursor: %', left(p_cursor, 100)
    using errcode = 'JB301', hint = 'Pass back, unchanged, a cursor that feed.updates returned, or null to begin.';
end
$$;

comment on function feed.decode_cursor(text) is 'Reads a feed cursor; refuses what is none and what comes from another cluster.';
