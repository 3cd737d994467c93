-- catalog.referent(source, reference) → the entity that a source means by {"kind": …, "id": …}; no row when it was deleted.
create or replace function catalog.referent(p_source text, p_reference jsonb)
returns table (juke_id uuid)
language sql
stable
parallel safe
rows 1
as $$
  select m.juke_id
  from ingest.record r
  join identity.membership m on m.record_id = r.record_id
  join catalog.entity e on e.juke_id = m.juke_id and e.status = 'active'
  where r.source_record_id = p_reference ->> 'id'
    and r.kind = (p_reference ->> 'kind')::catalog.entity_kind
    and r.source = p_source
$$;

comment on function catalog.referent(text, jsonb) is 'The entity that a source means by a reference to one of its records.';
