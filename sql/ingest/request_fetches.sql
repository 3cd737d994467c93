-- ingest.request_fetches(location_ids, next_at) → the runs that fetch these locations, queued, where none is open; and when each is due the next time.
create or replace function ingest.request_fetches(p_location_ids bigint[], p_next_at timestamptz[])
returns bigint[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  v_run_ids bigint[];
begin
  update ingest.location l
  set next_at = n.next_at
  from unnest(p_location_ids, p_next_at) n (location_id, next_at)
  where l.location_id = n.location_id;
  with requested as (
    insert into ops.run (task, location_id, actor)
    select 'fetch', l.location_id, identity.actor()
    from ingest.location l
    where l.location_id = any (p_location_ids)
    order by l.location_id
    on conflict (location_id, coalesce(delivery_key, ''), coalesce(sha256, '')) where status in ('queued', 'running') and task = 'fetch' do nothing
    returning run_id
  )
  select coalesce(array_agg(q.run_id), '{}') into v_run_ids from requested q;
  perform ingest.enqueue(v_run_ids);
  return v_run_ids;
end
$$;

comment on function ingest.request_fetches(bigint[], timestamptz[]) is
  'Queues the runs that fetch locations, and says when these are due the next time.';
