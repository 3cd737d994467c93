-- identity.canonical(scheme, value) → the one way this id is written, or null when the value is not valid.
-- Takes the forms people and files write: hyphens, spaces, lower case, a prefix, or the URL of the thing.
-- A scheme with rules of its own has a branch here; any other is decided by the pattern in its row of identity.scheme.
-- Example: select identity.canonical('isrc', 'gb-aye-68-00011')  -- GBAYE6800011
create or replace function identity.canonical(p_scheme text, p_value text)
returns text
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_value text := btrim(p_value, E' \t\r\n\u00a0\u200b\ufeff');
  v_reference identity.reference;
begin
  if octet_length(v_value) > 8000 then
    return null; -- longer than any id in any writing
  elsif strpos(v_value, '://') > 0 and p_scheme not in ('bandcamp', 'feed_url', 'episode_guid', 'genre', 'handle') then
    v_reference := identity.parse_url(v_value);
    if v_reference.scheme = p_scheme then
      return v_reference.value;
    end if;
  end if;

  v_value := case p_scheme
    when 'mbid' then identity.canonical_uuid(v_value)
    when 'isrc' then identity.canonical_isrc(v_value)
    when 'spotify' then identity.canonical_spotify(v_value)
    when 'gtin' then identity.canonical_gtin(v_value)
    when 'iswc' then identity.canonical_iswc(v_value)
    when 'isni' then identity.canonical_isni(v_value)
    when 'ipi' then identity.canonical_ipi(v_value)
    when 'genre' then nullif(identity.slug(v_value), '')
    when 'discogs' then substring(v_value from '^\[?[almrALMR]?=?([1-9][0-9]{0,19})\]?$')
    when 'wikidata' then substring(upper(v_value collate "C") from '^Q[1-9][0-9]{0,11}$')
    when 'apple_music' then substring(v_value from '^(?:id)?([1-9][0-9]{0,19})$')
    when 'deezer' then substring(v_value from '^[1-9][0-9]{0,19}$')
    when 'tidal' then substring(v_value from '^[1-9][0-9]{0,19}$')
    when 'youtube' then substring(v_value from '^(?:UC[0-9A-Za-z_-]{22}|[0-9A-Za-z_-]{11})$')
    when 'bandcamp' then identity.canonical_bandcamp(v_value)
    when 'isbn' then identity.canonical_isbn(v_value)
    when 'asin' then identity.canonical_asin(v_value)
    when 'podcast_guid' then identity.canonical_uuid(v_value)
    when 'feed_url' then identity.canonical_feed_url(v_value)
    when 'episode_guid' then nullif(v_value, '')
    when 'viaf' then substring(v_value from '^[1-9][0-9](?:[0-9]{0,7}|[0-9]{17,20})$')
    when 'openlibrary' then substring(upper(v_value collate "C") from '^(?:/?(?:AUTHORS|BOOKS|WORKS)/)?(OL[1-9][0-9]{0,11}[AMW])$')
    when 'ipi_base' then identity.canonical_ipi_base(v_value)
    when 'grid' then identity.canonical_grid(v_value)
    when 'dpid' then identity.canonical_dpid(v_value)
    when 'issn' then identity.canonical_issn(v_value)
    when 'ismn' then identity.canonical_ismn(v_value)
    when 'acoustid' then identity.canonical_uuid(v_value)
    when 'juke_id' then identity.canonical_uuid(v_value)
    when 'handle' then nullif(identity.slug(v_value), '')
    else identity.canonical_other(p_scheme, v_value)
  end;
  return case when octet_length(v_value) <= 2000 then v_value end; -- what an index key holds
end
$$;

comment on function identity.canonical(text, text) is
  'The canonical form of an identifier under its scheme, or null when it is not valid.';
