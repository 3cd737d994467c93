-- identity.canonical_ismn(value) → the 13 digits of an ISMN whose check digit agrees, or null.
-- Source: ISO 10957; since 2008 a GTIN-13 that starts with 979-0, before that M and nine digits with the same check digit.
-- Example: select identity.canonical_ismn('M-060-11561-5')  -- 9790060115615
create or replace function identity.canonical_ismn(p_value text)
returns text
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_ismn constant text := regexp_replace(identity.compact(p_value), '^M', '9790');
begin
  return case when v_ismn ~ '^9790[0-9]{9}$' then substr(identity.canonical_gtin(v_ismn), 2) end;
end
$$;

comment on function identity.canonical_ismn(text) is 'The 13-digit form of an ISMN whose check digit agrees, or null.';
