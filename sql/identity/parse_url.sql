-- identity.parse_url(url) → (scheme, value, kinds) of the URL of a known service, or null. The protocol may be missing.
-- The services are the rows of identity.url_pattern. Query strings, languages (/intl-de/) and sub-domains do not matter.
-- Example: select * from identity.parse_url('https://open.spotify.com/intl-de/artist/4Z8W4fKeB5YxbusRsdQVPb?si=x')
create or replace function identity.parse_url(p_url text)
returns identity.reference
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_address constant text := regexp_replace(p_url, '^(?:[Hh][Tt][Tt][Pp][Ss]?:)?//', '');
  v_authority constant text := substring(v_address from '^[^/?#]*');
  v_host constant text := lower(regexp_replace(split_part(v_authority, '@', -1), ':[0-9]*$', ''));
  v_domains constant text[] := identity.domains(v_host);
  v_url constant text := v_host || substr(v_address, length(v_authority) + 1);
  v_result identity.reference;
begin
  select p.scheme, c.value, p.kinds
  into v_result
  from identity.url_pattern p
  cross join lateral (select (regexp_match(v_url, p.pattern))[1] as written offset 0) m
  cross join lateral (select identity.canonical(p.scheme, m.written) as value offset 0) c
  where p.domain = any (v_domains)
    and c.value is not null
  order by regexp_instr(v_url, p.pattern), p.pattern -- what stands first in the path, whatever follows it
  limit 1;
  return v_result;
end
$$;

comment on function identity.parse_url(text) is
  'What the URL of a known service names: scheme, canonical value, kinds; null when no pattern fits.';
