-- identity.canonical_ipi(value) → the 11 digits of an IPI name number whose check digits agree, or null.
-- Leading zeros may be missing. Source: CISAC; the last two digits are modulus 101 of the first nine, weights 10 to 2.
-- Example: select identity.canonical_ipi('14107338')  -- 00014107338
create or replace function identity.canonical_ipi(p_value text)
returns text
language plpgsql
immutable
parallel safe
set search_path = ''
as $$
declare
  v_ipi text := translate(p_value, '-. ', '');
  v_sum int := 0;
begin
  if v_ipi !~ '^[0-9]{1,11}$' then
    return null;
  end if;
  v_ipi := lpad(v_ipi, 11, '0');
  for i in 1..9 loop
    v_sum := v_sum + (11 - i) * (ascii(substr(v_ipi, i, 1)) - 48);
  end loop;
  return case when (101 - v_sum % 101) % 101 = right(v_ipi, 2)::int and v_sum > 0 then v_ipi end;
end
$$;

comment on function identity.canonical_ipi(text) is
  'The 11 digits of an IPI name number whose check digits agree, or null.';
