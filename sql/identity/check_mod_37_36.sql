-- identity.check_mod_37_36(code) → whether the last of 18 letters and digits is the check character of the others.
-- ISO 7064, hybrid system mod 37,36: it catches every single wrong character and nearly every swap of two
-- neighbours.
-- Used by GRid and DPID. Null for a null, false for another length.
-- Example: select identity.check_mod_37_36('A12425GABC1234002M')  -- true
create or replace function identity.check_mod_37_36(p_code text)
returns boolean
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_alphabet constant text := '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
  v_rest int := 36;
begin
  for i in 1..17 loop
    v_rest := ((v_rest + strpos(v_alphabet, substr(p_code, i, 1)) - 2) % 36 + 1) * 2 % 37;
  end loop;
  return length(p_code) = 18 and (v_rest + strpos(v_alphabet, substr(p_code, 18, 1)) - 1) % 36 = 1;
end
$$;

comment on function identity.check_mod_37_36(text) is
  'Whether the last of 18 letters and digits is their ISO 7064 mod 37,36 check character.';
