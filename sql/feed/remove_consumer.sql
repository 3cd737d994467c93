-- feed.remove_consumer(consumer): forgets a consumer and its place.
-- Errors: JB306 no such consumer.
create or replace function feed.remove_consumer(consumer text)
returns void
language plpgsql
volatile
security definer -- whoever may call it needs no right to the tables
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
  perform feed.known_consumer(remove_consumer.consumer);
  delete from feed.consumer c where c.consumer = remove_consumer.consumer;
end
$$;

comment on function feed.remove_consumer(text) is 'Forgets a named consumer.';
