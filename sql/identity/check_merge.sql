-- identity.check_merge(winner, losers, expected): locks all of them and refuses what may not be merged. Errors: see identity.merge.
create or replace function identity.check_merge(
  p_winner uuid, p_losers uuid[], p_expected catalog.entity_version[] default null
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  v_all constant uuid[] := p_losers || p_winner;
  v_merged uuid[];
  v_fact identity.link_fact;
begin
  if p_losers = '{}' then
    raise exception 'nothing to merge'
      using errcode = 'JB157', detail = 'No loser is named.', hint = 'Name the entities that are to become the winner.';
  elsif p_winner = any (p_losers) then
    raise exception 'an entity cannot be merged with itself'
      using errcode = 'JB153', detail = format('%s is the winner and among the losers.', p_winner),
        hint = 'Take it out of the losers.';
  end if;

  perform identity.seize(v_all, identity.member_keys(p_losers), p_expected);

  perform identity.check_kinds(v_all);

  -- What was ruled of an entity holds for the one it has become.
  v_merged := array(
    select e.juke_id from catalog.entity e where e.juke_id = any (v_all) or e.merged_into = any (v_all)
  );
  select f.* into v_fact
  from identity.link_fact f
  join catalog.entity a on a.juke_id = f.a_juke_id
  join catalog.entity b on b.juke_id = f.b_juke_id
  where f.verdict = 'cannot_link'
    and f.a_juke_id = any (v_merged)
    and f.b_juke_id = any (v_merged)
    and coalesce(a.merged_into, a.juke_id) <> coalesce(b.merged_into, b.juke_id)
  order by f.at
  limit 1;
  if found then
    raise exception 'these entities were ruled to be different'
      using errcode = 'JB156',
        detail = format('%s decided on %s that %s and %s are not the same%s.', v_fact.actor, v_fact.at::date,
          v_fact.a_juke_id, v_fact.b_juke_id, coalesce(': ' || v_fact.reason, '')),
        hint = case
          when v_fact.operation_id is null then 'If that was wrong, take it back: identity.rule without a verdict.'
          else format('If that was wrong, undo the split: identity.undo(%s).', v_fact.operation_id)
        end;
  end if;
end
$$;

comment on function identity.check_merge(uuid, uuid[], catalog.entity_version[]) is 'Locks the entities of a merge and refuses what may not be merged.';
