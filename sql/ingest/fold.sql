-- ingest.fold(records) → one statement per (kind, id), in key order, and an empty mention of everything referred to.
-- records: a JSON array in the shape of formats/record.schema.json, in the order in which the source says them:
-- a full record makes those before it void, a partial one lays its keys over them.
-- Errors: JB201 when it is no array, or an element has no known kind, no id, an unknown scope, ids that are no object, or
-- refers to something without a known kind and an id.
create or replace function ingest.fold(p_records jsonb)
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
    select o.value
    from jsonb_array_elements(p_records) r
    cross join lateral jsonb_path_query(r.value, '$.* ? (exists (@.kind) && exists (@.id))') o (value)
    union
    select o.value
    from jsonb_array_elements(p_records) r
    cross join lateral jsonb_path_query(r.value, '$.*[*].* ? (exists (@.kind) && exists (@.id))') o (value)
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
      select r.n, (r.value ->> 'kind')::catalog.entity_kind as kind, r.value ->> 'id' as id,
        coalesce(r.value ->> 'scope', 'full') as scope, r.value - '{kind,id,scope}'::text[] as body
      from jsonb_array_elements(p_records) with ordinality r (value, n)
    ),
    reference as (
      select distinct o.value ->> 'kind' as kind, o.value ->> 'id' as id from unnest(v_references) o (value)
    ),
    said as (
      select e.*, max(e.n) filter (where e.scope = 'full') over (partition by e.kind, e.id) as last_full
      from element e
      union all
      select 0, r.kind::catalog.entity_kind, r.id, 'mention', '{}', null
      from reference r
    )
    select s.kind, s.id, bool_or(s.scope = 'full'),
      case when bool_or(s.scope <> 'mention')
        then ingest.overlaid(s.body order by s.n) filter (where s.scope <> 'mention' and s.n >= coalesce(s.last_full, 0))
      end,
      nullif(ingest.merged_mentions(s.body) filter (where s.scope = 'mention'), '{}')
    from said s
    group by s.kind, s.id
    order by s.id collate "C", s.kind;
end
$$;

comment on function ingest.fold(jsonb) is
  'A batch of records as one statement per record, with a mention of everything they refer to.';
