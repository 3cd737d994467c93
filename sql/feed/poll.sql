-- feed.poll(consumer, limit) → the next events of a named consumer, at most limit (1 to 10,000); none when it is paused. Its place stays until feed.ack.
-- The consumer is locked for the rest of the transaction. So when poll, work and ack are one transaction, the effect of each event happens exactly once,
-- whatever fails; when they are not, a session that has fallen behind is refused by ack.
-- Errors: JB302, JB305 its place was lost (feed.reset), JB303 on a standby, JB304 limit out of range, JB306 no such consumer.
-- Example: begin; select * from feed.poll('warehouse', 500); …; select feed.ack('warehouse', '…'); commit
create or replace function feed.poll(consumer text, "limit" int default 100)
returns setof feed.update
language plpgsql
volatile
rows 100
security definer -- whoever may call it needs no right to the tables
set search_path = pg_catalog, pg_temp
as $$
declare
  v_consumer constant feed.consumer := feed.known_consumer(poll.consumer);
begin
  perform feed.check_limit("limit");
  if v_consumer.paused then
    return;
  end if;
  -- A statement of its own, after the lock: it sees what the session that held it has committed.
  return query select u.* from feed.updates(v_consumer.cursor, "limit") u;
end
$$;

comment on function feed.poll(text, int) is 'The next events of a named consumer.';
