-- ingest.due_locations(limit) → the locations that are to be fetched now, with the schedule of their source (null: every hour), the longest due first.
create or replace function ingest.due_locations(p_limit int default 1000)
returns table (location_id bigint, source text, url text, schedule text, failures int)
language sql
stable
rows 100
as $$
  select l.location_id, l.source, l.url, s.schedule, l.failures
  from ingest.location l
  join ingest.source s on s.source = l.source
  where l.is_active and l.next_at <= now()
  order by l.next_at
  limit p_limit
$$;

comment on function ingest.due_locations(int) is 'The locations that are to be fetched now.';
