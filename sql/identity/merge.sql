-- identity.merge(winner, losers, reason, expected_versions) → the operation. The records of the losers become the winner's; the losers redirect to
-- it, and so does what redirected to them: one hop for readers, the whole history in identity.operation.
-- Nothing is rewritten that cannot be put back: identity.undo takes the merge back, whole or one loser of it.
-- expected_versions: entities and the versions of them that the person has seen, whether they are concerned or not; null to do it
-- whatever is there.
-- Errors: JB151 no such entity, JB152 merged or deleted already, JB153 with itself, JB154 across kinds, JB155 special entity,
-- JB156 ruled to be different, JB157 nothing to merge, JB162 a stale version.
-- Example: select operation_id from identity.merge('0190…', array['0191…']::uuid[], 'same barcode')
create or replace function identity.merge(
  winner uuid, losers uuid[], reason text default null, expected_versions catalog.entity_version[] default null
)
returns identity.operation
language plpgsql
volatile
security definer -- an editor needs no right to the tables
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
as $$
declare
  v_losers constant uuid[] := array(select distinct l from unnest(losers) l where l is not null);
  v_all constant uuid[] := v_losers || winner;
  v_operation identity.operation;
  v_records bigint[];
  v_referrers uuid[];
begin
  perform identity.check_merge(winner, v_losers, expected_versions);
  v_referrers := identity.referrers(v_losers);
  perform identity.adopt(v_losers);

  insert into identity.operation (op, juke_id, actor, reason)
  values ('merge', winner, identity.actor(), merge.reason)
  returning * into v_operation;

  insert into identity.changed_entity (
    operation_id, juke_id, from_status, from_merged_into, to_status, to_merged_into
  )
  select v_operation.operation_id, e.juke_id, e.status, e.merged_into, 'merged', winner
  from catalog.entity e
  where e.juke_id = any (v_losers) or e.merged_into = any (v_losers);

  with moved as (
    insert into identity.moved_record (
      operation_id, record_id, from_juke_id, from_rule, from_since, from_evidence, to_juke_id
    )
    select v_operation.operation_id, m.record_id, m.juke_id, m.rule, m.since, m.evidence, winner
    from identity.membership m
    where m.juke_id = any (v_losers)
    returning record_id
  )
  select coalesce(array_agg(m.record_id), '{}') into v_records from moved m;

  update identity.membership m
  set juke_id = winner, rule = 'merge', since = v_operation.at,
    evidence = jsonb_build_object('operation_id', v_operation.operation_id)
  where m.record_id = any (v_records);

  update catalog.entity e
  set status = 'merged', merged_into = winner
  from identity.changed_entity c
  where c.operation_id = v_operation.operation_id and e.juke_id = c.juke_id;

  update identity.review v
  set status = 'settled', decided_at = clock_timestamp(), decided_by = 'jukebase', operation_id = v_operation.operation_id
  where v.status = 'open' and v.a_juke_id = any (v_all) and v.b_juke_id = any (v_all);

  perform identity.settle(v_all, v_records, v_referrers);
  return v_operation;
end
$$;

comment on function identity.merge(uuid, uuid[], text, catalog.entity_version[]) is
  E'@name merge\n@resultFieldName operation\nMerges entities into a winner: their records move, they redirect. `undo` takes it back exactly. At most 1,000 losers. Errors: JB151 to JB157, JB162 one of `expectedVersions` is stale.';
