-- feed.announce(cursor) → the cursor of this moment; sends one NOTIFY jukebase_feed when something came after the old one.
-- For the notifier, the one process that notifies: a writer that did it would serialise its commit with all others.
create or replace function feed.announce(cursor text)
returns text
language plpgsql
volatile
set search_path = ''
as $$
declare
  v_after constant record := feed.decode_cursor(announce.cursor);
  v_now constant pg_snapshot := feed.current_snapshot();
begin
  if exists (select from feed.batch(v_after.from_snapshot, v_now)) then
    perform pg_notify('jukebase_feed', '');
  end if;
  return feed.encode_cursor(v_now);
end
$$;

comment on function feed.announce(text) is 'Sends one NOTIFY jukebase_feed when something has happened since the cursor; returns the new one.';
