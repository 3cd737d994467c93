-- ingest.enqueue(run_ids): a job for each of these runs that is not over, once, and one notice for all. Without graphile-worker's schema (no worker has ever
-- run here) there is no queue yet: the first worker finds the runs among the stranded ones.
create or replace function ingest.enqueue(p_run_ids bigint[])
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  v_run_ids constant bigint[] := array(
    select r.run_id from ops.run r where r.run_id = any (p_run_ids) and r.status in ('queued', 'running')
  );
begin
  if v_run_ids = '{}' or to_regnamespace('graphile_worker') is null then
    return;
  end if;
  execute $sql$
    select graphile_worker.add_jobs(
      array(
        select row (
          case r.task when 'fetch' then 'ingest/fetch' else 'ingest/normalise' end, json_build_object('runId', r.run_id),
          null, null, 12, 'ingest-run-' || r.run_id, null, null
        )::graphile_worker.job_spec
        from ops.run r
        where r.run_id = any ($1)
        order by r.run_id
      ),
      job_key_preserve_run_at => true
    )
  $sql$ using v_run_ids;
end
$$;

comment on function ingest.enqueue(bigint[]) is 'Queues the jobs of runs, once each.';
