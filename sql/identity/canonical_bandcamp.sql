-- identity.canonical_bandcamp(value) → the address of an artist, album or track on Bandcamp, or null: https, the host in
-- lower case, without query, fragment, /music and trailing slash. The protocol may be missing.
-- Hosts of Bandcamp itself (www, daily…) are no artist's.
-- Example: select identity.canonical_bandcamp('http://Radiohead.bandcamp.com/music')  -- https://radiohead.bandcamp.com
create or replace function identity.canonical_bandcamp(p_value text)
returns text
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_address constant text := substring(regexp_replace(p_value, '^[Hh][Tt][Tt][Pp][Ss]?://', '') from '^[^?#]*');
  v_host constant text := lower(split_part(v_address, '/', 1) collate "C");
  v_path constant text := rtrim(substr(v_address, length(v_host) + 1), '/');
begin
  return case
    when v_host !~ '^[a-z0-9-]+[.]bandcamp[.]com$' or split_part(v_host, '.', 1) in ('www', 'daily', 'get', 'blog', 'support')
    then null
    when v_path in ('', '/music') then 'https://' || v_host
    when v_path ~ '^/(?:album|track)/[^/[:space:]]+$' then 'https://' || v_host || v_path
  end;
end
$$;

comment on function identity.canonical_bandcamp(text) is
  'The address of an artist, album or track on Bandcamp, as it is always written, or null.';
