-- identity.deed_of(operation) → what somebody did, in a sentence: Ada merged "B" (0191…) into "A" (0190…): the same tape.
create or replace function identity.deed_of(p_operation identity.operation)
returns text
language sql
stable
parallel safe
as $$
  select format('%s %s%s.', (p_operation).actor, case (p_operation).op
      when 'merge' then format('merged %s into %s', c.names, e.name)
      when 'split' then format('split %s off %s', c.names, e.name)
      when 'delete' then format('deleted %s', e.name)
      when 'claim' then format('claimed %s for %s', i.ids, e.name)
      when 'retract' then format('said that %s is not the id of %s', i.ids, e.name)
      else format('undid operation %s%s', (p_operation).undoes, coalesce(
        (
          select format(', the %s by %s on %s', o.op, o.actor, o.at::date)
          from identity.operation o
          where o.operation_id = (p_operation).undoes
        ) || coalesce('; ' || c.states, ''), ''))
    end, coalesce(': ' || (p_operation).reason, ''))
    || coalesce(' Operation ' || (p_operation).undone_by || ' has undone it.', '')
  from (select identity.named((p_operation).juke_id) as name) e
  cross join (
    select string_agg(identity.named(k.juke_id), ', ' order by k.juke_id)
        filter (where k.from_status is distinct from 'merged' or (p_operation).op <> 'merge') as names,
      string_agg(format('%s is %s', identity.named(k.juke_id),
        case k.to_status
          when 'merged' then 'merged into ' || identity.named(k.to_merged_into)
          when 'active' then 'active again'
          else k.to_status::text
        end), ', ' order by k.juke_id) as states
    from (
      select n.* from identity.changed_entity n where n.operation_id = (p_operation).operation_id order by n.juke_id limit 20
    ) k
  ) c
  cross join (
    select string_agg(distinct format('%s %s', k.source, k.external_id), ', ') as ids
    from identity.changed_claim k
    where k.operation_id = (p_operation).operation_id
  ) i
$$;

comment on function identity.deed_of(identity.operation) is 'What somebody did, in a sentence.';
