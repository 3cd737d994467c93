-- identity.podcast_guid(feed_url) → the GUID a podcast has when its feed states none.
-- Rule of the podcast namespace (tag podcast:guid): UUIDv5 (RFC 9562) of the address without protocol and trailing slashes,
-- in the namespace ead4c236-bf58-58c6-a2c6-a6b28d128cb6. A GUID that the feed states wins over this one.
-- Example: select identity.podcast_guid('https://podnews.net/rss')  -- 9b024349-ccf0-5f69-a609-6b82873eab3c
create or replace function identity.podcast_guid(feed_url text)
returns uuid
language sql
immutable
parallel safe
as $$
  select public.uuid_generate_v5(
    'ead4c236-bf58-58c6-a2c6-a6b28d128cb6',
    rtrim(regexp_replace(feed_url, '^[a-z]+://', '', 'i'), '/')
  )
$$;

comment on function identity.podcast_guid(text) is
  'The GUID that a podcast has by the address of its feed, by the rule of the podcast namespace.';
