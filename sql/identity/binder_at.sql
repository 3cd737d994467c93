-- identity.binder_at(external_id, source, kind, juke_id, at) → the entity that an id written by hand belonged to at a moment;
-- juke_id: the one it belongs to now.
create or replace function identity.binder_at(
  p_external_id text, p_source text, p_kind catalog.entity_kind, p_juke_id uuid, p_at timestamptz
)
returns uuid
language sql
stable
as $$
  select coalesce(
    (
      select b.from_juke_id
      from identity.moved_binding b
      join identity.operation o on o.operation_id = b.operation_id
      where b.external_id = p_external_id and b.source = p_source and b.kind = p_kind and o.at > p_at
      order by b.operation_id
      limit 1
    ),
    p_juke_id
  )
$$;

comment on function identity.binder_at(text, text, catalog.entity_kind, uuid, timestamptz) is
  'The entity that an id written by hand belonged to at a moment.';
