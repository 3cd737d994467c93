-- identity.listed(array) → the texts of a JSON array as one line, for a person to read. Example: select identity.listed('["a","b"]')
create or replace function identity.listed(p_array jsonb)
returns text
language sql
immutable
parallel safe
as $$
  select string_agg(t, ', ') from jsonb_array_elements_text(p_array) t
$$;

comment on function identity.listed(jsonb) is 'The texts of a JSON array as one line.';
