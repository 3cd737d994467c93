-- feed.pause(consumer): feed.poll returns nothing to it until feed.resume. Its place stays; retention does not wait for it.
-- Errors: JB306 no such consumer.
create or replace function feed.pause(consumer text)
returns void
language plpgsql
volatile
security definer -- whoever may call it needs no right to the tables
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
  perform feed.known_consumer(pause.consumer);
  update feed.consumer c set paused = true where c.consumer = pause.consumer;
end
$$;

comment on function feed.pause(text) is 'Gives a named consumer nothing until it is resumed.';
