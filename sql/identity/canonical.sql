-- identity.canonical(scheme, value) → the one way this id is written, or null when the value is not valid.
-- Takes the forms people and files write: hyphens, spaces, lower case, a prefix, or the URL of the thing.
-- Example: select identity.canonical('isrc', 'gb-aye-68-00011')  -- GBAYE6800011
create or replace function identity.canonical(p_scheme text, p_value text)
returns text
language plpgsql
stable
parallel safe
set search_path = ''
as $$
declare
  v_value text := btrim(p_value, E' \t\r\n\u00a0\u200b\ufeff');
  v_reference identity.reference;
begin
  if p_scheme = 'bandcamp' or v_value ~* '^https?://' and p_scheme not in ('feed_url', 'episode_guid') then
    v_reference := identity.parse_url(v_value);
    return case when v_reference.scheme = p_scheme then v_reference.value end;
  end if;

  v_value := case p_scheme
    when 'mbid' then identity.canonical_uuid(v_value)
    when 'podcast_guid' then identity.canonical_uuid(v_value)
    when 'isrc' then upper(translate(v_value, '- ', ''))
    when 'iswc' then identity.canonical_iswc(v_value)
    when 'isni' then identity.canonical_isni(v_value)
    when 'ipi' then identity.canonical_ipi(v_value)
    when 'gtin' then identity.canonical_gtin(v_value)
    when 'isbn' then identity.canonical_isbn(v_value)
    when 'wikidata' then upper(v_value)
    when 'asin' then upper(v_value)
    when 'discogs' then regexp_replace(v_value, '^[almr](?=[0-9])', '')
    when 'genre' then identity.slug(v_value)
    else v_value
  end;
  -- What is longer than an index key can be is no identifier.
  return (
    select v_value from identity.scheme s
    where s.scheme = p_scheme and v_value ~ s.pattern and octet_length(v_value) <= 2000
  );
end
$$;

comment on function identity.canonical(text, text) is
  'The canonical form of an identifier under its scheme, or null when it is not valid.';
