-- identity.canonical_asin(value) → the 10 characters of an ASIN, or null: B, a digit and eight letters or digits, or the
-- ISBN-10 that Amazon uses for a book, whose check digit must agree.
-- Example: select identity.canonical_asin('b000002uyt')  -- B000002UYT
create or replace function identity.canonical_asin(p_value text)
returns text
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_asin constant text := upper(p_value collate "C");
begin
  return case
    when v_asin ~ '^B[0-9][0-9A-Z]{8}$' then v_asin
    when v_asin ~ '^[0-9]{9}[0-9X]$' and identity.canonical_isbn(v_asin) is not null then v_asin
  end;
end
$$;

comment on function identity.canonical_asin(text) is 'The 10 characters of an ASIN, or null.';
