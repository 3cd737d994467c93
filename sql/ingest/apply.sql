-- ingest.apply(delivery_id, records, first, positions, checksums) → what became of a batch: store → link → mint → project, in the caller's
-- transaction. records: a JSON array in the shape of formats/record.schema.json. A batch is a fixed number of statements; a thousand to a few
-- thousand records are a good size. The same batch again changes nothing and leaves no event.
-- Record n stands at position positions[n] of its delivery (they need not follow each other), or first + n - 1; without either after all
-- that was applied of the delivery before, which is right for batches that are applied one after the other. What an older delivery says,
-- or the same one at an earlier position, never overrules what a newer one has said: so the batches of a delivery may be applied side by side and
-- in any order. See ingest.restate.
-- checksums: of record n, computed by the client: md5, as uuid, of the JSON text of the record with kind, id and scope, by one rule for
-- all deliveries; it is kept as it is and compared by ingest.differing. Null: not known.
-- placeholders: entities that are only referred to so far.
-- Errors: JB201 bad record, JB202 unknown identifier scheme, JB204 unknown delivery.
-- Example: select * from ingest.apply(7, '[{"kind":"track","id":"t1","title":"Airbag"}]', 1)
create or replace function ingest.apply(
  p_delivery_id bigint, p_records jsonb, p_first bigint default null, p_positions bigint[] default null, p_checksums uuid[] default null,
  out records int, out new int, out changed int, out unchanged int,
  out entities_minted int, out entities_changed int, out placeholders int
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
set enable_seqscan = on -- see catalog.plan_once
as $$
declare
  v_stored record;
  v_source text;
  v_alone ingest.arrival[];
  v_plain ingest.arrival[];
  v_others bigint[];
  v_juke_ids uuid[];
  v_rest uuid[];
  v_linked record;
  v_scheme text;
  v_schemes constant text[] := array(select s.scheme from identity.scheme s);
  v_attempt int := 1;
  v_delivery_before constant text := coalesce(current_setting('jukebase.delivery', true), '');
begin
  perform set_config('jukebase.delivery', p_delivery_id::text, true); -- what the events name: feed.origin
  v_stored := ingest.store(p_delivery_id, p_records, p_first, p_positions, p_checksums);
  records := v_stored.records;
  new := v_stored.new;
  changed := v_stored.changed;
  unchanged := v_stored.unchanged;
  entities_minted := 0;
  entities_changed := 0;
  placeholders := 0;
  if new = 0 and changed = 0 then
    perform set_config('jukebase.delivery', v_delivery_before, true);
    return;
  end if;
  select d.source into v_source from ingest.delivery d where d.delivery_id = p_delivery_id;
  if exists (select from ingest.quality_rule q where q.source = v_source) then
    perform ingest.grade(v_stored.record_ids || array(select a.record_id from unnest(v_stored.arrivals) a));
  end if;

  select k.scheme into v_scheme
  from (
    select a.said from unnest(v_stored.arrivals) a
    union all
    select ingest.effective(r.body, r.mention) from ingest.record r where r.record_id = any (v_stored.record_ids)
  ) s
  cross join lateral jsonb_object_keys((nullif(s.said -> 'ids', 'null')) - v_schemes) k (scheme)
  limit 1;
  if found then
    raise exception 'unknown identifier scheme "%"', v_scheme
      using errcode = 'JB202',
        detail = format('Known schemes: %s.', (select string_agg(s.scheme, ', ' order by s.rank) from identity.scheme s)),
        hint = 'Correct the key under "ids", or add a row to identity.scheme.';
  end if;

  loop
    begin
      -- Most of what is new shares no id with anything: that takes a shorter way to the same end.
      v_alone := identity.link_alone(v_source, v_stored.arrivals, v_stored.record_ids);
      entities_minted := cardinality(v_alone);
      v_others := v_stored.record_ids || array(
        select a.record_id from unnest(v_stored.arrivals) a
        except
        select a.record_id from unnest(v_alone) a
      );
      v_juke_ids := '{}';
      if v_others <> '{}' then
        v_linked := identity.link(v_others);
        entities_minted := entities_minted + v_linked.minted;
        v_juke_ids := v_linked.juke_ids;
      end if;
      begin
        v_plain := catalog.project_alone(v_source, v_alone, v_juke_ids = '{}');
        v_rest := v_juke_ids || array(
          select a.juke_id from unnest(v_alone) a except select a.juke_id from unnest(v_plain) a
        );
        if v_rest <> '{}' then
          perform catalog.project(v_rest);
        end if;
        perform catalog.project_alone_parts(v_source, v_plain);
      exception when foreign_key_violation then
        -- Another session merges or deletes what one of them refers to: there are attempts left on the other way.
        perform catalog.project(v_juke_ids || array(select a.juke_id from unnest(v_alone) a));
      end;
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

  if v_juke_ids <> '{}' then
    select count(*) into entities_changed
    from feed.event v
    where v.xid = pg_current_xact_id_if_assigned() and v.at = now() and v.changed is not null and v.juke_id = any (v_juke_ids);
  end if;
  select count(*) into placeholders from unnest(v_stored.arrivals) a where a.said is null;
  perform set_config('jukebase.delivery', v_delivery_before, true);
end
$$;

comment on function ingest.apply(bigint, jsonb, bigint, bigint[], uuid[]) is
  'Takes a batch of records through store, link, mint and project in one transaction; the same batch again changes nothing.';
