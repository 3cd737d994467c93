-- identity.adopt(juke_ids): ids that were written into the bindings of these entities by hand become claims of their manual records, so that
-- they move, are retracted and restored like all others.
create or replace function identity.adopt(p_juke_ids uuid[])
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
  update identity.external_id x
  set record_id = catalog.manual_record(x.juke_id), method = 'manual'
  where x.juke_id = any (p_juke_ids) and x.record_id is null;
end
$$;

comment on function identity.adopt(uuid[]) is 'Makes ids that were written by hand claims of their entities'' manual records.';
