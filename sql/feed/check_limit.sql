-- feed.check_limit(limit): raises JB304 unless it is 1 to 10,000.
create or replace function feed.check_limit("limit" int)
returns void
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
  if "limit" is null or "limit" not between 1 and 10000 then
    raise exception 'limit is out of range: %', coalesce("limit"::text, 'null')
      using errcode = 'JB304', detail = 'A page of the feed has 1 to 10,000 events.', hint = 'Ask for 1 to 10,000 events.';
  end if;
end
$$;

comment on function feed.check_limit(int) is 'Refuses a page of the feed that is too large, or empty.';
