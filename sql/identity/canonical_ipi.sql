-- identity.canonical_ipi(value) → the 11 digits of an IPI name number whose check digits agree, or null.
-- Leading zeros may be missing. Source: CISAC; the last two digits complete the first nine, weights 10 to 2, to a
-- multiple of 101; where that takes 100, they are 00.
-- Example: select identity.canonical_ipi('14107338')  -- 00014107338
create or replace function identity.canonical_ipi(p_value text)
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
  if v_ipi !~ '^[0-9]{1,11}$' then
    return null;
  end if;
  v_number := v_ipi::bigint;
  return case
    when v_number > 0 and (101 - (
      10 * (v_number / 10000000000) + 9 * (v_number / 1000000000 % 10) + 8 * (v_number / 100000000 % 10)
      + 7 * (v_number / 10000000 % 10) + 6 * (v_number / 1000000 % 10) + 5 * (v_number / 100000 % 10)
      + 4 * (v_number / 10000 % 10) + 3 * (v_number / 1000 % 10) + 2 * (v_number / 100 % 10)
    ) % 101) % 101 % 100 = v_number % 100
    then lpad(v_ipi, 11, '0')
  end;
end
$$;

comment on function identity.canonical_ipi(text) is
  'The 11 digits of an IPI name number whose check digits agree, or null.';
