-- catalog.entity_by_juke_id(juke_id) → the entity with this key as it stands: a merged one says what it redirects to.
create or replace function catalog.entity_by_juke_id(juke_id uuid)
returns catalog.entity
language sql
stable
parallel safe
as $$
  select e.* from catalog.entity e where e.juke_id = $1
$$;

comment on function catalog.entity_by_juke_id(uuid) is
  E'@fieldName entity\nThe entity with this key as it stands: a merged one says what it redirects to. `resolve` follows redirects.';
