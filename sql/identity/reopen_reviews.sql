-- identity.reopen_reviews(operation, juke_ids): after an operation was undone for these of its entities, what it had answered is asked
-- again: the near matches that the merge has settled, and the contested ids that a verdict on a merged one had kept from review. An undo of
-- the same that waited for a decision waits no more.
create or replace function identity.reopen_reviews(p_operation identity.operation, p_juke_ids uuid[])
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
as $$
declare
  v_keys identity.id_key[];
begin
  update identity.review v
  set status = 'open', decided_at = null, decided_by = null, operation_id = null
  where v.status = 'settled' and v.topic = 'near_match' and v.operation_id = p_operation.operation_id
    and (v.a_juke_id = any (p_juke_ids) or v.b_juke_id = any (p_juke_ids))
    and not exists (select from identity.facts_on(v.a_juke_id, v.b_juke_id) f where f.verdict = 'cannot_link');
  update identity.review v
  set status = 'settled', decided_at = clock_timestamp(), decided_by = 'jukebase'
  where v.status = 'open' and v.topic = 'undo_refused'
    and v.evidence -> 'operation' = to_jsonb(p_operation.operation_id)
    and v.b_juke_id = any (p_juke_ids);
  if exists (
    select from identity.link_fact f where f.a_juke_id = any (p_juke_ids) or f.b_juke_id = any (p_juke_ids)
  ) then
    v_keys := identity.member_keys(p_operation.juke_id || p_juke_ids);
    perform identity.review_contested(v_keys, array(select c from identity.standing_claims(v_keys) c));
  end if;
end
$$;

comment on function identity.reopen_reviews(identity.operation, uuid[]) is
  'Asks again what an operation had answered that was undone.';
