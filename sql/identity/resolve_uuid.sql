-- identity.resolve_uuid(id) → what a uuid names that nobody qualified: at most one row.
-- Precedence: a juke_id (through its redirect when it was merged), then the schemes whose ids are uuids, by
-- identity.scheme.rank (mbid first). rule says which one answered. Inlined, like identity.resolve_external.
-- Example: select * from identity.resolve_uuid('a74b1b7f-71a5-4011-9441-d0b5e4122711')
create or replace function identity.resolve_uuid(p_id uuid)
returns table (juke_id uuid, kind catalog.entity_kind, rule text, status identity.resolution_status)
language sql
stable
parallel safe
rows 1
as $$
  select r.juke_id, r.kind, r.rule, r.status
  from (
    select coalesce(e.merged_into, e.juke_id) as juke_id, e.kind, 'juke_id' as rule,
      case e.status when 'active' then 'found' when 'merged' then 'redirected' else 'deleted' end
        ::identity.resolution_status as status
    from catalog.entity e
    where e.juke_id = p_id
    union all
    (
      select coalesce(e.merged_into, e.juke_id), x.kind, x.source,
        case e.status when 'active' then 'found' when 'merged' then 'redirected' else 'deleted' end
          ::identity.resolution_status
      from identity.external_id x
      join catalog.entity e on e.juke_id = x.juke_id
      join identity.scheme s on s.scheme = x.source
      where x.external_id = p_id::text
      order by s.rank, x.kind
      limit 1
    )
  ) r
  limit 1
$$;

comment on function identity.resolve_uuid(uuid) is
  'What an unqualified uuid names: juke_id (redirects followed), then mbid and the other schemes by rank.';
