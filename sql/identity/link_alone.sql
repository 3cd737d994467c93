-- identity.link_alone(source, arrivals, record_ids) → those of these new records that share no id with anything: with no entity, no other of them, and
-- none of the changed records of the same batch (record_ids). Each of them is an entity of its own now; juke_id names it.
-- What identity.link does for them comes to the same, in any order: nothing speaks for a link, nothing is contested, nobody is waited for.
-- Their ids are bound in one statement, so that two sessions that bind the same ids wait for each other in one order.
-- Errors: JB174 not at read committed, JB109 when another session binds one of the ids at the same time; to be called again after a rollback.
create or replace function identity.link_alone(p_source text, p_arrivals ingest.arrival[], p_record_ids bigint[])
returns ingest.arrival[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
set enable_seqscan = on -- see catalog.plan_once
as $$
declare
  v_claims constant identity.claim[] := array(select c from identity.arrival_claims(p_source, p_arrivals) c);
  v_taken bigint[];
  v_alone ingest.arrival[];
  v_at timestamptz;
  v_constraint text;
begin
  perform identity.require_read_committed();

  v_taken := array(
    select h.record_id
    from (
      select c.record_id, min(c.record_id) over same <> max(c.record_id) over same as is_shared
      from unnest(v_claims) c
      where c.value is not null
      window same as (partition by c.value, c.scheme, c.kind)
    ) h
    where h.is_shared
    union all
    select c.record_id
    from unnest(v_claims) c
    cross join lateral (
      select from identity.external_id x
      where x.external_id = c.value and x.source = c.scheme and x.kind = c.kind
      offset 0 -- by the key, however many the planner expects
    ) x
  );
  if p_record_ids <> '{}' then
    v_taken := v_taken || array(
      select c.record_id
      from identity.record_claims(p_record_ids) o
      join unnest(v_claims) c on c.value = o.value and c.scheme = o.scheme and c.kind = o.kind
    );
  end if;
  v_alone := array(
    select row (a.record_id, a.kind, a.source_record_id, a.said, identity.uuidv7())::ingest.arrival
    from unnest(p_arrivals) a
    where a.record_id <> all (v_taken)
    order by a.record_id
  );

  perform catalog.plan_once();
  insert into catalog.entity (juke_id, kind, display_name, mbid)
  select a.juke_id, a.kind,
    coalesce(case when a.kind in ('artist', 'label', 'genre') then a.said ->> 'name' else a.said ->> 'title' end, a.source_record_id),
    c.mbid
  from unnest(v_alone) a
  left join (
    select c.record_id, min(c.value)::uuid as mbid from unnest(v_claims) c where c.scheme = 'mbid' group by c.record_id
  ) c on c.record_id = a.record_id
  order by a.juke_id;

  v_at := clock_timestamp();
  insert into identity.membership (record_id, juke_id, rule, since)
  select a.record_id, a.juke_id, 'minted', v_at from unnest(v_alone) a order by a.record_id;

  begin
    insert into identity.external_id (external_id, source, kind, juke_id, record_id, since)
    select c.value, c.scheme, c.kind, a.juke_id, c.record_id, v_at
    from unnest(v_claims) c
    join unnest(v_alone) a on a.record_id = c.record_id
    where c.value is not null
    order by c.value, c.scheme, c.kind;
  exception when unique_violation then
    get stacked diagnostics v_constraint = constraint_name;
    if v_constraint <> 'external_id_pkey' then
      raise;
    end if;
    raise exception 'another session has bound one of the ids at this moment'
      using errcode = 'JB109', detail = 'A record of this batch may belong to its entity.',
        hint = 'Call it again: ingest.apply does.';
  end;

  perform identity.keep_invalid(array(
    select c from unnest(v_claims) c join unnest(v_alone) a on a.record_id = c.record_id where c.value is null
  ));
  return v_alone;
end
$$;

comment on function identity.link_alone(text, ingest.arrival[], bigint[]) is
  'Mints an entity for each new record that shares no id with anything.';
