-- ingest.open_delivery(source, name, format, sha256, bytes, content, …) → delivery_id: a file as it came.
-- content: gzip of the bytes as they came; null when they are kept elsewhere (content_url), or nowhere. A source that is not known yet is
-- created with the default priority. The same bytes from the same source are the same delivery, received once more: of the format
-- that is known now, and at the place where they are now. It says nothing new: what was said since stands. Under a delivery key that is new, or
-- fetched from a URL, it is said again: then a delivery without a date of its own is as new as this arrival.
-- delivery_key: the deliverer's own id of the delivery. It stands for the same bytes for ever.
-- Errors: JB203 when the source is not a lower-case word, JB205 when the delivery key was used for other bytes, JB206 when it is no usable key.
-- Example: select ingest.open_delivery('local', 'artists.ndjson', 'ndjson', sha256('…'), 3)
create or replace function ingest.open_delivery(
  p_source text, p_name text, p_format text, p_sha256 bytea, p_bytes bigint, p_content bytea default null,
  p_delivery_key text default null, p_format_version text default '', p_content_url text default null, p_url text default null
)
returns bigint
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  v_delivery_id bigint;
  v_before record;
  v_is_said_again boolean := p_url is not null;
begin
  perform ingest.check_source(p_source);
  perform ingest.check_delivery_key(p_delivery_key);
  insert into ingest.source (source, title)
  values (p_source, p_source)
  on conflict do nothing;

  insert into ingest.delivery as d (source, name, format, format_version, sha256, byte_count, content, content_url)
  values (p_source, p_name, p_format, p_format_version, p_sha256, p_bytes, p_content, p_content_url)
  on conflict on constraint bytes_are_received_once_per_source do update
    set times_received = d.times_received + 1,
      format = case excluded.format when 'unknown' then d.format else excluded.format end,
      format_version = case excluded.format when 'unknown' then d.format_version else excluded.format_version end,
      content = coalesce(d.content, excluded.content),
      content_url = case when d.content is null and excluded.content is null then coalesce(excluded.content_url, d.content_url) end
  returning d.delivery_id into v_delivery_id;

  if p_delivery_key is not null then
    insert into ingest.delivery_key (source, delivery_key, delivery_id)
    values (p_source, p_delivery_key, v_delivery_id)
    on conflict do nothing;
    v_is_said_again := v_is_said_again or found;
    select d.sha256, d.delivery_id into v_before
    from ingest.delivery_key k
    join ingest.delivery d on d.delivery_id = k.delivery_id
    where k.source = p_source and k.delivery_key = p_delivery_key;
    if v_before.sha256 <> p_sha256 then
      raise exception 'the delivery id "%" was used for other bytes', left(p_delivery_key, 100)
        using errcode = 'JB205',
          detail = format('Delivery %s of %s has the checksum %s, this one %s.',
            v_before.delivery_id, p_source, encode(v_before.sha256, 'hex'), encode(p_sha256, 'hex')),
          hint = 'Deliver the same bytes again under the same id, and other bytes under another.';
    end if;
  end if;

  if v_is_said_again then
    update ingest.delivery d set received_at = now() where d.delivery_id = v_delivery_id and d.times_received > 1;
  end if;
  insert into ingest.receipt (delivery_id, name, url, actor)
  values (v_delivery_id, p_name, p_url, identity.actor());
  return v_delivery_id;
end
$$;

comment on function ingest.open_delivery(text, text, text, bytea, bigint, bytea, text, text, text, text) is
  'Registers a file as it came and returns its delivery id; the same bytes twice are one delivery.';
