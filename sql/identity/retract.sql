-- identity.retract(entity, source, external_id, reason, expected_version) → the operation. A person says that this id is not this entity's: all
-- its claims to it are taken back, and stay so when a source repeats them. The next best claim is bound.
-- expected_version: the version the person has seen; null to do it whatever is there.
-- Errors: JB105, JB106, JB150, JB151, JB152, JB162 as identity.claim, JB169 the entity does not claim this id.
-- Example: select operation_id from identity.retract('0190…', 'spotify', '4Z8W4fKeB5YxbusRsdQVPb', 'a namesake')
create or replace function identity.retract(
  entity uuid, source text, external_id text, reason text default null, expected_version int default null
)
returns identity.operation
language plpgsql
volatile
security definer -- an editor needs no right to the tables
set search_path = pg_catalog, pg_temp
as $$
declare
  v_kind constant catalog.entity_kind := (select e.kind from catalog.entity e where e.juke_id = entity);
  v_value text;
  v_claims identity.claim_key[];
  v_operation identity.operation;
begin
  if v_kind is null then
    perform identity.seize(array[entity]); -- says why not
  end if;
  v_value := identity.checked(retract.source, retract.external_id, v_kind);
  perform identity.seize(array[entity], array[row (v_value, retract.source, v_kind)::identity.id_key],
    catalog.seen(entity, expected_version));

  -- What was written by hand becomes a claim, so that it can be taken back.
  perform identity.adopt(array[entity]);
  v_claims := array(
    select row (a.record_id, a.source, a.external_id)::identity.claim_key
    from identity.assertion a
    where a.external_id = v_value and a.source = retract.source and a.kind = v_kind and a.juke_id = entity
      and a.status = 'valid' and a.retracted_at is null
  );
  if v_claims = '{}' then
    raise exception '% does not claim %:%', entity, retract.source, v_value
      using errcode = 'JB169', detail = 'None of its records does.',
        hint = 'identity.assertion shows who claims the id.';
  end if;

  insert into identity.operation (op, juke_id, actor, reason)
  values ('retract', entity, identity.actor(), retract.reason)
  returning * into v_operation;
  insert into identity.changed_claim (operation_id, record_id, source, external_id)
  select v_operation.operation_id, c.record_id, c.source, c.external_id from unnest(v_claims) c;
  perform identity.step_back(v_claims, identity.actor(), retract.reason);

  perform identity.settle_id(entity, row (v_value, retract.source, v_kind)::identity.id_key);
  return v_operation;
end
$$;

comment on function identity.retract(uuid, text, text, text, int) is
  E'@name retract\n@resultFieldName operation\nSays that this id is not this entity''s; the next best claim is bound. Errors: JB105, JB106, JB150 to JB152, JB162 `expectedVersion` is stale, JB169.';
