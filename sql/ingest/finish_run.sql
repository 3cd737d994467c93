-- ingest.finish_run(run_id, code, error, hint): the run has succeeded, or failed for this reason; the delivery is applied, or has failed.
-- What of the delivery was in quarantine and was not met again is resolved, unless the run has failed; entities that it has made and that may be there
-- already are put to review. A run that is over stays as it is.
create or replace function ingest.finish_run(
  p_run_id bigint, p_code text default null, p_error text default null, p_hint text default null
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
  with finished as (
    update ops.run r
    set status = case when p_error is null then 'succeeded' else 'failed' end::ops.run_status,
      error_code = p_code, error = p_error, error_hint = p_hint, finished_at = now(), heartbeat_at = now()
    where r.run_id = p_run_id and r.status in ('queued', 'running')
    returning r.run_id, r.delivery_id
  ),
  resolved as (
    update ingest.quarantine q
    set status = 'resolved', decided_at = now(), decided_by = identity.actor()
    from finished f
    where q.delivery_id = f.delivery_id and q.run_id <> f.run_id and q.status = 'open' and p_error is null
  )
  update ingest.delivery d
  set status = case when p_error is null then 'applied' else 'failed' end::ingest.delivery_status, error = p_error, closed_at = now()
  from finished f
  where d.delivery_id = f.delivery_id;

  if found and p_error is null then
    perform identity.review_duplicates(p_run_id);
  end if;
end
$$;

comment on function ingest.finish_run(bigint, text, text, text) is 'Ends a run and its delivery: applied, or failed with a reason.';
