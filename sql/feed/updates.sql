-- feed.updates(cursor, limit) → the events after a cursor, in the order of each entity's changes, at most limit (1 to 10,000).
-- Each row carries the cursor that continues right after it; no row means nothing new: keep the cursor.
-- A null cursor begins at the oldest event. Only on the primary: a standby does not know which transactions still run.
-- Errors: JB301 not a cursor, JB302 another cluster's cursor, JB303 on a standby, JB304 limit out of range.
-- Example: select next_cursor, op, kind, juke_id, version, changed from feed.updates(null, 10)
create or replace function feed.updates(cursor text default null, "limit" int default 100)
returns setof feed.update
language plpgsql
stable
rows 100
security definer -- readers of the feed need no right to the event table
set search_path = ''
as $$
declare
  v_after record;
  v_now pg_snapshot;
begin
  if pg_is_in_recovery() then
    raise exception 'the feed cannot be read on a standby'
      using errcode = 'JB303', detail = 'A standby does not know which transactions are still running on the primary.',
        hint = 'Connect to the primary.';
  end if;
  if "limit" is null or "limit" not between 1 and 10000 then
    raise exception 'limit is out of range: %', coalesce("limit"::text, 'null')
      using errcode = 'JB304', hint = 'Ask for 1 to 10,000 events.';
  end if;
  v_after := feed.decode_cursor(updates.cursor);

  -- The rest of a batch that an earlier page began.
  if v_after.to_snapshot is not null then
    return query
      select
        case when p.is_last then feed.encode_cursor(v_after.to_snapshot)
          else feed.encode_cursor(v_after.from_snapshot, v_after.to_snapshot, p.id) end,
        p.id, p.at, p.kind, p.juke_id, p.op, p.version, p.changed
      from feed.page(v_after.from_snapshot, v_after.to_snapshot, v_after.after_id, "limit") p
      order by p.id;
    if found then
      return;
    end if;
    v_after.from_snapshot := v_after.to_snapshot;
  end if;

  -- This function is stable: every query in it sees the snapshot of the statement that called it.
  v_now := feed.current_snapshot();
  return query
    select
      case when p.is_last then feed.encode_cursor(v_now) else feed.encode_cursor(v_after.from_snapshot, v_now, p.id) end,
      p.id, p.at, p.kind, p.juke_id, p.op, p.version, p.changed
    from feed.page(v_after.from_snapshot, v_now, 0, "limit") p
    order by p.id;
end
$$;

comment on function feed.updates(text, int) is
  E'@fieldName updates\n@behavior -connection +list\n@notNull\nWhat has changed after a cursor, at most `limit` (1 to 10,000, default 100): one update for an entity and transaction, each with the cursor that continues after it. None: nothing is new, keep the cursor. Without a cursor: from the oldest on. Errors: JB301 not a cursor, JB302 the cursor of another database, JB304 limit out of range.';
