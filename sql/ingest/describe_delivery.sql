-- ingest.describe_delivery(delivery_id, version, message_id, sender, format, stated_at): what the document says of itself; null for what it does not say.
-- stated_at: how old it is; a document that claims to be of the future is as old as its arrival.
create or replace function ingest.describe_delivery(
  p_delivery_id bigint, p_version text default null, p_message_id text default null, p_sender text default null,
  p_format text default null, p_stated_at timestamptz default null
)
returns void
language sql
volatile
as $$
  update ingest.delivery d
  set format_version = coalesce(p_version, d.format_version), message_id = coalesce(p_message_id, d.message_id),
    sender = coalesce(p_sender, d.sender), format = coalesce(p_format, d.format),
    stated_at = coalesce(least(p_stated_at, d.received_at), d.stated_at)
  where d.delivery_id = p_delivery_id
$$;

comment on function ingest.describe_delivery(bigint, text, text, text, text, timestamptz) is 'Keeps what a document says of itself.';
