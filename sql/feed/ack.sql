-- feed.ack(consumer, cursor): everything up to this cursor (a next_cursor of feed.poll) is done with. The same again is nothing.
-- Errors: JB301, JB302, JB305 of the cursor, JB306 no such consumer, JB307 the consumer is further already.
create or replace function feed.ack(consumer text, cursor text)
returns void
language plpgsql
volatile
security definer -- whoever may call it needs no right to the tables
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  v_consumer constant feed.consumer := feed.known_consumer(ack.consumer);
  v_new feed.place;
  v_old feed.place;
  v_is_further boolean;
begin
  if ack.cursor is null then
    raise exception 'not a feed cursor: null'
      using errcode = 'JB301', detail = 'What is acknowledged is everything up to a cursor.', hint = 'Pass the next_cursor of the last event that is done.';
  end if;
  v_new := feed.decode_cursor(ack.cursor);
  v_old := feed.decode_cursor(v_consumer.cursor, false); -- what it had read may be dropped since
  v_is_further := case
    when v_new.from_snapshot::text = v_old.from_snapshot::text and v_new.to_snapshot::text = v_old.to_snapshot::text
      then v_new.after_id >= v_old.after_id
    else feed.covers(v_new.from_snapshot, coalesce(v_old.to_snapshot, v_old.from_snapshot))
  end;
  if not v_is_further then
    raise exception 'consumer % is further already', ack.consumer
      using errcode = 'JB307', detail = format('It has acknowledged more, at %s.', v_consumer.acked_at),
        hint = 'Another session works for the same consumer: poll again. To go back on purpose: feed.reset.';
  end if;
  update feed.consumer c
  set cursor = ack.cursor, acked_at = clock_timestamp()
  where c.consumer = ack.consumer and c.cursor <> ack.cursor;
end
$$;

comment on function feed.ack(text, text) is 'Moves a named consumer on.';
