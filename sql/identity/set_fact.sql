-- identity.set_fact(a, b, verdict, reason, operation_id) → what is ruled of a pair from now on; the last word holds. That they are two answers
-- what is still open between them. operation_id: the operation that said so and takes it along when it is undone.
create or replace function identity.set_fact(
  p_a uuid, p_b uuid, p_verdict identity.verdict, p_reason text, p_operation_id bigint default null
)
returns identity.link_fact
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  v_fact identity.link_fact;
begin
  -- The last word, also over what was said of those that have become them.
  delete from identity.link_fact f
  using identity.facts_on(p_a, p_b) o
  where f.a_juke_id = o.a_juke_id and f.b_juke_id = o.b_juke_id
    and (f.a_juke_id, f.b_juke_id) <> (least(p_a, p_b), greatest(p_a, p_b));
  insert into identity.link_fact as f (a_juke_id, b_juke_id, verdict, actor, reason, operation_id)
  values (least(p_a, p_b), greatest(p_a, p_b), p_verdict, identity.actor(), p_reason, p_operation_id)
  on conflict (a_juke_id, b_juke_id) do update
    set verdict = excluded.verdict, actor = excluded.actor, reason = excluded.reason, at = now(),
      operation_id = excluded.operation_id
  returning * into v_fact;
  update identity.review v
  set status = 'settled', decided_at = clock_timestamp(), decided_by = 'jukebase'
  where p_verdict = 'cannot_link' and v.status = 'open' and v.topic <> 'undo_refused' and v.a_juke_id in (p_a, p_b) and v.b_juke_id in (p_a, p_b);
  return v_fact;
end
$$;

comment on function identity.set_fact(uuid, uuid, identity.verdict, text, bigint) is
  'Writes what is ruled of a pair of entities, and settles what is open between them.';
