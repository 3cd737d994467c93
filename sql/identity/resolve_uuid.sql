-- identity.resolve_uuid(id) → what a uuid names that nobody qualified: at most one row.
-- Precedence: a juke_id, then the schemes whose ids are uuids, by identity.scheme.rank (mbid first); ids of a scheme
-- that was removed come last. rule says which one answered; redirects are followed. Inlined, like
-- identity.resolve_external, and lean because starting a plan node costs as much as a probe: one scan of the hub for
-- all candidates, and a rank that is looked up rather than joined.
-- Example: select * from identity.resolve_uuid('a74b1b7f-71a5-4011-9441-d0b5e4122711')
create or replace function identity.resolve_uuid(p_id uuid)
returns table (juke_id uuid, kind catalog.entity_kind, rule text, status identity.resolution_status)
language sql
stable
parallel safe
rows 1
as $$
  select coalesce(e.merged_into, e.juke_id), e.kind, c.rule,
    case e.status when 'active' then 'found' when 'merged' then 'redirected' else 'deleted' end
      ::identity.resolution_status
  from (
    select p_id as juke_id, 'juke_id' as rule, -2147483648 as rank -- before any scheme
    union all
    select x.juke_id, x.source, (select s.rank from identity.scheme s where s.scheme = x.source)
    from identity.external_id x
    where x.external_id = p_id::text
  ) c
  join catalog.entity e on e.juke_id = c.juke_id
  order by c.rank, e.kind
  limit 1
$$;

comment on function identity.resolve_uuid(uuid) is
  'What an unqualified uuid names: juke_id (redirects followed), then mbid and the other schemes by rank.';
