-- identity.canonical_grid(value) → the 18 characters of a GRid whose check character agrees, or null.
-- Source: GRid Standard 2.1: scheme A1, five characters of the issuer, ten of the release, one check character.
-- Example: select identity.canonical_grid('A1-2425G-ABC1234002-M')  -- A12425GABC1234002M
create or replace function identity.canonical_grid(p_value text)
returns text
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_grid constant text := regexp_replace(identity.compact(p_value), '^GRID:', '');
begin
  return case when v_grid ~ '^A1[0-9A-Z]{16}$' and identity.check_mod_37_36(v_grid) then v_grid end;
end
$$;

comment on function identity.canonical_grid(text) is 'The 18 characters of a GRid whose check character agrees, or null.';
