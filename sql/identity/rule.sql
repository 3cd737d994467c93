-- identity.rule(a, b, verdict, reason): a person's word on two entities, kept for every later run; the last word holds.
-- Errors: JB151 no such entity, JB152 merged or deleted, JB153 with itself.
-- Example: select identity.rule('0190…', '0191…', 'cannot_link', 'father and son')
create or replace function identity.rule(a uuid, b uuid, verdict identity.verdict, reason text default null)
returns void
language plpgsql
volatile
set search_path = ''
as $$
begin
  if a = b then
    raise exception 'nothing can be ruled of an entity and itself'
      using errcode = 'JB153', detail = format('Both are %s.', a), hint = 'Name two entities.';
  end if;
  perform identity.seize(array[a, b]);
  insert into identity.link_fact as f (a_juke_id, b_juke_id, verdict, actor, reason)
  values (least(a, b), greatest(a, b), rule.verdict, identity.actor(), rule.reason)
  on conflict (a_juke_id, b_juke_id) do update
    set verdict = excluded.verdict, actor = excluded.actor, reason = excluded.reason, at = now();
  perform identity.touch(array[a, b]);
end
$$;

comment on function identity.rule(uuid, uuid, identity.verdict, text) is 'Records a person''s word on whether two entities are one.';
