-- identity.parse_stated(ref) → (scheme, value, kinds) of a reference that says what it is, or null:
--   a uuid · juke_id:UUID · SCHEME:VALUE · SCHEME VALUE (ISRC GB-AYE-68-00011) · SCHEME:TYPE:VALUE (spotify:track:…,
--   discogs:master:…) · KIND:NAME (artist:radiohead) · urn:isrc:… · the URL of a known service
-- A uuid that nothing qualifies has the scheme 'uuid': it may be a juke_id or the id of any scheme that uses uuids.
-- Example: select * from identity.parse_stated('discogs:m21491')  -- (discogs, 21491, {album})
create or replace function identity.parse_stated(p_ref text)
returns identity.reference
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_given constant text := left(btrim(p_ref, E' \t\r\n\u00a0\u200b\ufeff'), 4001);
  v_ref constant text := case when lower(left(v_given, 4)) = 'urn:' then substr(v_given, 5) else v_given end;
  v_separator constant text := case when strpos(v_ref, ':') > 0 then ':' else ' ' end;
  v_name constant text := lower(split_part(v_ref, v_separator, 1));
  v_rest text := split_part(v_ref, v_separator, 2);
  v_type text;
  v_value text;
  v_kinds catalog.entity_kind[];
  v_scheme text;
  v_names catalog.entity_kind[];
  v_uri_base text;
  v_result identity.reference;
begin
  if length(v_ref) > 4000 then
    return null; -- longer than any id: not worth reading
  elsif length(v_ref) between 32 and 36 and v_ref ~* '^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$' then
    return row ('uuid', v_ref::uuid::text, null)::identity.reference;
  elsif v_ref ~* '^https?://' then
    return identity.parse_url(v_ref);
  elsif v_rest = '' then -- one word; perhaps a URL without its protocol: open.spotify.com/artist/…
    return case when v_ref ~ '^[^/:[:space:]]+[.][a-z]+/' then identity.parse_url(v_ref) end;
  end if;

  v_rest := btrim(substr(v_ref, strpos(v_ref, v_separator) + 1));
  if v_name = 'uuid' then
    v_value := identity.canonical_uuid(v_rest);
    return case when v_value is not null then row ('uuid', v_value, null)::identity.reference end;
  end if;
  select s.scheme, s.kinds, s.uri_base into v_scheme, v_names, v_uri_base
  from identity.scheme s
  where s.scheme = v_name or v_name = any (s.aliases);
  -- A space is enough where a number follows that is printed with its name: ISBN 978-1-85798-218-3.
  if v_separator = ' ' and (v_rest !~ '[0-9]' or not exists (select from identity.shape h where h.scheme = v_scheme)) then
    v_scheme := null;
  end if;
  if v_scheme is null then
    if v_separator = ':' and v_name = any (enum_range(null::catalog.entity_kind)::text[])
      and identity.canonical_uuid(v_rest) is null
    then
      v_value := identity.canonical('handle', v_rest);
      return case when v_value is not null
        then row ('handle', v_value, array[v_name::catalog.entity_kind])::identity.reference end;
    end if;
    return case when v_ref ~ '^[^/:[:space:]]+[.][a-z]+/' then identity.parse_url(v_ref) end;
  end if;

  if strpos(v_rest, ':') > 0 then
    v_type := lower(split_part(v_rest, ':', 1));
    v_value := substr(v_rest, length(v_type) + 2);
    if v_uri_base is not null then
      v_result := identity.parse_url(v_uri_base || v_type || '/' || v_value);
      if v_result.scheme = v_scheme then
        return v_result;
      end if;
    end if;
    if v_type = any (v_names::text[]) then
      v_kinds := coalesce(identity.named_kinds(v_scheme, v_value), v_names);
      v_value := identity.canonical(v_scheme, v_value);
      return case when v_value is not null and v_type::catalog.entity_kind = any (v_kinds)
        then row (v_scheme, v_value, array[v_type::catalog.entity_kind])::identity.reference end;
    end if;
  end if;
  v_value := identity.canonical(v_scheme, v_rest);
  return case when v_value is not null
    then row (v_scheme, v_value, identity.named_kinds(v_scheme, v_rest))::identity.reference end;
end
$$;

comment on function identity.parse_stated(text) is
  'Reads a reference that says what it is: uuid, juke_id:…, scheme:value, scheme:type:value, kind:name, urn:…, or the URL of a known service.';
