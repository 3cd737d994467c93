-- identity.resolve_external(source, external_id) → the entities that carry this canonical id, one per kind.
-- The typed core of the resolver: one index probe. A plain set-returning SQL function without SET, STRICT or
-- SECURITY DEFINER, because only such a function is inlined into the query that calls it.
-- Example: select * from identity.resolve_external('spotify', '4Z8W4fKeB5YxbusRsdQVPb')
create or replace function identity.resolve_external(p_source text, p_external_id text)
returns table (juke_id uuid, kind catalog.entity_kind)
language sql
stable
parallel safe
rows 1
as $$
  select x.juke_id, x.kind
  from identity.external_id x
  where x.external_id = p_external_id and x.source = p_source
$$;

comment on function identity.resolve_external(text, text) is
  'The entities that carry a canonical external id, one per kind: a single index probe.';
