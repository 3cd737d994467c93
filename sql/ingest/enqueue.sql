-- ingest.enqueue(run_id): a job for the run, once. Without graphile-worker's schema (no worker has ever run here) there is no queue yet: the first
-- worker finds the run among the stranded ones.
create or replace function ingest.enqueue(p_run_id bigint)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
  if to_regnamespace('graphile_worker') is null then
    return;
  end if;
  execute $sql$
    select graphile_worker.add_job(
      case r.task when 'fetch' then 'ingest/fetch' else 'ingest/normalise' end, json_build_object('runId', r.run_id),
      job_key => 'ingest-run-' || r.run_id, job_key_mode => 'preserve_run_at', max_attempts => 12
    )
    from ops.run r
    where r.run_id = $1 and r.status in ('queued', 'running')
  $sql$ using p_run_id;
end
$$;

comment on function ingest.enqueue(bigint) is 'Queues the job of a run, once.';
