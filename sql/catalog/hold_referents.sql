-- catalog.hold_referents(statements): what these statements refer to is held before it is looked up, tombstones too: whoever moves, merges,
-- deletes or restores it at the same moment is waited for, or waits and then finds these references.
create or replace function catalog.hold_referents(p_statements catalog.statement[])
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
as $$
declare
  v_referents constant bigint[] := array(
    with said as materialized (
      -- Many say the same of genres: it is taken apart once.
      select distinct s.source, s.key, s.value
      from unnest(p_statements) s
      where jsonb_typeof(s.value) in ('object', 'array')
    ),
    reference as materialized (
      select distinct s.source, t.kind, t.id
      from said s
      cross join lateral ingest.referents(jsonb_build_object(s.key, s.value)) t
    )
    select r.record_id
    from reference f
    cross join lateral (
      select r.record_id
      from ingest.record r
      where r.source_record_id = f.id and r.kind = f.kind and r.source = f.source
      offset 0 -- by the index, however many the planner expects
    ) r
  );
  v_held uuid[] := '{}';
  v_found uuid[];
begin
  loop
    v_found := array(
      select distinct m.juke_id
      from identity.membership m
      where m.record_id = any (v_referents) and m.juke_id <> all (v_held)
    );
    exit when v_found = '{}';
    perform from catalog.entity e where e.juke_id = any (v_found) order by e.juke_id for key share;
    v_held := v_held || v_found;
  end loop;
end
$$;

comment on function catalog.hold_referents(catalog.statement[]) is 'Holds what statements refer to against whoever would move, merge or delete it.';
