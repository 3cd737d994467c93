-- identity.canonical_uuid(value) → a uuid in lower case with its four hyphens, or null. The hyphens may be missing.
-- The nil uuid, which people write for "none", is null too.
-- Inlined where it is called, therefore without SET.
-- Example: select identity.canonical_uuid('A74B1B7F71A540119441D0B5E4122711')  -- a74b1b7f-71a5-4011-9441-d0b5e4122711
create or replace function identity.canonical_uuid(p_value text)
returns text
language sql
immutable
parallel safe
as $$
  select case
    when p_value ~* '^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$'
    then nullif(p_value::uuid::text, '00000000-0000-0000-0000-000000000000')
  end
$$;

comment on function identity.canonical_uuid(text) is 'A uuid in lower case with its four hyphens, or null.';
