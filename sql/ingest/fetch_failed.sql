-- ingest.fetch_failed(run_id, error): a location could not be fetched. It is asked less often the more often that happens in a row: 2, 4, 8… hours
-- later at the earliest, a day at most.
create or replace function ingest.fetch_failed(p_run_id bigint, p_error text)
returns void
language sql
volatile
as $$
  update ingest.location l
  set failures = l.failures + 1, error = p_error,
    next_at = greatest(l.next_at, now() + least(interval '1 hour' * 2 ^ least(l.failures, 10), interval '1 day'))
  from ops.run r
  where r.run_id = p_run_id and l.location_id = r.location_id
$$;

comment on function ingest.fetch_failed(bigint, text) is 'Notes that a location could not be fetched; it is asked later then.';
