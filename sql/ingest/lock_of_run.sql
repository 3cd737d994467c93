-- ingest.lock_of_run(run_id) → the key of the session lock that whoever is at a run holds. Postgres gives it up when that process ends,
-- however it ends: a run at work whose lock is free is stranded.
-- Example: select pg_try_advisory_lock(ingest.lock_of_run(5))
create or replace function ingest.lock_of_run(p_run_id bigint)
returns bigint
language sql
immutable
parallel safe
as $$
  select (hashtext('ingest.run')::bigint << 32) | (p_run_id & x'ffffffff'::bigint)
$$;

comment on function ingest.lock_of_run(bigint) is 'The key of the session lock that whoever is at a run holds.';
