-- ingest.fold(records, first, positions, checksums) → all that a batch says of each record, one row per (kind, id), in key order;
-- what is only referred to has a row that says nothing.
-- records: a JSON array in the shape of formats/record.schema.json. Record n stands at position positions[n] of its delivery, or
-- first + n - 1: a full record makes those before it void, a partial one lays its keys over them. checksums: see ingest.apply.
-- Errors: JB201 when it is no array, or an element has no known kind, no id, an unknown scope, ids that are no object, or
-- refers to something without a known kind and an id.
create or replace function ingest.fold(
  p_records jsonb, p_first bigint default 1, p_positions bigint[] default null, p_checksums uuid[] default null
)
returns setof ingest.statement
language plpgsql
stable
rows 1000
set search_path = pg_catalog, pg_temp
as $$
declare
  v_kinds constant text[] := enum_range(null::catalog.entity_kind);
  v_references jsonb[];
  v_bad record;
begin
  if jsonb_typeof(p_records) is distinct from 'array' then
    raise exception 'the batch is no list of records'
      using errcode = 'JB201', detail = coalesce(left(p_records::text, 200), 'null'), hint = 'Pass a JSON array of objects.';
  end if;

  select r.n, r.value into v_bad
  from jsonb_array_elements(p_records) with ordinality r (value, n)
  where jsonb_typeof(r.value) <> 'object'
    or coalesce(r.value ->> 'kind' <> all (v_kinds), true)
    or coalesce(jsonb_typeof(r.value -> 'id') <> 'string', true)
    or octet_length(r.value ->> 'id') not between 1 and 2000
    or coalesce(r.value ->> 'scope', 'full') not in ('full', 'partial', 'mention')
    or jsonb_typeof(r.value -> 'ids') not in ('object', 'null')
  limit 1;
  if found then
    raise exception 'record % of the batch has no usable kind, id, scope or ids', v_bad.n
      using errcode = 'JB201', detail = left(v_bad.value::text, 200),
        hint = 'Needed are kind (one of catalog.entity_kind), id (text) and, if at all, scope full, partial or mention, and ids by scheme.';
  end if;

  v_references := array(
    select distinct o.value
    from jsonb_array_elements(p_records) r
    cross join lateral (
      select jsonb_path_query(r.value, '$.* ? (exists (@.kind) && exists (@.id))')
      union all
      select jsonb_path_query(r.value, '$.*[*].* ? (exists (@.kind) && exists (@.id))')
    ) o (value)
  );
  select o.value into v_bad
  from unnest(v_references) o (value)
  where coalesce(o.value ->> 'kind' <> all (v_kinds), true)
    or jsonb_typeof(o.value -> 'id') <> 'string'
    or octet_length(o.value ->> 'id') not between 1 and 2000
  limit 1;
  if found then
    raise exception 'a record of the batch refers to something without a usable kind or id'
      using errcode = 'JB201', detail = left(v_bad.value::text, 200),
        hint = 'A reference has a kind (one of catalog.entity_kind) and an id (text).';
  end if;

  return query
    with element as materialized (
      select (e.value ->> 'kind')::catalog.entity_kind as kind, e.value ->> 'id' as id, coalesce(e.value ->> 'scope', 'full') as scope,
        case e.value ->> 'scope' when 'partial' then ingest.flat_ids(e.value - '{kind,id,scope}'::text[]) else e.value - '{kind,id,scope}'::text[] end as body, coalesce(p_positions[e.n], p_first + e.n - 1) as position,
        p_checksums[e.n] as checksum, count(*) over (partition by e.value ->> 'id', e.value ->> 'kind') as times
      from jsonb_array_elements(p_records) with ordinality e (value, n)
    ),
    repeated as (
      select e.*, max(e.position) filter (where e.scope = 'full') over (partition by e.kind, e.id) as last_full
      from element e
      where e.times > 1
    )
    select e.kind, e.id,
      case when e.scope = 'full' then e.body end, case when e.scope = 'full' then e.position end,
      case when e.scope = 'partial' then e.body end,
      case when e.scope = 'partial' then ingest.positions_of(e.body, e.position) end,
      case when e.scope = 'mention' then nullif(e.body, '{}') end,
      case when e.scope <> 'mention' then e.position end, case when e.scope <> 'mention' then e.checksum end,
      case when e.scope = 'mention' and e.checksum is not null then array[e.checksum] end
    from element e
    where e.times = 1
    union all
    select e.kind, e.id,
      (array_agg(e.body order by e.position desc) filter (where e.scope = 'full'))[1], max(e.last_full),
      case when bool_or(e.is_laid_over) then ingest.overlaid(e.body order by e.position) filter (where e.is_laid_over) end,
      case
        when bool_or(e.is_laid_over)
        then ingest.overlaid(ingest.positions_of(e.body, e.position) order by e.position) filter (where e.is_laid_over)
      end,
      nullif(ingest.merged_mentions(e.body) filter (where e.scope = 'mention'), '{}'),
      max(e.position) filter (where e.scope <> 'mention'),
      (array_agg(e.checksum order by e.position desc) filter (where e.scope <> 'mention'))[1],
      array_agg(distinct e.checksum) filter (where e.scope = 'mention' and e.checksum is not null)
    from (
      select r.*, r.scope = 'partial' and r.position > coalesce(r.last_full, r.position - 1) as is_laid_over from repeated r
    ) e
    group by e.kind, e.id
    union all
    select f.kind, f.id, null, null, null, null, null, null, null, null
    from (
      select distinct (o.value ->> 'kind')::catalog.entity_kind as kind, o.value ->> 'id' as id from unnest(v_references) o (value)
    ) f
    where not exists (select from element e where e.id = f.id and e.kind = f.kind);
end
$$;

comment on function ingest.fold(jsonb, bigint, bigint[], uuid[]) is
  'All that a batch says of each record, and a row that says nothing for what they only refer to.';
