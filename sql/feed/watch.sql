-- feed.watch(seen, for, every): for a while looks at the end of the feed every so often and sends one NOTIFY jukebase_feed for all that was
-- committed meanwhile. For the notifier, the one process that notifies: a writer that did it would serialise its commit with all others.
-- seen: the snapshot up to which all is announced; null announces at once. Call it again with what it returns.
-- The loop is here and not in the client because it turns a thousand times a second.
create or replace procedure feed.watch(inout seen pg_snapshot, p_for interval, p_every interval)
language plpgsql -- without a search_path of its own: a procedure that has one cannot commit
as $$
declare
  v_end constant timestamptz := pg_catalog.clock_timestamp() + p_for;
  v_every constant double precision := extract(epoch from p_every);
  v_now pg_snapshot;
begin
  loop
    v_now := pg_catalog.pg_current_snapshot();
    if seen is null
      or v_now::text <> seen::text and exists (select from feed.batch(seen, v_now))
    then
      perform pg_catalog.pg_notify('jukebase_feed', '');
    end if;
    seen := v_now;
    commit;
    exit when pg_catalog.clock_timestamp() >= v_end;
    perform pg_catalog.pg_sleep(v_every);
  end loop;
end
$$;

comment on procedure feed.watch(pg_snapshot, interval, interval) is 'Sends one NOTIFY jukebase_feed for whatever was committed meanwhile.';
