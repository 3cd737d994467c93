-- ingest.check_delivery_key(delivery_key): a deliverer's own id of a delivery fits; null is none.
-- Errors: JB206 when it is empty or too long.
create or replace function ingest.check_delivery_key(p_delivery_key text)
returns void
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
  if octet_length(p_delivery_key) not between 1 and 500 then
    raise exception 'the delivery id is empty or too long'
      using errcode = 'JB206', detail = format('It has %s bytes; 1 to 500 are possible.', octet_length(p_delivery_key)),
        hint = 'Use the id that your system has for the delivery, or none.';
  end if;
end
$$;

comment on function ingest.check_delivery_key(text) is 'Refuses an id of a delivery that is empty or too long.';
