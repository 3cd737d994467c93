-- feed.decode_cursor(cursor) → the place; null is the oldest event that is kept.
-- Errors: JB301 not a cursor, JB302 a cursor of another cluster, or one that is ahead of this cluster, JB305 what follows it is not kept any more.
create or replace function feed.decode_cursor(p_cursor text)
returns feed.place
language plpgsql
stable
set search_path = ''
as $$
declare
  v_parts constant text[] := regexp_match(
    p_cursor,
    '^(([0-9]{1,20})/([0-9]+:[0-9]+:[0-9,]*)/(?:([0-9]+:[0-9]+:[0-9,]*)/)?([0-9]{1,20})/([0-9]{1,19})(?:/([0-9]{1,19}))?)/[0-9a-f]{8}$');
  v_cluster constant bigint := (select c.system_identifier from pg_catalog.pg_control_system() c);
  v_kept feed.retention;
  v_place feed.place;
begin
  select r.* into v_kept from feed.retention r;
  if v_kept.cluster <> v_cluster then
    raise exception 'the feed was restored from another database cluster'
      using errcode = 'JB302', detail = format('Its events are those of cluster %s; this is cluster %s.', v_kept.cluster, v_cluster),
        hint = 'Call feed.maintain(), which begins a new feed; consumers begin again from a full read: feed.bootstrap.';
  end if;
  if p_cursor is null then
    v_place.from_snapshot := format('%1$s:%1$s:', coalesce(v_kept.dropped_xid::text::numeric + 1, 3)); -- 3 is the first of any cluster
    v_place.next_xid := pg_snapshot_xmax(v_place.from_snapshot);
    v_place.last_id := 0;
    return v_place;
  end if;

  if v_parts is null or (v_parts[4] is null) <> (v_parts[7] is null) or feed.seal(v_parts[1]) <> p_cursor then
    raise exception 'not a feed cursor: %', left(p_cursor, 100)
      using errcode = 'JB301', detail = case when v_parts is null then 'It is not of that form.' else 'Its check sum is wrong.' end,
        hint = 'Pass back, unchanged, a cursor that the feed returned, or null to begin.';
  elsif v_parts[2] <> v_cluster::text then
    raise exception 'the cursor belongs to another database cluster'
      using errcode = 'JB302', detail = format('It was issued by cluster %s; this is cluster %s.', v_parts[2], v_cluster),
        hint = 'Begin again from a full read of the catalog: feed.bootstrap.';
  end if;
  v_place.from_snapshot := v_parts[3]::pg_snapshot;
  v_place.to_snapshot := v_parts[4]::pg_snapshot;
  v_place.next_xid := v_parts[5]::xid8;
  v_place.last_id := v_parts[6]::bigint;
  v_place.after_id := v_parts[7]::bigint;
  begin
    -- Raises for a transaction that has not begun: the snapshot is one of this cluster before it was set back.
    perform pg_xact_status((pg_snapshot_xmax(coalesce(v_place.to_snapshot, v_place.from_snapshot))::text::numeric - 1)::text::xid8);
  exception when invalid_parameter_value then
    raise exception 'the cursor is ahead of this database cluster'
      using errcode = 'JB302', detail = 'It names transactions that have not begun here: the cluster was set back to an earlier moment.',
        hint = 'After a restore, begin again from a full read of the catalog: feed.bootstrap.';
  end;

  -- What was dropped has been read when its last transaction was finished then; within a batch, when its last event was read.
  if v_kept.dropped_xid >= pg_snapshot_xmin(v_place.from_snapshot)
    and (
      v_place.to_snapshot is null
      or v_kept.dropped_xid >= pg_snapshot_xmin(v_place.to_snapshot)
      or v_kept.dropped_id > v_place.after_id
    )
  then
    raise exception 'the cursor has expired'
      using errcode = 'JB305',
        detail = format('Events that follow it were dropped at %s: they are kept for %s.', v_kept.dropped_at, v_kept.keep),
        hint = 'Begin again from a full read of the catalog: feed.bootstrap.';
  end if;
  return v_place;
exception when invalid_text_representation or numeric_value_out_of_range then
  raise exception 'not a feed cursor: %', left(p_cursor, 100)
    using errcode = 'JB301', detail = 'A number in it is out of range.',
      hint = 'Pass back, unchanged, a cursor that the feed returned, or null to begin.';
end
$$;

comment on function feed.decode_cursor(text) is
  'Reads a feed cursor; refuses what is none, what comes from another cluster, and what is older than the feed is kept.';
