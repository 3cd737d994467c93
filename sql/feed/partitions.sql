-- feed.partitions() → the partitions of feed.event that have bounds, the oldest first.
create or replace function feed.partitions()
returns table (partition regclass, since timestamptz, until timestamptz)
language sql
stable
rows 10
set search_path = pg_catalog, pg_temp
as $$
  select c.oid::regclass, b.bounds[1]::timestamptz, b.bounds[2]::timestamptz
  from pg_catalog.pg_inherits i
  join pg_catalog.pg_class c on c.oid = i.inhrelid
  cross join lateral regexp_match(
    pg_get_expr(c.relpartbound, c.oid), '^FOR VALUES FROM \(''(.+)''\) TO \(''(.+)''\)$'
  ) b (bounds)
  where i.inhparent = 'feed.event'::regclass and b.bounds is not null
  order by 2
$$;

comment on function feed.partitions() is 'The partitions of the feed by time.';
