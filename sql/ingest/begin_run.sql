-- ingest.begin_run(run_id): the run is at work.
-- Errors: JB207 when it is over.
create or replace function ingest.begin_run(p_run_id bigint)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
  update ops.run r
  set status = 'running', attempts = r.attempts + 1, started_at = coalesce(r.started_at, now()), heartbeat_at = now()
  where r.run_id = p_run_id and r.status in ('queued', 'running');
  if not found then
    raise exception 'run % is over', coalesce(p_run_id::text, 'null')
      using errcode = 'JB207',
        detail = coalesce((select format('It has %s.', r.status) from ops.run r where r.run_id = p_run_id), 'There is no such run.'),
        hint = 'Start another with ingest.start_run, or jukebase replay.';
  end if;
end
$$;

comment on function ingest.begin_run(bigint) is 'A run is at work.';
