-- identity.canonical_iswc(value) → T and the 10 digits of an ISWC whose check digit agrees, or null.
-- Source: ISO 15707, annex A: one, plus each of the nine digits times its place, modulo 10.
-- Example: select identity.canonical_iswc('T-034.524.680-1')  -- T0345246801
create or replace function identity.canonical_iswc(p_value text)
returns text
language plpgsql
immutable
parallel safe
set search_path = ''
as $$
declare
  v_iswc constant text := upper(translate(p_value, '-. ', ''));
  v_sum int := 1;
begin
  if v_iswc !~ '^T[0-9]{10}$' then
    return null;
  end if;
  for i in 1..9 loop
    v_sum := v_sum + i * (ascii(substr(v_iswc, i + 1, 1)) - 48);
  end loop;
  return case when (10 - v_sum % 10) % 10 = right(v_iswc, 1)::int then v_iswc end;
end
$$;

comment on function identity.canonical_iswc(text) is 'T and the 10 digits of an ISWC whose check digit agrees, or null.';
