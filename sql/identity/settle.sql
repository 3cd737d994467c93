-- identity.settle(juke_ids, record_ids, referrers): after records have moved between entities, makes everything that
-- follows from membership right again: bindings, the entities themselves, those that refer to them. Merged and deleted
-- entities leave the catalog.
create or replace function identity.settle(p_juke_ids uuid[], p_record_ids bigint[], p_referrers uuid[])
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  v_affected uuid[] := p_juke_ids || p_referrers || identity.rebind(
    identity.record_keys(p_record_ids) || array(
      -- written by hand
      select row (x.external_id, x.source, x.kind)::identity.id_key
      from identity.external_id x
      where x.juke_id = any (p_juke_ids) and x.record_id is null
    )
  );
begin
  v_affected := array(select distinct a from unnest(v_affected) a);
  perform catalog.project(v_affected);
  perform catalog.unproject(array(
    select e.juke_id from catalog.entity e where e.juke_id = any (v_affected) and e.status <> 'active'
  ));
end
$$;

comment on function identity.settle(uuid[], bigint[], uuid[]) is
  'Makes bindings and projections right after records have moved between entities.';
