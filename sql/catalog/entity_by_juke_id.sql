-- catalog.entity_by_juke_id(juke_id) → the entity with this key; when it was merged, the one that it redirects to. No row when
-- there is none, or it was deleted: identity.resolve says which.
create or replace function catalog.entity_by_juke_id(juke_id uuid)
returns catalog.entity
language sql
stable
parallel safe
as $$
  select t.*
  from catalog.entity e
  join catalog.entity t on t.juke_id = coalesce(e.merged_into, e.juke_id) and t.status = 'active'
  where e.juke_id = $1
$$;

comment on function catalog.entity_by_juke_id(uuid) is
  E'@fieldName entity\nThe entity with this key; when it was merged, the one that it redirects to. Null when there is none or it was deleted: `resolution` says which.';
