-- ingest.open_delivery(source, name, format, sha256, bytes, content) → delivery_id.
-- content: gzip of the bytes as they came, or null. A source that is not known yet is created with the default priority.
-- The same bytes from the same source are the same delivery, received once more.
-- Errors: JB203 when the source is not a lower-case word.
-- Example: select ingest.open_delivery('local', 'artists.ndjson', 'ndjson', sha256('…'), 3)
create or replace function ingest.open_delivery(
  p_source text, p_name text, p_format text, p_sha256 bytea, p_bytes bigint, p_content bytea default null
)
returns bigint
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  v_delivery_id bigint;
begin
  if p_source is null or p_source !~ '^[a-z][a-z0-9_-]{0,62}$' then
    raise exception 'not a source name: "%"', coalesce(left(p_source, 100), 'null')
      using errcode = 'JB203', detail = 'A source is a lower-case word of at most 63 letters, digits, - and _.',
        hint = 'For example: label-x.';
  end if;
  insert into ingest.source (source, title)
  values (p_source, p_source)
  on conflict do nothing;

  insert into ingest.delivery as d (source, name, format, sha256, byte_count, content)
  values (p_source, p_name, p_format, p_sha256, p_bytes, p_content)
  on conflict on constraint bytes_are_received_once_per_source do update
    set times_received = d.times_received + 1, received_at = now(), status = 'open', error = null, closed_at = null
  returning d.delivery_id into v_delivery_id;
  return v_delivery_id;
end
$$;

comment on function ingest.open_delivery(text, text, text, bytea, bigint, bytea) is
  'Registers a file as it came and returns its delivery id; the same bytes twice are one delivery.';
