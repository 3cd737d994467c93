-- feed.next_xid(from) → a transaction id, from or a little above, that nobody has yet. A snapshot does not tell: its xmax is one past the highest
-- transaction that is finished, and above it others may run.
create or replace function feed.next_xid(p_from xid8)
returns xid8
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
  v_xid numeric := p_from::text::numeric;
  v_step int := 8;
begin
  loop
    perform pg_xact_status(v_xid::text::xid8); -- raises for one that has not begun
    v_xid := v_xid + v_step;
    v_step := v_step * 4;
  end loop;
exception when invalid_parameter_value then
  return v_xid::text::xid8;
end
$$;

comment on function feed.next_xid(xid8) is 'A transaction id that nobody has yet.';
