-- ingest.fetched(run_id, delivery_id, etag, last_modified, moved_to): a location was fetched. delivery_id: what was there; null when it is what it was.
create or replace function ingest.fetched(
  p_run_id bigint, p_delivery_id bigint default null, p_etag text default null, p_last_modified text default null, p_moved_to text default null
)
returns void
language sql
volatile
as $$
  with run as (
    update ops.run r
    set delivery_id = coalesce(p_delivery_id, r.delivery_id)
    where r.run_id = p_run_id
    returning r.location_id
  )
  update ingest.location l
  set fetched_at = now(), failures = 0, error = null,
    changed_at = case when p_delivery_id is null then l.changed_at else now() end,
    etag = case when p_delivery_id is null then l.etag else p_etag end,
    last_modified = case when p_delivery_id is null then l.last_modified else p_last_modified end,
    -- Unless the source has it there already.
    url = case
      when p_moved_to is not null and octet_length(p_moved_to) <= 2000 and not exists (
        select from ingest.location o where o.source = l.source and o.url = p_moved_to
      ) then p_moved_to
      else l.url
    end
  from run
  where l.location_id = run.location_id
$$;

comment on function ingest.fetched(bigint, bigint, text, text, text) is 'Notes that a location was fetched, and what was there.';
