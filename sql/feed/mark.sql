-- feed.mark(juke_ids, op): the events that this transaction has written for these entities are of this kind.
create or replace function feed.mark(p_juke_ids uuid[], p_op feed.op)
returns void
language sql
volatile
as $$
  update feed.event v
  set op = p_op
  where v.xid = pg_current_xact_id() and v.at = now() and v.juke_id = any (p_juke_ids)
$$;

comment on function feed.mark(uuid[], feed.op) is 'Names what the events of this transaction are for some entities.';
