-- identity.url_of(scheme, value, kind) → the address where a person can look at what an id names, or null when there is none.
-- kind may be null where the value alone says it; where the kind decides and is missing, the answer is null.
-- value: in its canonical form. A value that is an address is its own URL.
-- Example: select identity.url_of('discogs', '21491', 'album')  -- https://www.discogs.com/master/21491
create or replace function identity.url_of(p_scheme text, p_value text, p_kind catalog.entity_kind default null)
returns text
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
  if p_value like 'https://%' then
    return p_value;
  end if;
  return (
    select case when count(*) = 1 then min(u.url) end
    from identity.url_pattern p
    cross join lateral replace(p.template, '{value}', p_value) u (url)
    where p.scheme = p_scheme
      and (p_kind is null or p_kind = any (p.kinds))
      and substr(u.url, length('https://') + 1) ~ p.pattern -- a channel is not a video
  );
end
$$;

comment on function identity.url_of(text, text, catalog.entity_kind) is
  'The address where a person can look at what an id names, or null when there is none.';
