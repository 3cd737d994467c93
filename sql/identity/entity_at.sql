-- identity.entity_at(juke_id, at) → what an id stood for at a moment: (juke_id of the survivor, status), or no row before it existed.
create or replace function identity.entity_at(p_juke_id uuid, p_at timestamptz)
returns table (juke_id uuid, kind catalog.entity_kind, status catalog.entity_status)
language sql
stable
parallel safe
rows 1
as $$
  select coalesce(w.merged_into, e.juke_id), e.kind, w.status
  from catalog.entity e
  cross join lateral (
    select c.from_status as status, c.from_merged_into as merged_into
    from identity.changed_entity c
    join identity.operation o on o.operation_id = c.operation_id
    where c.juke_id = e.juke_id and o.at > p_at and c.from_status is not null
    order by c.operation_id
    limit 1
  ) w
  where e.juke_id = p_juke_id and e.created_at <= p_at
  union all
  select coalesce(e.merged_into, e.juke_id), e.kind, e.status
  from catalog.entity e
  where e.juke_id = p_juke_id and e.created_at <= p_at
    and not exists (
      select from identity.changed_entity c
      join identity.operation o on o.operation_id = c.operation_id
      where c.juke_id = e.juke_id and o.at > p_at and c.from_status is not null
    )
$$;

comment on function identity.entity_at(uuid, timestamptz) is 'What an id stood for at a moment.';
