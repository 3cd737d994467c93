-- identity.resolve_reference(scheme, value, kinds) → every entity a parsed reference may mean, the best first.
-- One kind only unless the reference left the kind open. Redirects are followed.
create or replace function identity.resolve_reference(p_scheme text, p_value text, p_kinds catalog.entity_kind[])
returns table (juke_id uuid, kind catalog.entity_kind, rule text, status identity.resolution_status)
language sql
stable
parallel safe
rows 1
as $$
  select r.juke_id, r.kind, r.rule, r.status
  from identity.resolve_uuid(case p_scheme when 'uuid' then p_value::uuid end) r
  where p_scheme = 'uuid'
  union all
  select r.juke_id, r.kind, r.rule, r.status
  from identity.resolve_uuid(case p_scheme when 'juke_id' then p_value::uuid end) r
  where p_scheme = 'juke_id' and r.rule = 'juke_id' -- a juke_id that misses is not looked for elsewhere
  union all
  (
    select coalesce(e.merged_into, e.juke_id), e.kind, x.source,
      case e.status when 'active' then 'found' when 'merged' then 'redirected' else 'deleted' end
        ::identity.resolution_status
    from identity.external_id x
    join catalog.entity e on e.juke_id = x.juke_id
    where p_scheme not in ('uuid', 'juke_id')
      and x.external_id = p_value
      and x.source = p_scheme
      and (p_kinds is null or x.kind = any (p_kinds))
    order by array_position(p_kinds, x.kind), x.kind
    limit case when p_kinds is null then 12 else 1 end
  )
$$;

comment on function identity.resolve_reference(text, text, catalog.entity_kind[]) is
  'The entities a parsed reference (identity.parse) may mean, the best first.';
