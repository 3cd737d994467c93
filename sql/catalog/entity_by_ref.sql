-- catalog.entity_by_ref(ref) → the one entity a reference stands for, redirects followed; no row when it names nothing here. Of
-- several that share an id (ISRC) it is the best.
-- Errors: JB102 when things of several kinds carry the id, JB103 when the text is not a reference.
-- Example: select kind, display_name from catalog.entity_by_ref('isrc:GBAYE9700104')
create or replace function catalog.entity_by_ref(ref text)
returns catalog.entity
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_found constant identity.resolution := identity.resolve_one(ref);
  v_entity catalog.entity;
begin
  select e.* into v_entity from catalog.entity e where e.juke_id = v_found.juke_id;
  return v_entity;
end
$$;

comment on function catalog.entity_by_ref(text) is
  E'@fieldName resolve\nThe entity that anything a person would paste stands for: a URL of a known service, `isrc:GBAYE9700104`, `spotify:track:…`, `mbid:…`, a bare uuid. Null when the reference is well formed and names nothing here. Errors: JB102 ambiguous, JB103 not a reference.';
