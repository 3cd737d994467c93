-- identity.parse(ref) → (scheme, value, kinds) of anything a person would paste, or null when it is not a reference:
--   a uuid · juke_id:UUID · SCHEME:VALUE · SCHEME:TYPE:VALUE (spotify:track:…, discogs:master:…) · urn:isrc:… · a URL
-- A uuid that nothing qualifies has the scheme 'uuid': it may be a juke_id or the id of any scheme that uses uuids.
-- Example: select * from identity.parse('isrc:GB-AYE-68-00011')  -- (isrc, GBAYE6800011, {track,video})
create or replace function identity.parse(p_ref text)
returns identity.reference
language plpgsql
stable
parallel safe
set search_path = ''
as $$
declare
  v_ref constant text := regexp_replace(
    left(btrim(p_ref, E' \t\r\n\u00a0\u200b\ufeff'), 4001), '^urn:', '', 'i'
  );
  v_scheme text := lower(split_part(v_ref, ':', 1));
  v_rest constant text := substr(v_ref, length(v_scheme) + 2);
  v_type constant text := lower(split_part(v_rest, ':', 1));
  v_value text;
  v_row identity.scheme;
  v_result identity.reference;
begin
  if length(v_ref) > 4000 then
    return null; -- longer than any id: not worth reading
  elsif v_ref ~* '^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$' then
    return row ('uuid', v_ref::uuid::text, null)::identity.reference;
  elsif v_ref ~* '^https?://' then
    return identity.parse_url(v_ref);
  elsif v_scheme in ('juke_id', 'uuid') then
    return case when v_rest ~* '^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$'
      then row (v_scheme, v_rest::uuid::text, null)::identity.reference end;
  end if;

  v_scheme := case v_scheme when 'musicbrainz' then 'mbid' when 'upc' then 'gtin' when 'ean' then 'gtin' else v_scheme end;
  select s.* into v_row from identity.scheme s where s.scheme = v_scheme;
  if not found then
    -- A URL without its protocol: open.spotify.com/artist/…
    return case when v_ref ~ '^[^/:[:space:]]+[.][a-z]+/' then identity.parse_url(v_ref) end;
  end if;

  if v_rest like '%:%' and v_row.uri_base is not null then
    v_result := identity.parse_url(v_row.uri_base || v_type || '/' || substr(v_rest, length(v_type) + 2));
    if v_result.scheme = v_scheme then
      return v_result;
    end if;
  end if;
  if v_type = any (v_row.kinds::text[]) and v_rest like '%:%' then
    v_value := identity.canonical(v_scheme, substr(v_rest, length(v_type) + 2));
    return case when v_value is not null
      then row (v_scheme, v_value, array[v_type::catalog.entity_kind])::identity.reference end;
  end if;
  v_value := identity.canonical(v_scheme, v_rest);
  return case when v_value is not null then row (v_scheme, v_value, null)::identity.reference end;
end
$$;

comment on function identity.parse(text) is
  'Reads a reference: uuid, juke_id:…, scheme:value, scheme:type:value, urn:…, or the URL of a known service.';
