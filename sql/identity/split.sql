-- identity.split(entity, records, reason, expected_version) → the operation; identity.changed_entity has the new entity that these
-- records now make up (to be read by a statement of its own).
-- The old id stays with the records that are not named: name those that leave. The two are ruled to be different (identity.rule).
-- expected_version: the version the person has seen; null to do it whatever is there.
-- Errors: JB151 no such entity, JB152 merged or deleted, JB158 records that are not its own, or all of them, JB162 a stale version.
-- Example: select operation_id from identity.split('0190…', array[17, 18]::bigint[], 'two singers of one name')
create or replace function identity.split(
  entity uuid, records bigint[], reason text default null, expected_version int default null
)
returns identity.operation
language plpgsql
volatile
security definer -- an editor needs no right to the tables
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
as $$
declare
  v_operation identity.operation;
  v_records constant bigint[] := array(select distinct r from unnest(records) r where r is not null);
  v_new catalog.entity;
  v_referrers uuid[];
begin
  perform identity.check_split(entity, v_records, catalog.seen(entity, expected_version));
  v_referrers := identity.referrers_through(array[entity], v_records);

  insert into catalog.entity (kind, display_name)
  select e.kind, e.display_name from catalog.entity e where e.juke_id = entity
  returning * into v_new;
  insert into identity.operation (op, juke_id, actor, reason)
  values ('split', entity, identity.actor(), split.reason)
  returning * into v_operation;
  insert into identity.changed_entity (operation_id, juke_id, to_status)
  values (v_operation.operation_id, v_new.juke_id, 'active');

  insert into identity.moved_record (
    operation_id, record_id, from_juke_id, from_rule, from_since, from_evidence, to_juke_id
  )
  select v_operation.operation_id, m.record_id, m.juke_id, m.rule, m.since, m.evidence, v_new.juke_id
  from identity.membership m
  where m.record_id = any (v_records);
  update identity.membership m
  set juke_id = v_new.juke_id, rule = 'split', since = v_operation.at,
    evidence = jsonb_build_object('operation_id', v_operation.operation_id)
  where m.record_id = any (v_records);

  -- A person has told them apart: no later run joins them again, and nobody is asked whether they are one.
  perform identity.set_fact(entity, v_new.juke_id, 'cannot_link', v_operation.reason, v_operation.operation_id);

  perform identity.settle(array[entity, v_new.juke_id], v_records, v_referrers);
  perform feed.mark(array[entity], 'split');
  return v_operation;
end
$$;

comment on function identity.split(uuid, bigint[], text, int) is
  E'@name split\n@resultFieldName operation\nTakes records out of an entity and makes a new one of them; `how` lists the records. `undo` takes it back. At most 10,000 records. Errors: JB151, JB152, JB158, JB162 `expectedVersion` is stale.';
