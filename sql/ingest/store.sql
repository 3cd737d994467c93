-- ingest.store(delivery_id, records, first, positions, checksums) → the records that are new, with what is said of them, those that
-- have changed, and the counts. For the arguments see ingest.apply.
-- What a record said before goes to ingest.record_version, and so does an older full statement that comes late: it is kept, and
-- changes nothing. What only comes again leaves the records alone: see ingest.repetition. A fixed number of statements, whatever the batch.
create or replace function ingest.store(
  p_delivery_id bigint, p_records jsonb, p_first bigint default null, p_positions bigint[] default null, p_checksums uuid[] default null,
  out arrivals ingest.arrival[], out record_ids bigint[], out records int, out new int, out changed int, out unchanged int
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
set enable_seqscan = on -- see catalog.plan_once
as $$
declare
  v_delivery ingest.delivery;
  v_stated_at timestamptz;
  v_statements constant ingest.statement[] := array(
    select f
    from ingest.fold(
      p_records,
      coalesce(p_first, (extract(epoch from clock_timestamp()) * 1000000)::bigint), -- after all that was applied of it before
      p_positions, p_checksums
    ) f
  );
  v_source text;
  v_new bigint[];
  v_stale bigint[];
  v_repeated int8multirange;
begin
  v_delivery := ingest.known_delivery(p_delivery_id);
  v_source := v_delivery.source;
  v_stated_at := ingest.age_of(v_delivery);
  record_ids := '{}';
  changed := 0;
  records := cardinality(v_statements);

  -- Insert what is not there, in key order, so that batches that meet wait for each other instead of deadlocking.
  -- Another session may insert the same record at this moment: then it is looked at below.
  perform catalog.plan_once();
  with inserted as (
    insert into ingest.record (
      source, kind, source_record_id, checksum, body, mention, delivery_id,
      stated_at, stated_in, position, ranks, statement_checksum, mention_checksums
    )
    select v_source, s.kind, s.source_record_id, coalesce((n.record).checksum, md5(concat(s.full, chr(10), s.mention))::uuid),
      coalesce((n.record).body, s.full), s.mention, p_delivery_id,
      case when s.position is not null then v_stated_at end, case when s.position is not null then p_delivery_id end, s.position,
      (n.record).ranks, s.checksum, s.mention_checksums
    from unnest(v_statements) s
    cross join lateral (
      select case when s.partial is not null then (ingest.restate(null, s, v_stated_at, p_delivery_id, null)).restated end as record
      offset 0
    ) n
    where not exists (
      select from ingest.record r
      where r.source_record_id = s.source_record_id and r.kind = s.kind and r.source = v_source
    )
    order by s.source_record_id, s.kind
    on conflict on constraint record_is_one_per_source_kind_and_id do nothing
    returning record_id, kind, source_record_id, ingest.effective(body, mention) as said
  )
  select coalesce(array_agg(row (i.record_id, i.kind, i.source_record_id, i.said, null)::ingest.arrival), '{}') into arrivals
  from inserted i;
  perform catalog.plan_anew();
  new := cardinality(arrivals);
  v_new := array(select a.record_id from unnest(arrivals) a);

  if new < records then
    -- Of the others, lock those that would change or are said again, in key order, and only those; then look again: whoever held
    -- them may have changed them.
    for v_look in 1..2 loop
      select coalesce(array_agg(l.record_id) filter (where not l.is_repeated), '{}'),
        range_agg(int8range(l.record_id, l.record_id, '[]')) filter (where l.is_repeated)
      into v_stale, v_repeated
      from (
        select r.record_id, not w.is_other as is_repeated
        from unnest(v_statements) s
        join ingest.record r
          on r.source_record_id = s.source_record_id and r.kind = s.kind and r.source = v_source
        cross join lateral ingest.restate(r, s, v_stated_at, p_delivery_id, null) n
        cross join lateral (
          -- Said again as it stands, and nothing that is kept of it is other than it was but its rank.
          select n.is_late or not (
            r.ranks is null and (n.restated).ranks is null and (n.restated).checksum = r.checksum
            and (n.restated).statement_checksum is not distinct from r.statement_checksum
            and (n.restated).mention_checksums is not distinct from r.mention_checksums
          ) as is_other
        ) w
        where r.record_id <> all (v_new)
          and (v_look = 1 or r.record_id = any (v_stale) or v_repeated @> r.record_id)
          and (n.restated is distinct from r or n.is_late)
        order by r.source_record_id, r.kind
      ) l;
      exit when v_look = 2 or v_stale = '{}' and v_repeated is null;
      perform
      from ingest.record r
      where r.record_id = any (v_stale || array(select generate_series(lower(p), upper(p) - 1) from unnest(v_repeated) p))
      order by r.source_record_id, r.kind
      for no key update;
      exit when v_repeated is null;
    end loop;
  end if;

  if v_stale <> '{}' then
    -- Computed again from the locked rows: whoever held them may have changed them.
    with restated as (
      select r as before, n.restated as after, n.is_late, s.full, s.full_position
      from unnest(v_statements) s
      join ingest.record r
        on r.source_record_id = s.source_record_id and r.kind = s.kind and r.source = v_source
      cross join lateral (
        select t.*
        from ingest.restate(
          r, s, v_stated_at, p_delivery_id,
          case when ingest.rank(v_stated_at, p_delivery_id, s.position) > ingest.rank(r.stated_at, r.stated_in, r.position)
            then ingest.repeated_at(r) end
        ) t
        offset 0
      ) n
      where r.record_id = any (v_stale)
    ),
    late as (
      insert into ingest.record_version (record_id, version, body, delivery_id, changed_at, stated_at, stated_in, position)
      select (n.before).record_id, (n.before).version, n.full, p_delivery_id, now(), v_stated_at, p_delivery_id, n.full_position
      from restated n
      where n.is_late and (n.after).checksum = (n.before).checksum
        and not exists (
          select
          from ingest.record_version v
          where v.record_id = (n.before).record_id and v.stated_in = p_delivery_id and v.position = n.full_position
        )
      returning record_id
    ),
    kept as (
      insert into ingest.record_version (
        record_id, version, body, mention, delivery_id, changed_at, stated_at, stated_in, position
      )
      select (n.before).record_id, (n.before).version, (n.before).body, (n.before).mention, (n.before).delivery_id,
        (n.before).changed_at, (n.before).stated_at, (n.before).stated_in, (n.before).position
      from restated n
      where (n.after).checksum <> (n.before).checksum
      returning record_id
    ),
    updated as (
      update ingest.record r
      set body = (n.after).body, mention = (n.after).mention, checksum = (n.after).checksum,
        version = r.version + (coalesce(k.record_id, l.record_id) is not null)::int,
        delivery_id = case when k.record_id is not null then p_delivery_id else r.delivery_id end,
        changed_at = case when k.record_id is not null then now() else r.changed_at end,
        stated_at = (n.after).stated_at, stated_in = (n.after).stated_in, position = (n.after).position, ranks = (n.after).ranks,
        statement_checksum = (n.after).statement_checksum, mention_checksums = (n.after).mention_checksums
      from restated n
      left join kept k on k.record_id = (n.before).record_id
      left join late l on l.record_id = (n.before).record_id
      where r.record_id = (n.before).record_id
        and (l.record_id is not null or n.after is distinct from n.before)
      returning r.record_id, k.record_id is not null as is_changed
    )
    select coalesce(array_agg(u.record_id) filter (where u.is_changed), '{}') into record_ids from updated u;
  end if;
  if v_repeated is not null then
    insert into ingest.repetition (delivery_id, stated_at, records, first_position, last_position)
    select p_delivery_id, v_stated_at, v_repeated, min(s.position), max(s.position)
    from unnest(v_statements) s
    having max(s.position) is not null;
  end if;

  changed := cardinality(record_ids);
  unchanged := records - new - changed;
end
$$;

comment on function ingest.store(bigint, jsonb, bigint, bigint[], uuid[]) is
  'Stores a batch of records; returns those that are new or changed and keeps what they said before.';
