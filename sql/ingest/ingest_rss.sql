-- ingest.ingest_rss(source, delivery_id, checksum, content) → the job that will take a podcast's feed in. content: the feed, RSS or Atom.
-- See ingest.receive_text for the rest and the errors.
create or replace function ingest.ingest_rss(source text, delivery_id text, checksum text, content text)
returns ingest.job
language sql
volatile
security definer -- an editor needs no right to the tables
set search_path = pg_catalog, pg_temp
as $$
  select ingest.receive_text(source, delivery_id, checksum, content, delivery_id, 'podcast')
$$;

comment on function ingest.ingest_rss(text, text, text, text) is
  E'@name ingest_rss\n@resultFieldName job\nDelivers the feed of a podcast, RSS or Atom. `checksum` is the SHA-256 of `content`. The same `deliveryId` with the same checksum is accepted again and nothing happens. Errors: JB203 source, JB205 the id was used for other bytes, JB206, JB211, JB212 the checksum is another.';
