-- identity.slug(name) → the name as one lower-case word without accents or punctuation: how a genre is named in a reference.
-- Letters of any script stay. Example: select identity.slug('Trip Hop')  -- trip-hop
create or replace function identity.slug(p_name text)
returns text
language sql
stable
parallel safe
as $$
  select pg_catalog.btrim(
    pg_catalog.regexp_replace(
      pg_catalog.regexp_replace(
        pg_catalog.lower(public.unaccent('public.unaccent'::regdictionary, normalize(p_name, nfkc))), '\s*&\s*', ' and ', 'g'
      ),
      '[^[:alnum:]]+', '-', 'g'
    ),
    '-'
  )
$$;

comment on function identity.slug(text) is 'A name as one lower-case word: Trip Hop → trip-hop.';
