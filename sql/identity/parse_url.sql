-- identity.parse_url(url) → (scheme, value, kinds) of the URL of a known service, or null.
-- The services are the rows of identity.url_pattern. Query strings, languages (/intl-de/) and sub-domains do not matter.
-- Example: select * from identity.parse_url('https://open.spotify.com/intl-de/artist/4Z8W4fKeB5YxbusRsdQVPb?si=x')
create or replace function identity.parse_url(p_url text)
returns identity.reference
language plpgsql
stable
parallel safe
set search_path = ''
as $$
declare
  v_parts constant text[] := regexp_match(p_url, '^(?:https?:)?(?://)?(?:[^@/]*@)?([^/:?#]+)(?::[0-9]+)?(.*)$', 'i');
  v_host constant text := lower(v_parts[1]);
  v_url constant text := v_host || v_parts[2];
  v_result identity.reference;
begin
  select p.scheme, v.value, p.kinds
  into v_result
  from identity.url_pattern p
  cross join lateral (select (regexp_match(v_url, p.pattern))[1] as value) m
  cross join lateral (
    select case p.scheme when 'bandcamp' then 'https://' || m.value else identity.canonical(p.scheme, m.value) end as value
  ) v
  where p.domain = substring(v_host from '[^.]+[.][^.]+$')
    and m.value is not null
    and octet_length(v.value) <= 2000
  order by regexp_instr(v_url, p.pattern), p.pattern -- what stands first in the path, whatever follows it
  limit 1;
  return v_result;
end
$$;

comment on function identity.parse_url(text) is
  'What the URL of a known service names: scheme, canonical value, kinds; null when no pattern fits.';
