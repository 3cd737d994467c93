-- identity.parse(ref) → (scheme, value, kinds) of anything a person would paste, or null when it is not a reference.
-- What says what it is comes first (identity.parse_stated). A bare code (GBAYE6800011, T-034.524.680-1, 9781857982183) is read
-- when exactly one reading of it is clear: a confidence of 0.9 or more, which takes a check digit that agrees or a
-- shape that nothing else has. identity.identify lists all readings.
-- Example: select * from identity.parse('GB-AYE-68-00011')  -- (isrc, GBAYE6800011, null)
create or replace function identity.parse(p_ref text)
returns identity.reference
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_result identity.reference := identity.parse_stated(p_ref);
begin
  if v_result.scheme is null then
    select c.scheme, c.value, c.kinds
    into v_result
    from (
      select r.*, count(*) over () as readings from identity.bare_readings(p_ref) r where r.confidence >= 0.9
    ) c
    where c.readings = 1;
  end if;
  return v_result;
end
$$;

comment on function identity.parse(text) is
  'Reads a reference: uuid, juke_id:…, scheme:value, scheme:type:value, kind:name, urn:…, the URL of a known service, or a bare code that can only be one thing.';
