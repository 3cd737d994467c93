-- identity.canonical_feed_url(value) → the address of a feed as it is compared, or null when it is no web address.
-- The protocol becomes https and trailing slashes go, as for the podcast GUID, to which they make no difference; the host
-- is put in lower case; user and password, the port of http or https, and the fragment are dropped. Path and query stay
-- as they are. feed:, itpc:, pcast: and podcast: in front are understood. The address to fetch is an attribute of
-- the podcast; this one only says which feed it is.
-- Example: select identity.canonical_feed_url('feed://Podnews.net:80/rss/#top')  -- https://podnews.net/rss
create or replace function identity.canonical_feed_url(p_value text)
returns text
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_protocol constant text := lower(split_part(p_value, '://', 1));
  v_address constant text := split_part(substr(p_value, length(v_protocol) + 4), '#', 1);
  v_authority constant text := substring(v_address from '^[^/?]*');
  v_host constant text := regexp_replace(lower(regexp_replace(v_authority, '^.*@', '')), ':0*(?:80|443)?$', '');
begin
  return case
    when v_protocol in (
        'https', 'http', 'feed', 'itpc', 'pcast', 'podcast',
        'feed:https', 'feed:http', 'itpc:http', 'pcast:http', 'podcast:https', 'podcast:http'
      )
      and v_host ~ '^(?:[^][[:space:]:]+|\[[0-9a-f:.]+\])(?::[0-9]+)?$'
      and v_address !~ '[[:space:]]'
    then 'https://' || v_host || rtrim(substr(v_address, length(v_authority) + 1), '/')
  end;
end
$$;

comment on function identity.canonical_feed_url(text) is
  'The address of a feed as it is compared: https, host in lower case, no user, default port, fragment and trailing slash.';
