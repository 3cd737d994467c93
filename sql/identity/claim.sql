-- identity.claim(entity, source, external_id, confidence, reason, expected_version) → the operation. A person says that this id is this
-- entity's. It becomes a claim of the entity's record of the source manual, which outranks all others; when another entity
-- carries an exclusive id, the binding is contested from now on.
-- expected_version: the version the person has seen; null to do it whatever is there.
-- Errors: JB105 unknown scheme, JB106 the scheme does not name this kind, JB150 invalid id, JB151 no such entity, JB152 merged or
-- deleted, JB162 a stale version, JB170 claimed by hand already, JB171 no probability.
-- Example: select operation_id from identity.claim('0190…', 'isrc', 'GBAYE6800011', reason => 'sleeve')
create or replace function identity.claim(
  entity uuid, source text, external_id text, confidence real default 1, reason text default null,
  expected_version int default null
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
  v_record bigint;
  v_operation identity.operation;
  v_is_bound boolean;
begin
  if confidence is null or confidence not between 0 and 1 then
    raise exception 'not a confidence: %', coalesce(confidence::text, 'null')
      using errcode = 'JB171', detail = 'It is a probability: 0 to 1.', hint = 'Leave it out when a person is certain.';
  end if;
  if v_kind is null then
    perform identity.seize(array[entity]); -- says why not
  end if;
  v_value := identity.checked(claim.source, claim.external_id, v_kind);
  perform identity.seize(array[entity], array[row (v_value, claim.source, v_kind)::identity.id_key],
    catalog.seen(entity, expected_version));
  v_record := catalog.manual_record(entity);
  if exists (
    select from identity.assertion a
    where a.external_id = v_value and a.source = claim.source and a.kind = v_kind and a.juke_id = entity
      and a.method = 'manual' and a.retracted_at is null
  ) then
    raise exception '% claims %:% already', entity, claim.source, v_value
      using errcode = 'JB170', detail = 'A person has said so before.',
        hint = 'To say it with another confidence, undo that claim first.';
  end if;

  insert into identity.operation (op, juke_id, actor, reason)
  values ('claim', entity, identity.actor(), claim.reason)
  returning * into v_operation;
  insert into identity.changed_claim (operation_id, record_id, source, external_id)
  values (v_operation.operation_id, v_record, claim.source, v_value);
  -- An id that nobody claims is bound at once; of an id that others claim too, precedence decides.
  insert into identity.external_id (external_id, source, kind, juke_id, record_id, method, confidence, since)
  select v_value, claim.source, v_kind, entity, v_record, 'manual', claim.confidence, v_operation.at
  where not exists (
    select from identity.further_claim f
    where f.external_id = v_value and f.source = claim.source and f.kind = v_kind
      and f.status = 'valid' and f.retracted_at is null
  )
  on conflict do nothing;
  v_is_bound := found;
  if not v_is_bound then
    insert into identity.further_claim (external_id, source, kind, record_id, method, confidence, asserted_at)
    values (v_value, claim.source, v_kind, v_record, 'manual', claim.confidence, v_operation.at);
  end if;

  perform identity.settle_id(entity, row (v_value, claim.source, v_kind)::identity.id_key, v_is_bound);
  return v_operation;
end
$$;

comment on function identity.claim(uuid, text, text, real, text, int) is
  E'@name claim\n@resultFieldName operation\nSays that this id is this entity''s; contested when another entity carries it. Errors: JB105, JB106, JB150 to JB152, JB162 `expectedVersion` is stale, JB170, JB171.';
