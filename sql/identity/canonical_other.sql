-- identity.canonical_other(scheme, value) → the value itself when it matches the pattern of its scheme, or null.
-- This is what makes a new row in identity.scheme a scheme; those with rules of their own are in identity.canonical.
-- Example: select identity.canonical_other('tidal', '64518')  -- 64518
create or replace function identity.canonical_other(p_scheme text, p_value text)
returns text
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
  return (select p_value from identity.scheme s where s.scheme = p_scheme and p_value ~ s.pattern);
end
$$;

comment on function identity.canonical_other(text, text) is
  'The value itself when it matches the pattern of its scheme, or null.';
