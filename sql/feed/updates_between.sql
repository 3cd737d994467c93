-- feed.updates_between(since, until, limit, cursor) → the events of the transactions that began in [since, until) and have finished, in
-- the order of each entity's changes, at most limit (1 to 10,000). For people who think in time; until null: up to now.
-- cursor: null, or the next_cursor of the last row of the page before; the window is read as it was when its first page was.
-- With until null the last row's cursor is one of feed.updates too, and goes on with whatever is committed after that: nothing is missed.
-- Errors: JB301 not a cursor of such a page, JB302, JB303, JB304 limit out of range, JB305 events of the window were dropped, JB308 until is not after since,
-- 40001 some of it was dropped meanwhile.
-- Example: select at, op, kind, juke_id from feed.updates_between(now() - interval '1 hour')
create or replace function feed.updates_between(
  since timestamptz, until timestamptz default null, "limit" int default 100, cursor text default null
)
returns setof feed.update
language plpgsql
stable
rows 100
security definer -- readers of the feed need no right to the event table
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  v_until constant timestamptz := coalesce(updates_between.until, 'infinity');
  v_retention feed.retention;
  v_place feed.place;
  v_catalog text;
  v_end text;
begin
  perform feed.refuse_unreadable();
  perform feed.check_limit("limit");
  if updates_between.since is null or v_until <= updates_between.since then
    raise exception 'no time lies between % and %', coalesce(updates_between.since::text, 'null'), v_until
      using errcode = 'JB308', detail = 'The window begins at since and ends before until.', hint = 'Pass a since that is before until.';
  end if;
  select r.* into v_retention from feed.retention r;
  if updates_between.since < v_retention.dropped_until then
    raise exception 'events since % are not kept any more', updates_between.since
      using errcode = 'JB305', detail = format('Those before %s were dropped.', v_retention.dropped_until),
        hint = format('Ask for a window that begins at %s or later.', v_retention.dropped_until);
  end if;

  if updates_between.cursor is null then
    v_place := feed.here();
    v_place := row (null, v_place.from_snapshot, v_place.next_xid, v_place.last_id, 0, null)::feed.place;
  else
    v_place := feed.decode_cursor(updates_between.cursor, false); -- the window has its own limit
    if v_place.to_snapshot is null then
      return; -- the last page had everything
    elsif not feed.covers(feed.current_snapshot(), v_place.to_snapshot) then
      raise exception 'the window was first read later than this transaction sees'
        using errcode = 'serialization_failure', detail = 'Its first page was read by another transaction, after this one took its snapshot.',
          hint = 'Read the next page in a new transaction, or at read committed.';
    end if;
  end if;
  v_end := feed.encode_cursor(row (v_place.to_snapshot, null, v_place.next_xid, v_place.last_id, null, null)::feed.place);
  v_catalog := split_part(v_end, '/', 1);

  return query
    select
      case when p.is_last and v_until = 'infinity' then v_end
        else feed.seal(concat_ws('/', v_catalog, 'o' || v_retention.drops, v_place.to_snapshot, v_place.next_xid, v_place.last_id, p.id)) end,
      p.id, p.at, p.kind, p.juke_id, p.op, p.version, p.changed, p.actor, p.delivery_id
    from (
      select v.*, lead(v.id) over (order by v.id) is null as is_last, row_number() over (order by v.id) as nth
      from (
        select v.*
        from feed.event v
        where v.at >= updates_between.since and v.at < v_until
          and v.id > v_place.after_id
          and pg_visible_in_snapshot(v.xid, v_place.to_snapshot)
        order by v.id
        limit "limit" + 1
      ) v
    ) p
    where p.nth <= "limit"
    order by p.id;
  perform feed.refuse_dropped();
end
$$;

comment on function feed.updates_between(timestamptz, timestamptz, int, text) is
  E'@behavior -*\nWhat was changed by the transactions that began within a window of time.';
