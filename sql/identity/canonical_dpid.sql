-- identity.canonical_dpid(value) → the 18 characters of a DDEX party identifier whose check character agrees, or null.
-- Source: DDEX: PADPIDA, ten digits, one check character.
-- Example: select identity.canonical_dpid('PA-DPIDA-2007050901-U')  -- PADPIDA2007050901U
create or replace function identity.canonical_dpid(p_value text)
returns text
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_dpid constant text := identity.compact(p_value);
begin
  return case when v_dpid ~ '^PADPIDA[0-9]{10}[0-9A-Z]$' and identity.check_mod_37_36(v_dpid) then v_dpid end;
end
$$;

comment on function identity.canonical_dpid(text) is
  'The 18 characters of a DDEX party identifier whose check character agrees, or null.';
