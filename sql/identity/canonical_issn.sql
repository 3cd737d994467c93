-- identity.canonical_issn(value) → the 8 characters of an ISSN whose check digit agrees, or null.
-- Takes the EAN of a serial too: 977, seven digits, two for the price or issue, and the check digit of the EAN.
-- Source: ISO 3297; weights 8 to 1 modulo 11, X for ten.
-- Example: select identity.canonical_issn('0317-8471')  -- 03178471
create or replace function identity.canonical_issn(p_value text)
returns text
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_issn text := identity.compact(p_value);
  v_number bigint;
  v_check text;
begin
  if v_issn ~ '^977[0-9]{10}$' and identity.canonical_gtin(v_issn) is not null then
    v_issn := substr(v_issn, 4, 7);
  elsif v_issn !~ '^[0-9]{7}[0-9X]$' then
    return null;
  end if;
  v_number := left(v_issn, 7)::bigint;
  v_check := substr('0X987654321', 1 + (
    8 * (v_number / 1000000) + 7 * (v_number / 100000 % 10) + 6 * (v_number / 10000 % 10)
    + 5 * (v_number / 1000 % 10) + 4 * (v_number / 100 % 10) + 3 * (v_number / 10 % 10) + 2 * (v_number % 10)
  )::int % 11, 1);
  return case
    when v_number = 0 then null
    when length(v_issn) = 7 or right(v_issn, 1) = v_check then left(v_issn, 7) || v_check
  end;
end
$$;

comment on function identity.canonical_issn(text) is 'The 8 characters of an ISSN whose check digit agrees, or null.';
