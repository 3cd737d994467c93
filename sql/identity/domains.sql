-- identity.domains(host) → the domains a host may belong to: its last two labels, and its last three (amazon.co.uk).
-- Inlined where it is called, therefore without SET.
-- Example: select identity.domains('www.amazon.co.uk')  -- {co.uk,amazon.co.uk}
create or replace function identity.domains(p_host text)
returns text[]
language sql
immutable
parallel safe
as $$
  select array[substring(p_host from '[^.]+[.][^.]+$'), substring(p_host from '[^.]+[.][^.]+[.][^.]+$')]
$$;

comment on function identity.domains(text) is 'The domains a host may belong to: its last two labels, and its last three.';
