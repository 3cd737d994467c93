-- identity.split(entity, records, reason) → the operation; its changed_entity is the new entity that these records now make up.
-- The old id stays with the records that are not named: name those that leave.
-- Errors: JB151 no such entity, JB152 merged or deleted, JB158 records that are not its own, or all of them.
-- Example: select operation_id from identity.split('0190…', array[17, 18]::bigint[], 'two singers of one name')
create or replace function identity.split(entity uuid, records bigint[], reason text default null)
returns identity.operation
language plpgsql
volatile
security definer -- an editor needs no right to the tables
set search_path = ''
set plan_cache_mode = force_custom_plan
as $$
declare
  v_operation identity.operation;
  v_records constant bigint[] := array(select distinct r from unnest(records) r where r is not null);
  v_strays bigint[];
  v_new catalog.entity;
  v_referrers uuid[];
begin
  perform identity.seize(array[entity], identity.record_keys(v_records));
  v_strays := array(
    select r.record_id
    from unnest(v_records) r (record_id)
    where not exists (
      select from identity.membership m where m.record_id = r.record_id and m.juke_id = entity
    )
    order by r.record_id
  );
  if v_records = '{}' or v_strays <> '{}' or not exists (
    select from identity.membership m where m.juke_id = entity and m.record_id <> all (v_records)
  ) then
    raise exception 'cannot split % by these records', entity
      using errcode = 'JB158',
        detail = case
          when v_records = '{}' then 'No record is named.'
          when v_strays <> '{}' then format('Not its records: %s.', left(array_to_string(v_strays, ', '), 500))
          else 'All its records are named: nothing would remain.'
        end,
        hint = 'identity.how lists the records of an entity.';
  end if;
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

  perform identity.settle(array[entity, v_new.juke_id], v_records, v_referrers);
  perform feed.mark(array[entity], 'split');
  return v_operation;
end
$$;

comment on function identity.split(uuid, bigint[], text) is
  E'@name split\n@resultFieldName operation\nTakes records out of an entity and makes a new one of them; `how` lists the records. `undo` takes it back. At most 10,000 records. Errors: JB151, JB152, JB158.';
