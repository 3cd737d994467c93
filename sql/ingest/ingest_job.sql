-- ingest.ingest_job(id) → how far a delivery is, by the id that ingest_json, ingest_rss or create_ingest_job has answered; null when there is none.
create or replace function ingest.ingest_job(id bigint)
returns ingest.job
language sql
stable
parallel safe
security definer -- an editor needs no right to the tables
set search_path = pg_catalog, pg_temp
as $$
  select ingest.job_of(id)
$$;

comment on function ingest.ingest_job(bigint) is
  E'@name ingest_job\nHow far a delivery is, by the id that `ingestJson`, `ingestRss` or `createIngestJob` has answered.';
