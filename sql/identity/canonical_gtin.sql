-- identity.canonical_gtin(value) → the 14 digits of a GTIN-8, -12 (UPC), -13 (EAN) or -14, or null.
-- A UPC that lost its leading zero (11 digits) is accepted when its check digit agrees.
-- Check digit: GS1 General Specifications, section 7.9 (weights 3 and 1 from the right, modulo 10).
-- Example: select identity.canonical_gtin('0 36000 29145 2')  -- 00036000291452
create or replace function identity.canonical_gtin(p_value text)
returns text
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_digits constant text := identity.compact(p_value);
  v_number bigint;
begin
  if v_digits !~ '^[0-9]+$' or length(v_digits) not in (8, 11, 12, 13, 14) then
    return null;
  end if;
  v_number := v_digits::bigint;
  return case
    when v_number > 0 and (
      v_number % 10 + v_number / 100 % 10 + v_number / 10000 % 10 + v_number / 1000000 % 10
      + v_number / 100000000 % 10 + v_number / 10000000000 % 10 + v_number / 1000000000000 % 10
      + 3 * (
        v_number / 10 % 10 + v_number / 1000 % 10 + v_number / 100000 % 10 + v_number / 10000000 % 10
        + v_number / 1000000000 % 10 + v_number / 100000000000 % 10 + v_number / 10000000000000
      )
    ) % 10 = 0
    then lpad(v_digits, 14, '0')
  end;
end
$$;

comment on function identity.canonical_gtin(text) is
  'The 14-digit form of a UPC, EAN or other GTIN whose check digit agrees, or null.';
