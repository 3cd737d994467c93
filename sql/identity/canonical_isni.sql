-- identity.canonical_isni(value) → the 16 characters of an ISNI whose check character agrees, or null.
-- Source: ISO 27729; the check character is ISO 7064 modulus 11-2, X for ten.
-- Example: select identity.canonical_isni('0000 0002 1825 0097')  -- 0000000218250097
create or replace function identity.canonical_isni(p_value text)
returns text
language plpgsql
immutable
parallel safe
set search_path = ''
as $$
declare
  v_isni constant text := upper(translate(p_value, '- ', ''));
  v_sum int := 0;
begin
  if v_isni !~ '^[0-9]{15}[0-9X]$' then
    return null;
  end if;
  for i in 1..15 loop
    v_sum := (v_sum + ascii(substr(v_isni, i, 1)) - 48) * 2 % 11;
  end loop;
  return case when substr('0123456789X', 1 + (12 - v_sum) % 11, 1) = right(v_isni, 1) then v_isni end;
end
$$;

comment on function identity.canonical_isni(text) is
  'The 16 characters of an ISNI whose check character agrees, or null.';
