-- ingest.ingest_json(source, delivery_id, checksum, content) → the job that will take the records in. content: JSON as a file would hold it: records of
-- ours, one a line, or a document of another format that is understood. See ingest.receive_text for the rest and the errors.
create or replace function ingest.ingest_json(source text, delivery_id text, checksum text, content text)
returns ingest.job
language sql
volatile
security definer -- an editor needs no right to the tables
set search_path = pg_catalog, pg_temp
as $$
  select ingest.receive_text(source, delivery_id, checksum, content, delivery_id, 'unknown')
$$;

comment on function ingest.ingest_json(text, text, text, text) is
  E'@name ingest_json\n@resultFieldName job\nDelivers JSON: records, one a line, or a document of another format that is understood. `checksum` is the SHA-256 of `content`. The same `deliveryId` with the same checksum is accepted again and nothing happens. Errors: JB203 source, JB205 the id was used for other bytes, JB206, JB211, JB212 the checksum is another.';
