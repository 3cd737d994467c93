-- catalog.entity_by_ref(ref) → the one entity a reference stands for, redirects followed; no row when it names nothing here. Of
-- several that share an id (ISRC) it is the best.
-- Errors: JB102 when things of several kinds carry the id, JB103 when the text is not a reference.
-- Example: select kind, display_name from catalog.entity_by_ref('isrc:GBAYE9700104')
create or replace function catalog.entity_by_ref(ref text)
returns catalog.entity
language plpgsql
stable
parallel safe
set search_path = ''
as $$
declare
  v_found constant identity.resolution[] := array(select r from identity.resolve(ref) r);
  v_entity catalog.entity;
begin
  if v_found[1].status = 'ambiguous' then
    raise exception 'the reference is ambiguous: %', left(ref, 100)
      using errcode = 'JB102',
        detail = format('It is the %s id of several things: %s.', v_found[1].scheme,
          (select string_agg(format('%s %s', f.kind, f.juke_id), ', ' order by f.kind) from unnest(v_found) f)),
        hint = format('Say the kind: %s:%s:%s.', v_found[1].scheme, v_found[1].kind, v_found[1].value);
  end if;
  select e.* into v_entity from catalog.entity e where e.juke_id = v_found[1].juke_id;
  return v_entity;
end
$$;

comment on function catalog.entity_by_ref(text) is
  E'@fieldName resolve\nThe entity that anything a person would paste stands for: a URL of a known service, `isrc:GBAYE9700104`, `spotify:track:…`, `mbid:…`, a bare uuid. Null when the reference is well formed and names nothing here. Errors: JB102 ambiguous, JB103 not a reference.';
