-- feed.add_consumer(consumer, after) → the consumer: a name for a place in the feed that the database keeps. Without a cursor it begins at the oldest event that
-- is kept; feed.head() begins with what comes. One that is there already is returned as it is.
-- The name is a lower-case word of at most 63 letters, digits and signs (_ . : -).
-- Errors: JB301, JB302, JB305 of the cursor, JB306 the name cannot be used.
-- Example: select * from feed.add_consumer('warehouse', feed.head())
create or replace function feed.add_consumer(consumer text, after text default null)
returns feed.consumer
language plpgsql
volatile
security definer -- whoever may call it needs no right to the table
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  v_consumer feed.consumer;
begin
  insert into feed.consumer (consumer, cursor)
  values (add_consumer.consumer, feed.encode_cursor(feed.decode_cursor(after)))
  on conflict (consumer) do nothing;
  select c.* into v_consumer from feed.consumer c where c.consumer = add_consumer.consumer;
  return v_consumer;
exception when check_violation or not_null_violation then
  raise exception 'not a name for a consumer: %', coalesce(left(add_consumer.consumer, 100), 'null')
    using errcode = 'JB306', detail = 'It is a lower-case word of at most 63 letters, digits and signs (_ . : -).',
      hint = 'Choose another name.';
end
$$;

comment on function feed.add_consumer(text, text) is 'Names a place in the feed that the database keeps.';
