-- feed.resume(consumer): takes back feed.pause.
-- Errors: JB306 no such consumer.
create or replace function feed.resume(consumer text)
returns void
language plpgsql
volatile
security definer -- whoever may call it needs no right to the tables
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
  perform feed.known_consumer(resume.consumer);
  update feed.consumer c set paused = false where c.consumer = resume.consumer;
end
$$;

comment on function feed.resume(text) is 'Lets a paused consumer go on.';
