-- feed.reset(consumer, cursor): puts a consumer to another place, forward or back: to the oldest event that is kept (null), to this moment
-- (feed.head()), or to where feed.bootstrap says.
-- Errors: JB301, JB302, JB305 of the cursor, JB306 no such consumer.
create or replace function feed.reset(consumer text, cursor text default null)
returns void
language plpgsql
volatile
security definer -- whoever may call it needs no right to the tables
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
  perform feed.known_consumer(reset.consumer);
  update feed.consumer c
  set cursor = feed.encode_cursor(feed.decode_cursor(reset.cursor)), acked_at = null
  where c.consumer = reset.consumer;
end
$$;

comment on function feed.reset(text, text) is 'Puts a named consumer to another place in the feed.';
