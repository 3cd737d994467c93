-- ingest.add_location(source, url, format, is_active) → the location that a source is fetched from. One that is there already keeps what is known of it,
-- and becomes active when it is added as such; the format of an active one is changed only by adding it as such. A source that is not known yet is created with the default priority.
-- Errors: JB203 source, JB213 a URL that is not fetched.
create or replace function ingest.add_location(p_source text, p_url text, p_format text default null, p_is_active boolean default true)
returns bigint
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  v_location_id bigint;
begin
  perform ingest.check_source(p_source);
  if p_url is null or p_url !~ '^(https?|s3)://[^[:space:]]+$' or p_url ~ '^[a-z0-9]+://[^/?#]*@' or octet_length(p_url) > 2000 then
    raise exception 'a URL that is not fetched: "%"', coalesce(left(regexp_replace(p_url, '//[^/?#]*@', '//…@'), 100), 'null')
      using errcode = 'JB213', detail = 'It begins with https:// or s3://, has no spaces, no user or password, and at most 2,000 bytes.',
        hint = 'For example: https://label.example/feed.xml or s3://bucket/key.xml.';
  end if;
  insert into ingest.source (source, title)
  values (p_source, p_source)
  on conflict do nothing;
  insert into ingest.location as l (source, url, format, is_active)
  values (p_source, p_url, p_format, p_is_active)
  on conflict (source, url) do update
    set format = case when l.is_active and not excluded.is_active then l.format else coalesce(excluded.format, l.format) end,
      is_active = l.is_active or excluded.is_active
  returning l.location_id into v_location_id;
  return v_location_id;
end
$$;

comment on function ingest.add_location(text, text, text, boolean) is 'The location that a source is fetched from, made when it is not there.';
