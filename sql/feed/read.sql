-- feed.read(cursor, limit, kinds, until) → one row: the updates after a cursor, in the order of each entity's changes, at most limit (1 to 10,000), and
-- the cursor to go on from, which moves on also when nothing was of the wanted kinds (null: all).
-- until: a cursor from feed.head(): what was committed later is not read. Whoever reads to one and the same moment ends at one and the same cursor.
-- At repeatable read a cursor, or an until, that another session took later than this one's snapshot: no updates, and the cursor as it is.
-- Only on the primary: a standby does not know which transactions still run.
-- Errors: JB301 not a cursor, JB302 another database's cursor, JB303 on a standby, JB304 limit out of range, JB305 the cursor has expired,
-- 40001 some of it was dropped meanwhile.
-- Example: select next_cursor, cardinality(updates) from feed.read(null, 100, '{artist,track}')
create or replace function feed.read(
  cursor text default null, "limit" int default 100, kinds catalog.entity_kind[] default null, until text default null
)
returns table (next_cursor text, updates feed.update[])
language plpgsql
stable -- every query in it sees the snapshot of the statement that called it
rows 1
security definer -- readers of the feed need no right to the event table
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  v_place feed.place;
  v_to feed.place;
  v_now pg_snapshot;
  v_events feed.event[];
  v_within text; -- the cursor of an event within the batch, but for its id
begin
  perform feed.check_limit("limit");
  v_place := feed.decode_cursor(read.cursor);
  v_now := feed.current_snapshot();
  if until is not null then
    v_to := feed.decode_cursor(until);
    if v_to.to_snapshot is not null then
      raise exception 'not a moment of the feed: %', left(until, 100)
        using errcode = 'JB301', detail = 'It is a cursor within a batch.', hint = 'Pass what feed.head() returned.';
    end if;
  end if;
  if not feed.covers(v_now, coalesce(v_place.to_snapshot, v_to.from_snapshot, v_now)) then
    return query select read.cursor, '{}'::feed.update[]; -- at repeatable read: not all of the batch is to be seen yet
    return;
  end if;

  -- The rest of a batch that an earlier page began.
  if v_place.to_snapshot is not null then
    v_events := array(select p from feed.page(v_place, v_place.to_snapshot, "limit" + 1, kinds) p);
    if v_events = '{}' then
      v_place := row (v_place.to_snapshot, null, v_place.next_xid, v_place.last_id, null, null)::feed.place;
    end if;
  end if;
  if v_place.to_snapshot is null then
    if until is null and kinds is null then
      -- The last event of the batch takes the place of the last that is visible: a lower one is as right, and need not be looked for.
      v_to := row (v_now, null, feed.next_xid(pg_snapshot_xmax(v_now)), v_place.last_id, null, null)::feed.place;
    elsif until is null then
      v_to := feed.here();
    end if;
    if not feed.covers(v_to.from_snapshot, v_place.from_snapshot) or not feed.covers(v_now, v_to.from_snapshot) then
      return query select read.cursor, '{}'::feed.update[]; -- it is of a later moment
      return;
    end if;
    v_events := array(select p from feed.page(v_place, v_to.from_snapshot, "limit" + 1, kinds) p);
    v_place.to_snapshot := v_to.from_snapshot;
    v_place.next_xid := v_to.next_xid;
    v_place.last_id := v_to.last_id;
  end if;

  perform feed.refuse_dropped();
  if kinds is null and cardinality(v_events) <= "limit" then
    v_place.last_id := greatest(v_place.last_id, v_events[cardinality(v_events)].id);
  end if;

  next_cursor := feed.encode_cursor(row (v_place.to_snapshot, null, v_place.next_xid, v_place.last_id, null, null)::feed.place);
  v_within := concat_ws('/', split_part(next_cursor, '/', 1), coalesce('o' || v_place.drops, v_place.from_snapshot::text), v_place.to_snapshot, v_place.next_xid, v_place.last_id, '');
  updates := array(
    select row (
      case when e.nth = cardinality(v_events) then next_cursor else feed.seal(v_within || e.id) end,
      e.id, e.at, e.kind, e.juke_id, e.op, e.version, e.changed, e.actor, e.delivery_id
    )::feed.update
    from unnest(v_events) with ordinality e (
      id, xid, at, kind, juke_id, op, version, changed, actor, delivery_id, nth
    )
    where e.nth <= "limit"
    order by e.nth
  );
  if cardinality(v_events) > "limit" then
    next_cursor := updates["limit"].next_cursor;
  end if;
  return next;
end
$$;

comment on function feed.read(text, int, catalog.entity_kind[], text) is
  E'@behavior -*\nThe updates after a cursor, and the cursor to go on from.';
