-- ingest.describe_delivery(delivery_id, version, message_id, sender, format): what the document says of itself; null for what it does not say.
create or replace function ingest.describe_delivery(
  p_delivery_id bigint, p_version text default null, p_message_id text default null, p_sender text default null,
  p_format text default null
)
returns void
language sql
volatile
as $$
  update ingest.delivery d
  set format_version = coalesce(p_version, d.format_version), message_id = coalesce(p_message_id, d.message_id),
    sender = coalesce(p_sender, d.sender), format = coalesce(p_format, d.format)
  where d.delivery_id = p_delivery_id
$$;

comment on function ingest.describe_delivery(bigint, text, text, text, text) is 'Keeps what a document says of itself.';
