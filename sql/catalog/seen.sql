-- catalog.seen(juke_id, version) → that somebody has seen this version of this entity, for catalog.refuse_stale; null without a version.
create or replace function catalog.seen(p_juke_id uuid, p_version int)
returns catalog.entity_version[]
language sql
immutable
parallel safe
as $$
  select case when p_version is not null then array[row (p_juke_id, p_version)::catalog.entity_version] end
$$;

comment on function catalog.seen(uuid, int) is 'That somebody has seen this version of this entity; null without a version.';
