-- ingest.age_of(delivery) → since when what it says is said: the document's own date, and never later than it was received.
create or replace function ingest.age_of(p_delivery ingest.delivery)
returns timestamptz
language sql
immutable
parallel safe
as $$
  select least(p_delivery.stated_at, p_delivery.received_at)
$$;

comment on function ingest.age_of(ingest.delivery) is 'Since when what a delivery says is said.';
