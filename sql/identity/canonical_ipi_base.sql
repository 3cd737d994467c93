-- identity.canonical_ipi_base(value) → I and the 10 digits of an IPI base number whose check digit agrees, or null.
-- Source: CISAC. The base number is the party's; its names have numbers of their own (identity.canonical_ipi).
-- Example: select identity.canonical_ipi_base('I-000000229-7')  -- I0000002297
create or replace function identity.canonical_ipi_base(p_value text)
returns text
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_ipi constant text := identity.compact(p_value);
  v_number bigint;
begin
  if v_ipi ~ '^I[0-9]{10}$' then
    v_number := substr(v_ipi, 2)::bigint;
  end if;
  return case when identity.check_cisac_digit(v_number, 2) then v_ipi end;
end
$$;

comment on function identity.canonical_ipi_base(text) is
  'I and the 10 digits of an IPI base number whose check digit agrees, or null.';
