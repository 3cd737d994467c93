-- ingest.finish_fetch(run_id, ingest_run_id): what was fetched is taken in, or has failed to be, as that run says; null: there was nothing new.
-- While that run is not over (another process is at it, or it was cut short), the fetch is not over either.
create or replace function ingest.finish_fetch(p_run_id bigint, p_ingest_run_id bigint default null)
returns void
language sql
volatile
as $$
  update ops.run r
  set status = case i.status when 'failed' then 'failed' else 'succeeded' end::ops.run_status,
    error_code = i.error_code, error = i.error, error_hint = i.error_hint,
    records = coalesce(i.records, 0), new = coalesce(i.new, 0), changed = coalesce(i.changed, 0),
    unchanged = coalesce(i.unchanged, 0), entities_minted = coalesce(i.entities_minted, 0),
    entities_changed = coalesce(i.entities_changed, 0), placeholders = coalesce(i.placeholders, 0),
    quarantined = coalesce(i.quarantined, 0), warnings = coalesce(i.warnings, 0), finished_at = now(), heartbeat_at = now()
  from (select 1) one
  left join ops.run i on i.run_id = p_ingest_run_id
  where r.run_id = p_run_id and r.status in ('queued', 'running')
    and (i.status in ('queued', 'running')) is not true
$$;

comment on function ingest.finish_fetch(bigint, bigint) is 'Ends the run of a fetch with what became of what was fetched.';
