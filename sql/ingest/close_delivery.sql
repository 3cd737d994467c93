-- ingest.close_delivery(delivery_id, error): the delivery is applied, or failed with this reason.
create or replace function ingest.close_delivery(p_delivery_id bigint, p_error text default null)
returns void
language sql
volatile
as $$
  update ingest.delivery
  set status = case when p_error is null then 'applied' else 'failed' end::ingest.delivery_status,
    error = p_error,
    closed_at = now()
  where delivery_id = p_delivery_id
$$;

comment on function ingest.close_delivery(bigint, text) is 'Marks a delivery applied, or failed with a reason.';
