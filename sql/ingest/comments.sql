-- What GraphQL says of the types of ingest.
comment on type ops.run_status is
  E'@name job_status\nQUEUED: waits for a worker. RUNNING: at work, or to be gone on with. SUCCEEDED: taken in; what could not be is in quarantine. FAILED: refused as a whole, or given up. CANCELLED: by a person.';

comment on type ingest.job is
  E'@name ingest_job\nA delivery on its way into the catalog.';
comment on column ingest.job.job_id is E'@notNull\nWhat `ingestJob` takes.';
comment on column ingest.job.status is E'@notNull\nHow far it is.';
comment on column ingest.job.task is E'@notNull\n`ingest`, `replay` or `fetch`.';
comment on column ingest.job.source is 'Who delivers.';
comment on column ingest.job.delivery_id is 'The deliverer''s own id of the delivery.';
comment on column ingest.job.checksum is 'The SHA-256 of its bytes.';
comment on column ingest.job.url is 'Where it is fetched from.';
comment on column ingest.job.format is 'What it is; `unknown` until it was looked at.';
comment on column ingest.job.requested_at is E'@notNull\nSince when it waits.';
comment on column ingest.job.started_at is 'When a worker began.';
comment on column ingest.job.finished_at is 'When it was over.';
comment on column ingest.job.records is E'@notNull\nRecords that were taken in so far.';
comment on column ingest.job.new is E'@notNull\nRecords of them that were not known.';
comment on column ingest.job.changed is E'@notNull\nRecords of them that say something else now.';
comment on column ingest.job.unchanged is E'@notNull\nRecords of them that say what they said.';
comment on column ingest.job.quarantined is E'@notNull\nRecords that could not be taken.';
comment on column ingest.job.warnings is E'@notNull\nWhat was read all the same, and should be known.';
comment on column ingest.job.error_code is 'Why it failed: a code.';
comment on column ingest.job.error is 'Why it failed.';
comment on column ingest.job.error_hint is 'What to do about it.';
