-- identity.canonical_isbn(value) → the 13 digits of an ISBN-10 or ISBN-13 whose check digit agrees, or null.
-- Source: ISO 2108; ISBN-10 weights 10 to 1 modulo 11, ISBN-13 is a GTIN-13 that starts with 978 or 979 (but not with
-- 979-0, the prefix of ISMN).
-- Example: select identity.canonical_isbn('1-85798-218-5')  -- 9781857982183
create or replace function identity.canonical_isbn(p_value text)
returns text
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_isbn constant text := identity.compact(p_value);
  v_number bigint;
begin
  if v_isbn ~ '^97(8[0-9]|9[1-9])[0-9]{9}$' then
    return substr(identity.canonical_gtin(v_isbn), 2);
  elsif v_isbn !~ '^[0-9]{9}[0-9X]$' then
    return null;
  end if;
  v_number := left(v_isbn, 9)::bigint;
  if (
    10 * (v_number / 100000000) + 9 * (v_number / 10000000 % 10) + 8 * (v_number / 1000000 % 10)
    + 7 * (v_number / 100000 % 10) + 6 * (v_number / 10000 % 10) + 5 * (v_number / 1000 % 10)
    + 4 * (v_number / 100 % 10) + 3 * (v_number / 10 % 10) + 2 * (v_number % 10)
    + strpos('0123456789X', right(v_isbn, 1)) - 1
  ) % 11 <> 0 then
    return null;
  end if;
  -- 38 is what the digits of 978 add up to under the weights 1 and 3.
  return '978' || left(v_isbn, 9) || (10 - (
    38 + v_number / 10000000 % 10 + v_number / 100000 % 10 + v_number / 1000 % 10 + v_number / 10 % 10
    + 3 * (
      v_number / 100000000 + v_number / 1000000 % 10 + v_number / 10000 % 10 + v_number / 100 % 10 + v_number % 10
    )
  ) % 10) % 10;
end
$$;

comment on function identity.canonical_isbn(text) is
  'The 13-digit form of an ISBN whose check digit agrees, or null.';
