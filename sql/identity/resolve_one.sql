-- identity.resolve_one(ref) → the one thing that a reference stands for, as identity.resolve has it; null when it names nothing here. Of
-- several that share an id (ISRC) it is the best.
-- Errors: JB102 when things of several kinds carry the id, JB103 when the text is not a reference.
-- Example: select juke_id, status from identity.resolve_one('isrc:GBAYE9700104')
create or replace function identity.resolve_one(ref text)
returns identity.resolution
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_found constant identity.resolution[] := array(select r from identity.resolve(ref) r);
begin
  if v_found[1].status = 'ambiguous' then
    raise exception 'the reference is ambiguous: %', left(ref, 100)
      using errcode = 'JB102',
        detail = format('It is the %s id of several things: %s.', v_found[1].scheme,
          (select string_agg(format('%s %s', f.kind, f.juke_id), ', ' order by f.kind) from unnest(v_found) f)),
        hint = format('Say the kind: %s:%s:%s.', v_found[1].scheme, v_found[1].kind, v_found[1].value);
  end if;
  return v_found[1];
end
$$;

comment on function identity.resolve_one(text) is E'@behavior -*\nThe one thing that a reference stands for.';
