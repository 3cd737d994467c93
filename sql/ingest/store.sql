-- ingest.store(delivery_id, records) → the records that are new or changed, and the counts.
-- What a record said before goes to ingest.record_version. A fixed number of statements, whatever the batch.
create or replace function ingest.store(
  p_delivery_id bigint, p_records jsonb,
  out record_ids bigint[], out records int, out new int, out changed int, out unchanged int
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
as $$
declare
  v_source constant text := (select d.source from ingest.delivery d where d.delivery_id = p_delivery_id);
  v_statements constant ingest.statement[] := array(select f from ingest.fold(p_records) f);
  v_new bigint[];
  v_stale bigint[];
begin
  if v_source is null then
    raise exception 'unknown delivery %', coalesce(p_delivery_id::text, 'null')
      using errcode = 'JB204', detail = 'ingest.delivery has no such id.', hint = 'Open it with ingest.open_delivery first.';
  end if;
  record_ids := '{}';
  new := 0;
  changed := 0;
  records := cardinality(v_statements);

  -- Insert what is not there, in key order, so that batches that meet wait for each other instead of deadlocking.
  -- Another session may insert the same record at this moment: then it is looked at below.
  with inserted as (
    insert into ingest.record (source, kind, source_record_id, checksum, body, mention, delivery_id)
    select v_source, s.kind, s.source_record_id, md5(concat(s.body, chr(10), s.mention))::uuid, s.body, s.mention, p_delivery_id
    from unnest(v_statements) s
    where not exists (
      select from ingest.record r
      where r.source_record_id = s.source_record_id and r.kind = s.kind and r.source = v_source
    )
    order by s.source_record_id, s.kind
    on conflict on constraint record_is_one_per_source_kind_and_id do nothing
    returning record_id
  )
  select coalesce(array_agg(i.record_id), '{}') into v_new from inserted i;

  -- Of the others, lock those that would change, in key order, and only those.
  select coalesce(array_agg(l.record_id), '{}') into v_stale
  from (
    select r.record_id
    from unnest(v_statements) s
    join ingest.record r
      on r.source_record_id = s.source_record_id and r.kind = s.kind and r.source = v_source
    cross join lateral ingest.restate(r.body, r.mention, s) n
    where r.record_id <> all (v_new)
      and n.checksum <> r.checksum
    order by r.source_record_id, r.kind
    for no key update of r
  ) l;

  if v_stale <> '{}' then
    -- Computed again from the locked rows: whoever held them may have changed them.
    with restated as (
      select r.record_id, n.body, n.mention, n.checksum
      from unnest(v_statements) s
      join ingest.record r
        on r.source_record_id = s.source_record_id and r.kind = s.kind and r.source = v_source
      cross join lateral ingest.restate(r.body, r.mention, s) n
      where r.record_id = any (v_stale)
        and n.checksum <> r.checksum
    ),
    kept as (
      insert into ingest.record_version (record_id, version, body, mention, delivery_id, changed_at)
      select r.record_id, r.version, r.body, r.mention, r.delivery_id, r.changed_at
      from restated n
      join ingest.record r on r.record_id = n.record_id
    ),
    updated as (
      update ingest.record r
      set body = n.body, mention = n.mention, checksum = n.checksum, version = r.version + 1,
        delivery_id = p_delivery_id, changed_at = now()
      from restated n
      where r.record_id = n.record_id
      returning r.record_id
    )
    select coalesce(array_agg(u.record_id), '{}') into v_stale from updated u;
  end if;

  record_ids := v_new || v_stale;
  new := cardinality(v_new);
  changed := cardinality(v_stale);
  unchanged := records - new - changed;
end
$$;

comment on function ingest.store(bigint, jsonb) is
  'Stores a batch of records; returns those that are new or changed and keeps what they said before.';
