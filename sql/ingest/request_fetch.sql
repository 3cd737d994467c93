-- ingest.request_fetch(location_id, next_at) → the run that fetches a location, queued, unless one is open; and when it is due the next time.
create or replace function ingest.request_fetch(p_location_id bigint, p_next_at timestamptz)
returns bigint
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  v_run_id bigint;
begin
  update ingest.location l set next_at = p_next_at where l.location_id = p_location_id;
  insert into ops.run (task, location_id, actor)
  values ('fetch', p_location_id, identity.actor())
  on conflict (location_id, coalesce(delivery_key, ''), coalesce(sha256, '')) where status in ('queued', 'running') and task = 'fetch' do nothing
  returning run_id into v_run_id;
  if v_run_id is not null then
    perform ingest.enqueue(v_run_id);
  end if;
  return v_run_id;
end
$$;

comment on function ingest.request_fetch(bigint, timestamptz) is 'Queues the run that fetches a location, and says when it is due the next time.';
