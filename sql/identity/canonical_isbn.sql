-- identity.canonical_isbn(value) → the 13 digits of an ISBN-10 or ISBN-13 whose check digit agrees, or null.
-- Source: ISO 2108; ISBN-10 weights 10 to 1 modulo 11, ISBN-13 is a GTIN-13 that starts with 978 or 979.
-- Example: select identity.canonical_isbn('1-85798-218-5')  -- 9781857982183
create or replace function identity.canonical_isbn(p_value text)
returns text
language plpgsql
immutable
parallel safe
set search_path = ''
as $$
declare
  v_isbn text := upper(translate(p_value, '- ', ''));
  v_sum int := 0;
begin
  if v_isbn ~ '^97[89][0-9]{10}$' then
    return substr(identity.canonical_gtin(v_isbn), 2);
  elsif v_isbn !~ '^[0-9]{9}[0-9X]$' then
    return null;
  end if;
  for i in 1..10 loop
    v_sum := v_sum + (11 - i) * case substr(v_isbn, i, 1) when 'X' then 10 else ascii(substr(v_isbn, i, 1)) - 48 end;
  end loop;
  if v_sum % 11 <> 0 then
    return null;
  end if;
  v_isbn := '978' || left(v_isbn, 9);
  v_sum := 0;
  for i in 1..12 loop
    v_sum := v_sum + (ascii(substr(v_isbn, i, 1)) - 48) * case when i % 2 = 0 then 3 else 1 end;
  end loop;
  return v_isbn || (10 - v_sum % 10) % 10;
end
$$;

comment on function identity.canonical_isbn(text) is
  'The 13-digit form of an ISBN whose check digit agrees, or null.';
