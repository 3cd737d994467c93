-- feed.lag(p_consumer) → how far behind a consumer is, or all are: in events, and in seconds since the oldest unread one's transaction began (0: nothing
-- is unread; null: its place is lost, and problem says why). Counting reads the index of what is unread.
-- Errors: JB303 on a standby, JB306 no such consumer.
-- Example: select * from feed.lag() order by events desc
create or replace function feed.lag(p_consumer text default null)
returns table (consumer text, paused boolean, events bigint, seconds double precision, acked_at timestamptz, problem text)
language plpgsql
stable
rows 10
security definer -- whoever may call it needs no right to the tables
set search_path = pg_catalog, pg_temp
set enable_seqscan = off -- what is unread is found by the index, however much the plan expects
as $$
#variable_conflict use_column
declare
  v_now constant pg_snapshot := feed.current_snapshot();
  v_consumer feed.consumer;
  v_place feed.place;
begin
  perform feed.refuse_unreadable();
  for v_consumer in
    select c.* from feed.consumer c where p_consumer is null or c.consumer = p_consumer order by c.consumer
  loop
    consumer := v_consumer.consumer;
    paused := v_consumer.paused;
    acked_at := v_consumer.acked_at;
    events := null;
    seconds := null;
    problem := null;
    begin
      v_place := feed.decode_cursor(v_consumer.cursor);
      select count(*), coalesce(extract(epoch from clock_timestamp() - min(b.at)), 0)
      into events, seconds
      from feed.batch(v_place.from_snapshot, v_now) b
      where v_place.to_snapshot is null
        or b.id > v_place.after_id
        or not pg_visible_in_snapshot(b.xid, v_place.to_snapshot);
    exception when sqlstate 'JB301' or sqlstate 'JB302' or sqlstate 'JB305' then
      problem := format('%s: %s', sqlstate, sqlerrm);
    end;
    return next;
  end loop;
  if p_consumer is not null and not found then
    raise exception 'no consumer %', p_consumer
      using errcode = 'JB306', detail = 'No consumer of the feed has this name.', hint = 'feed.lag() shows those there are.';
  end if;
end
$$;

comment on function feed.lag(text) is 'How far behind the named consumers are, in events and seconds.';
