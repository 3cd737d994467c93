-- feed.known_consumer(consumer) → its row, its name locked until the end of the transaction: of two sessions, one works for a consumer at a time.
-- An advisory lock, and not one on the row: whoever polls and finds nothing writes nothing, and waits for no disk.
-- Errors: JB306 no such consumer.
create or replace function feed.known_consumer(p_consumer text)
returns feed.consumer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  v_consumer feed.consumer;
begin
  perform pg_advisory_xact_lock(hashtextextended('jukebase feed.consumer ' || p_consumer, 0));
  -- A statement of its own, after the lock: it sees what the session that held it has committed.
  select c.* into v_consumer from feed.consumer c where c.consumer = p_consumer;
  if not found then
    raise exception 'no consumer %', coalesce(p_consumer, 'null')
      using errcode = 'JB306', detail = 'No consumer of the feed has this name.', hint = 'Add it: feed.add_consumer; feed.lag() shows those there are.';
  end if;
  return v_consumer;
end
$$;

comment on function feed.known_consumer(text) is 'A consumer of the feed, locked for the transaction.';
