-- identity.canonical_isni(value) → the 16 characters of an ISNI whose check character agrees, or null.
-- Source: ISO 27729; the check character is ISO 7064 mod 11-2, X for ten: each digit counts 2 to the power of its place
-- from the right. (2^10 is 1 modulo 11, so the weights repeat after ten places.)
-- Example: select identity.canonical_isni('0000 0002 1825 0097')  -- 0000000218250097
create or replace function identity.canonical_isni(p_value text)
returns text
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_isni constant text := identity.compact(p_value);
  v_number bigint;
begin
  if v_isni !~ '^[0-9]{15}[0-9X]$' then
    return null;
  end if;
  v_number := left(v_isni, 15)::bigint;
  return case
    when v_number > 0 and (
      strpos('0123456789X', right(v_isni, 1)) - 1
      + 2 * (v_number % 10 + v_number / 10000000000 % 10)
      + 4 * (v_number / 10 % 10 + v_number / 100000000000 % 10)
      + 8 * (v_number / 100 % 10 + v_number / 1000000000000 % 10)
      + 5 * (v_number / 1000 % 10 + v_number / 10000000000000 % 10)
      + 10 * (v_number / 10000 % 10 + v_number / 100000000000000)
      + 9 * (v_number / 100000 % 10) + 7 * (v_number / 1000000 % 10) + 3 * (v_number / 10000000 % 10)
      + 6 * (v_number / 100000000 % 10) + v_number / 1000000000 % 10
    ) % 11 = 1
    then v_isni
  end;
end
$$;

comment on function identity.canonical_isni(text) is
  'The 16 characters of an ISNI whose check character agrees, or null.';
