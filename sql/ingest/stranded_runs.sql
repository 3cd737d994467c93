-- ingest.stranded_runs() → the runs that wait although nobody is at them: those of a process that ended, and those whose job was lost.
-- A run that was requested this moment is left to its job.
create or replace function ingest.stranded_runs()
returns table (run_id bigint, task text)
language sql
stable
rows 10
as $$
  select r.run_id, r.task
  from ops.run r
  where r.status in ('queued', 'running')
    and r.requested_at < now() - interval '2 seconds'
    and not exists (
      select
      from pg_locks l
      where l.locktype = 'advisory' and l.database = (select d.oid from pg_database d where d.datname = current_database())
        and l.objsubid = 1 and l.granted
        and (l.classid::bigint << 32) | l.objid::bigint = ingest.lock_of_run(r.run_id)
    )
  order by r.run_id
$$;

comment on function ingest.stranded_runs() is 'The runs that wait although nobody is at them.';
