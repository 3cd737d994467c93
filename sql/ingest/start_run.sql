-- ingest.start_run(delivery_id, task) → the run that takes a delivery in: the one that is open already, else a new one, queued.
-- task: ingest, or replay (what is there already is read once more).
-- Errors: JB203 what people have said by hand is not delivered, JB204 no such delivery.
create or replace function ingest.start_run(p_delivery_id bigint, p_task text default 'ingest')
returns bigint
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  v_run_id bigint;
  v_source constant text := (ingest.known_delivery(p_delivery_id)).source;
begin
  perform ingest.check_deliverer(v_source);
  perform from ingest.delivery d where d.delivery_id = p_delivery_id for no key update;
  select r.run_id into v_run_id
  from ops.run r
  where r.delivery_id = p_delivery_id and r.status in ('queued', 'running') and r.task <> 'fetch';
  if found then
    return v_run_id;
  end if;
  insert into ops.run (task, delivery_id, actor)
  values (p_task, p_delivery_id, identity.actor())
  returning run_id into v_run_id;
  perform pg_advisory_xact_lock(ingest.lock_of_source(v_source)); -- see ingest.differing
  update ingest.delivery d
  set status = 'open', error = null, closed_at = null
  where d.delivery_id = p_delivery_id;
  return v_run_id;
end
$$;

comment on function ingest.start_run(bigint, text) is 'The run that takes a delivery in: the open one, else a new one.';
