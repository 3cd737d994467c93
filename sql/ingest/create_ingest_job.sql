-- ingest.create_ingest_job(source, url, delivery_id, checksum, format) → the job that will fetch a URL (https: or s3:) and take it in.
-- delivery_id and checksum: the deliverer's own id, and the SHA-256 that the bytes must have; null for none. The same id again answers the job there is.
-- format: of what is there; a location that its source is configured to be fetched from keeps its own.
-- Errors: JB203 source, JB205 the id was used for other bytes, JB206 no usable id, JB211 no checksum, JB213 a URL that is not fetched.
create or replace function ingest.create_ingest_job(
  source text, url text, delivery_id text default null, checksum text default null, format text default null
)
returns ingest.job
language plpgsql
volatile
security definer -- an editor needs no right to the tables
set search_path = pg_catalog, pg_temp
as $$
declare
  v_sha256 constant bytea := ingest.checked_sha256(checksum);
  v_location_id bigint;
  v_run_id bigint;
begin
  perform ingest.check_deliverer(source);
  perform ingest.check_delivery_key(delivery_id);
  select r.run_id into v_run_id
  from ops.run r
  join ingest.location l on l.location_id = r.location_id
  where l.source = create_ingest_job.source and r.delivery_key = create_ingest_job.delivery_id
    and r.status in ('queued', 'running', 'succeeded')
    and r.sha256 is not distinct from v_sha256
  order by r.run_id desc
  limit 1;
  if found then
    return ingest.job_of(v_run_id);
  end if;
  if exists (
    select
    from ingest.delivery_key k
    join ingest.delivery d on d.delivery_id = k.delivery_id
    where k.source = create_ingest_job.source and k.delivery_key = create_ingest_job.delivery_id and d.sha256 <> v_sha256
    union all
    select -- that is still to be fetched
    from ops.run r
    join ingest.location l on l.location_id = r.location_id
    where l.source = create_ingest_job.source and r.delivery_key = create_ingest_job.delivery_id
      and r.status in ('queued', 'running') and r.sha256 <> v_sha256
  ) then
    raise exception 'the delivery id "%" was used for other bytes', left(delivery_id, 100)
      using errcode = 'JB205', detail = 'A delivery of this source has the id, and another checksum.',
        hint = 'Deliver the same bytes again under the same id, and other bytes under another.';
  end if;
  v_location_id := ingest.add_location(source, url, format, p_is_active => false);
  insert into ops.run (task, location_id, actor, delivery_key, sha256)
  values ('fetch', v_location_id, identity.actor(), delivery_id, v_sha256)
  on conflict (location_id, coalesce(delivery_key, ''), coalesce(sha256, '')) where status in ('queued', 'running') and task = 'fetch' do nothing
  returning run_id into v_run_id;
  if v_run_id is null then
    select r.run_id into v_run_id
    from ops.run r
    where r.location_id = v_location_id and r.status in ('queued', 'running') and r.task = 'fetch'
      and r.delivery_key is not distinct from create_ingest_job.delivery_id and r.sha256 is not distinct from v_sha256;
  end if;
  perform ingest.enqueue(array[v_run_id]);
  return ingest.job_of(v_run_id);
end
$$;

comment on function ingest.create_ingest_job(text, text, text, text, text) is
  E'@name create_ingest_job\n@resultFieldName job\nFetches a URL (https: or s3:) and takes it in. `deliveryId` is your own id of the delivery, `checksum` the SHA-256 that its bytes must have. Errors: JB203 source, JB205 the id was used for other bytes, JB206, JB211, JB213 a URL that is not fetched.';
