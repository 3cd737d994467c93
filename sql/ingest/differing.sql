-- ingest.differing(delivery_id, kinds, ids, checksums, first) → which of these statements have to be applied, counted from 1, in order.
-- The others would change nothing and need not be sent: nothing is written for them but, at most, one row of ingest.repetition for
-- the whole call. To be called in a transaction of its own, before those to be applied are given to ingest.apply with their positions.
-- checksums: of each statement with kind, id and scope, as text, by one rule of the client's: md5 of its JSON, as uuid. ingest.apply is
-- given the same. first: the position of the first one in the delivery; the others follow it.
-- A statement need not be applied when
--   it is what its record was told by the statement with the highest rank, full or partial: at a lower rank it would be void, at a higher one
--     it says what stands; that it was said again is noted, so that what is older than this and still to come is recognised as such; or
--   it is a mention that the record has taken in (the last 16 different ones are known): mentions have no order.
-- Of a record that is stated several times in one call all statements are applied, unless none of them differs. One that is stated
-- several times in one delivery, at places that are asked about or applied at the same time by two sessions, needs them one after the other.
-- While another delivery of the source is being taken in, what would be noted is held: what that one is saying at this moment is waited for.
-- Errors: JB204 unknown delivery.
-- Example: select ingest.differing(7, '{track}', '{t1}', array[md5('{"kind":"track","id":"t1"}')::uuid], 1)  -- {1}
create or replace function ingest.differing(
  p_delivery_id bigint, p_kinds text[], p_ids text[], p_checksums uuid[], p_first bigint default 1
)
returns int[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
as $$
declare
  v_delivery ingest.delivery;
  v_stated_at timestamptz;
  v_differing int[];
  v_repeated int8multirange;
begin
  v_delivery := ingest.known_delivery(p_delivery_id);
  v_stated_at := ingest.age_of(v_delivery);

  -- A note and a change that do not see each other could both be made. Who starts a run waits for those who do not see it yet.
  perform pg_advisory_xact_lock_shared(ingest.lock_of_source(v_delivery.source));
  if exists (
    select
    from ops.run o
    join ingest.delivery d on d.delivery_id = o.delivery_id
    where o.status in ('queued', 'running') and o.task <> 'fetch' and o.delivery_id <> p_delivery_id and d.source = v_delivery.source
  ) then
    perform
    from ingest.record r
    where r.record_id = any (array(
      select r.record_id
      from unnest(p_kinds, p_ids, p_checksums) c (kind, id, checksum)
      cross join lateral (
        select r.record_id, r.statement_checksum
        from ingest.record r
        where r.source_record_id = c.id and r.kind = c.kind::catalog.entity_kind and r.source = v_delivery.source
        offset 0 -- by the index, however many the planner expects
      ) r
      where r.statement_checksum = c.checksum
    ))
    order by r.source_record_id, r.kind
    for share;
  end if;

  with compared as materialized (
    select c.n, c.kind, c.id, r.record_id, c.checksum = r.statement_checksum as is_highest,
      coalesce(c.checksum = r.statement_checksum or c.checksum = any (r.mention_checksums), false) as is_known,
      (v_stated_at, p_delivery_id, p_first + c.n - 1) > (r.stated_at, r.stated_in, r.position) as is_later
    from unnest(p_kinds, p_ids, p_checksums) with ordinality c (kind, id, checksum, n)
    left join lateral (
      select r.record_id, r.statement_checksum, r.mention_checksums, r.stated_at, r.stated_in, r.position
      from ingest.record r
      where r.source_record_id = c.id and r.kind = c.kind::catalog.entity_kind and r.source = v_delivery.source
      offset 0 -- by the index, however many the planner expects
    ) r on true
  ),
  unknown as (
    select distinct c.kind, c.id from compared c where not c.is_known
  )
  select coalesce(array_agg(c.n::int order by c.n) filter (where u.id is not null), '{}'),
    range_agg(int8range(c.record_id, c.record_id, '[]') order by c.record_id)
      filter (where u.id is null and c.is_highest and c.is_later)
  into v_differing, v_repeated
  from compared c
  left join unknown u on u.id = c.id and u.kind = c.kind;

  if v_repeated is not null then
    insert into ingest.repetition (delivery_id, stated_at, records, first_position, last_position)
    values (p_delivery_id, v_stated_at, v_repeated, p_first, p_first + cardinality(p_ids) - 1);
  end if;
  return v_differing;
end
$$;

comment on function ingest.differing(bigint, text[], text[], uuid[], bigint) is
  'Which statements of a delivery have to be applied; the others would change nothing and need not be sent.';
