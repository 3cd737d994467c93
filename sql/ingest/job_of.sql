-- ingest.job_of(run_id) → the run as those see it who have asked for it; null when there is none. The query of a URL is left out: it may be signed.
create or replace function ingest.job_of(p_run_id bigint)
returns ingest.job
language sql
stable
parallel safe
as $$
  select row (
    r.run_id, r.status, r.task, coalesce(d.source, l.source), coalesce(r.delivery_key, k.delivery_key),
    encode(coalesce(d.sha256, r.sha256), 'hex'), regexp_replace(l.url, '[?].*', ''), d.format, r.requested_at, r.started_at, r.finished_at,
    r.records, r.new, r.changed, r.unchanged, r.quarantined, r.warnings, r.error_code, r.error, r.error_hint
  )::ingest.job
  from ops.run r
  left join ingest.delivery d on d.delivery_id = r.delivery_id
  left join ingest.location l on l.location_id = r.location_id
  left join lateral (
    select max(k.delivery_key) as delivery_key from ingest.delivery_key k where k.delivery_id = r.delivery_id
  ) k on true
  where r.run_id = p_run_id
$$;

comment on function ingest.job_of(bigint) is 'A run as those see it who have asked for it.';
