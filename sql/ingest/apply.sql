-- ingest.apply(delivery_id, records) → what became of a batch: store → link → mint → project, in the caller's transaction.
-- records: a JSON array in the shape of formats/record.schema.json. A batch is a fixed number of statements; a few
-- hundred to a few thousand records are a good size. The same batch again changes nothing and leaves no event.
-- placeholders: entities that are only referred to so far.
-- Errors: JB201 bad record, JB202 unknown identifier scheme, JB204 unknown delivery.
create or replace function ingest.apply(
  p_delivery_id bigint, p_records jsonb,
  out records int, out new int, out changed int, out unchanged int,
  out entities_minted int, out entities_changed int, out placeholders int
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  v_stored record;
  v_linked record;
  v_scheme text;
  v_attempt int := 1;
  v_delivery_before constant text := coalesce(current_setting('jukebase.delivery', true), '');
begin
  perform set_config('jukebase.delivery', p_delivery_id::text, true); -- what the events name: feed.origin
  v_stored := ingest.store(p_delivery_id, p_records);
  records := v_stored.records;
  new := v_stored.new;
  changed := v_stored.changed;
  unchanged := v_stored.unchanged;

  select distinct k.scheme into v_scheme
  from ingest.record r
  cross join lateral jsonb_object_keys(nullif(ingest.effective(r.body, r.mention) -> 'ids', 'null')) k (scheme)
  where r.record_id = any (v_stored.record_ids)
    and not exists (select from identity.scheme s where s.scheme = k.scheme)
  limit 1;
  if found then
    raise exception 'unknown identifier scheme "%"', v_scheme
      using errcode = 'JB202',
        detail = format('Known schemes: %s.', (select string_agg(s.scheme, ', ' order by s.rank) from identity.scheme s)),
        hint = 'Correct the key under "ids", or add a row to identity.scheme.';
  end if;

  loop
    begin
      v_linked := identity.link(v_stored.record_ids);
      entities_minted := v_linked.minted;
      perform catalog.project(v_linked.juke_ids);
      exit;
    exception when sqlstate 'JB109' or deadlock_detected then
      -- Another session has bound an id or moved a record first, or waits for this one. All locks are released now, and what
      -- it has done can be seen and locked in order.
      if v_attempt = 20 then
        raise;
      end if;
      v_attempt := v_attempt + 1;
      perform pg_sleep(0.05 * random()); -- or this session would take its locks again before those who wait for them wake up
    end;
  end loop;

  select count(*) into entities_changed
  from feed.event v
  where v.xid = pg_current_xact_id_if_assigned() and v.at = now() and v.changed is not null and v.juke_id = any (v_linked.juke_ids);
  select count(*) into placeholders
  from ingest.record r
  where r.record_id = any (v_stored.record_ids) and r.body is null and r.mention is null;
  perform set_config('jukebase.delivery', v_delivery_before, true);
end
$$;

comment on function ingest.apply(bigint, jsonb) is
  'Takes a batch of records through store, link, mint and project in one transaction; the same batch again changes nothing.';
