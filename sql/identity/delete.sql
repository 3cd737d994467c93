-- identity.delete(entity, reason, expected_version) → the operation. The entity leaves the catalog and stays as a tombstone, and so does what was
-- merged into it: their ids resolve with status deleted, unless a living entity claims them too. The records stay with it, so
-- identity.undo brings it back as it was.
-- expected_version: the version the person has seen; null to do it whatever is there.
-- Errors: JB151 no such entity, JB152 merged or deleted already, JB155 special entity, JB162 a stale version.
-- Example: select operation_id from identity.delete('0190…', 'vandalism')
create or replace function identity.delete(entity uuid, reason text default null, expected_version int default null)
returns identity.operation
language plpgsql
volatile
security definer -- an editor needs no right to the tables
set search_path = pg_catalog, pg_temp
as $$
declare
  v_operation identity.operation;
  v_referrers uuid[];
  v_special text;
begin
  perform identity.seize(array[entity], identity.member_keys(array[entity]), catalog.seen(entity, expected_version));
  v_special := identity.special_title(array[entity]);
  if v_special is not null then
    raise exception '% cannot be deleted', v_special
      using errcode = 'JB155', detail = 'It stands for no one in particular (identity.special_entity).',
        hint = 'Correct the credits instead.';
  end if;
  v_referrers := identity.referrers(array[entity]);

  insert into identity.operation (op, juke_id, actor, reason)
  values ('delete', entity, identity.actor(), delete.reason)
  returning * into v_operation;
  insert into identity.changed_entity (operation_id, juke_id, from_status, from_merged_into, to_status)
  select v_operation.operation_id, e.juke_id, e.status, e.merged_into, 'deleted'
  from catalog.entity e
  where e.juke_id = entity or e.merged_into = entity;
  update catalog.entity e
  set status = 'deleted', merged_into = null
  where e.juke_id = entity or e.merged_into = entity;

  perform identity.settle(
    array[entity],
    array(select m.record_id from identity.membership m where m.juke_id = entity),
    v_referrers
  );
  return v_operation;
end
$$;

comment on function identity.delete(uuid, text, int) is
  E'@name delete_entity\n@resultFieldName operation\nDeletes an entity: it leaves the catalog and stays as a tombstone. `undo` brings it back. Errors: JB151, JB152, JB155, JB162 `expectedVersion` is stale.';
