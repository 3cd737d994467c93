-- identity.canonical_iswc(value) → T and the 10 digits of an ISWC whose check digit agrees, or null.
-- Source: ISO 15707, annex A.
-- Example: select identity.canonical_iswc('T-034.524.680-1')  -- T0345246801
create or replace function identity.canonical_iswc(p_value text)
returns text
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_iswc constant text := identity.compact(p_value);
  v_number bigint;
begin
  if v_iswc ~ '^T[0-9]{10}$' then
    v_number := substr(v_iswc, 2)::bigint;
  end if;
  return case when identity.check_cisac_digit(v_number, 1) then v_iswc end;
end
$$;

comment on function identity.canonical_iswc(text) is 'T and the 10 digits of an ISWC whose check digit agrees, or null.';
