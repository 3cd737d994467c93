-- ingest.put_aside(run_id, refused): records of the run's delivery that cannot be taken go to the quarantine, with their place and the reason.
-- refused: a JSON array of {pointer, code, message, detail?, hint?, record?}. What is there already is not put there twice; what somebody
-- has dropped stays dropped. Returns how many are open.
create or replace function ingest.put_aside(p_run_id bigint, p_refused jsonb)
returns int
language sql
volatile
as $$
  with refused as (
    select distinct on (f.pointer, f.code) f.*
    from jsonb_to_recordset(p_refused) as f (pointer text, code text, message text, detail text, hint text, record jsonb)
    order by f.pointer, f.code
  ),
  kept as (
    insert into ingest.quarantine as q (delivery_id, run_id, pointer, code, message, detail, hint, record)
    select r.delivery_id, r.run_id, f.pointer, f.code, f.message, f.detail, f.hint, f.record
    from refused f, ops.run r
    where r.run_id = p_run_id
    order by f.pointer, f.code
    on conflict (delivery_id, md5(pointer), code) where status <> 'resolved' do update
      set run_id = excluded.run_id, message = excluded.message, detail = excluded.detail, hint = excluded.hint,
        record = excluded.record
    returning status
  )
  select count(*)::int from kept k where k.status = 'open'
$$;

comment on function ingest.put_aside(bigint, jsonb) is 'Puts records that cannot be taken into the quarantine, with place and reason.';
