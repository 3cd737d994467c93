-- ingest.known_delivery(delivery_id) → the delivery.
-- Errors: JB204 when there is none.
create or replace function ingest.known_delivery(p_delivery_id bigint)
returns ingest.delivery
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
  v_delivery ingest.delivery;
begin
  select d.* into v_delivery from ingest.delivery d where d.delivery_id = p_delivery_id;
  if not found then
    raise exception 'unknown delivery %', coalesce(p_delivery_id::text, 'null')
      using errcode = 'JB204', detail = 'ingest.delivery has no such id.',
        hint = 'select * from ingest.log shows all deliveries; ingest.open_delivery makes one.';
  end if;
  return v_delivery;
end
$$;

comment on function ingest.known_delivery(bigint) is 'The delivery of that id; refuses one that is not there.';
