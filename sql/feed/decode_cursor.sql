-- feed.decode_cursor(cursor, kept) → the place; null is the oldest event that is kept. With kept false a place is returned too when what follows it is not
-- kept any more.
-- Errors: JB301 not a cursor, JB302 a cursor of another database or one that is ahead of this one, JB303 on a standby, JB305 what follows it is not kept any more.
create or replace function feed.decode_cursor(p_cursor text, p_kept boolean default true)
returns feed.place
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
  v_parts constant text[] := regexp_match(
    p_cursor,
    '^(([0-9]{1,20}[.][0-9]{1,10})/(?:o([0-9]{1,9})|([0-9]+:[0-9]+:[0-9,]*))/(?:([0-9]+:[0-9]+:[0-9,]*)/)?([0-9]{1,20})/([0-9]{1,19})(?:/([0-9]{1,19}))?)/[0-9a-f]{8}$');
  v_retention feed.retention;
  v_place feed.place;
  v_is_lost boolean;
begin
  perform feed.refuse_unreadable();
  select r.* into v_retention from feed.retention r;
  if p_cursor is null then
    return row ('3:3:', null, '3', 0, null, v_retention.drops)::feed.place; -- 3 is the first transaction of any cluster
  end if;

  if v_parts is null or (v_parts[5] is null) <> (v_parts[8] is null) or feed.seal(v_parts[1]) <> p_cursor then
    raise exception 'not a feed cursor: %', left(p_cursor, 100)
      using errcode = 'JB301', detail = case when v_parts is null then 'It is not of that form.' else 'Its check sum is wrong.' end,
        hint = 'Pass back, unchanged, a cursor that the feed returned, or none to begin.';
  elsif v_parts[2] <> feed.catalog_name() then
    raise exception 'the cursor belongs to another database'
      using errcode = 'JB302', detail = format('It was issued by %s; this is %s (cluster and database).', v_parts[2], feed.catalog_name()),
        hint = 'Look whether this is the right server; after a restore, begin again from a full read of the catalog: feed.bootstrap, over HTTP GET /bootstrap.';
  end if;
  v_place.drops := v_parts[3]::int;
  v_place.from_snapshot := coalesce(v_parts[4], '3:3:')::pg_snapshot;
  v_place.to_snapshot := v_parts[5]::pg_snapshot;
  v_place.next_xid := v_parts[6]::xid8;
  v_place.last_id := v_parts[7]::bigint;
  v_place.after_id := v_parts[8]::bigint;
  begin
    -- Raises for a transaction that has not begun: the snapshot is one of this cluster before it was set back.
    perform pg_xact_status((pg_snapshot_xmax(coalesce(v_place.to_snapshot, v_place.from_snapshot))::text::numeric - 1)::text::xid8);
    if greatest(v_place.last_id, v_place.after_id) > (select s.last_value from feed.event_id_seq s) then
      raise invalid_parameter_value;
    end if;
  exception when invalid_parameter_value then
    raise exception 'the cursor is ahead of this database'
      using errcode = 'JB302', detail = 'It names transactions or events that have not begun here: the database was set back to an earlier moment.',
        hint = 'After a restore, begin again from a full read of the catalog: feed.bootstrap, over HTTP GET /bootstrap.';
  end;

  -- Whoever began at the oldest lost something when something was dropped since, that it had not come to.
  -- Whoever began at a snapshot has read what was dropped when the last transaction in it was finished then; within a batch, when its last event was read.
  v_is_lost := case
    when v_place.drops is not null
      then v_retention.drops > v_place.drops and v_retention.dropped_id > coalesce(v_place.after_id, 0)
    else v_retention.dropped_xid >= pg_snapshot_xmin(v_place.from_snapshot)
      and (
        v_place.to_snapshot is null
        or v_retention.dropped_xid >= pg_snapshot_xmin(v_place.to_snapshot)
        or v_retention.dropped_id > v_place.after_id
      )
  end;
  if p_kept and v_is_lost then
    raise exception 'the cursor has expired'
      using errcode = 'JB305',
        detail = format('Events that follow it were dropped at %s: they are kept for %s.', v_retention.dropped_at, v_retention.keep),
        hint = 'Begin again from a full read of the catalog: feed.bootstrap, over HTTP GET /bootstrap.';
  end if;
  return v_place;
exception when invalid_text_representation or numeric_value_out_of_range then
  raise exception 'not a feed cursor: %', left(p_cursor, 100)
    using errcode = 'JB301', detail = 'A number in it is out of range.',
      hint = 'Pass back, unchanged, a cursor that the feed returned, or none to begin.';
end
$$;

comment on function feed.decode_cursor(text, boolean) is
  'Reads a feed cursor; refuses what is none, what comes from another database, and what is older than the feed is kept.';
