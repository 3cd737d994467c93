-- identity.undo_plan(operation, only_member) → what undoing it would do, and what stands in the way (is_blocker).
-- only_member: one loser of a merge; null for all that still stands of the operation.
-- Errors: JB159 no such operation.
-- Example: select step, is_blocker, detail from identity.undo_plan(42)
create or replace function identity.undo_plan(operation bigint, only_member uuid default null)
returns table (step text, juke_id uuid, record_id bigint, is_blocker boolean, detail text)
language plpgsql
stable
parallel safe
rows 100
security definer -- an editor needs no right to the tables
set search_path = pg_catalog, pg_temp
as $$
declare
  v_operation identity.operation;
begin
  select o.* into v_operation from identity.operation o where o.operation_id = undo_plan.operation;
  if not found then
    raise exception 'no operation %', coalesce(undo_plan.operation::text, 'null')
      using errcode = 'JB159', detail = 'identity.operation has no such id.',
        hint = 'identity.operation lists them; identity.how those of an entity.';
  end if;

  if v_operation.op = 'undo' or v_operation.undone_by is not null
    or only_member is not null and not exists (select from identity.undo_scope(v_operation.operation_id, only_member))
  then
    return query
      select 'blocked by operation', coalesce(only_member, v_operation.juke_id), null::bigint, true,
        case
          when v_operation.op = 'undo' then 'it is an undo: do again what it took back'
          when v_operation.undone_by is not null then format('operation %s has undone it already', v_operation.undone_by)
          else format('it is no member of operation %s that still stands', v_operation.operation_id)
        end;
    return;
  end if;

  return query
    with scope as (
      select c.* from identity.undo_scope(v_operation.operation_id, only_member) c
    ),
    moves as (
      select w.*
      from identity.moved_record w
      where w.operation_id = v_operation.operation_id
        and (v_operation.op <> 'merge' or w.from_juke_id in (select c.juke_id from scope c))
    ),
    -- Those that came later and still stand.
    later as not materialized (
      select o.operation_id, o.op from identity.operation o where o.operation_id > v_operation.operation_id and o.op <> 'undo'
    )
    select 'restore entity', c.juke_id, null::bigint, false,
      case
        when c.from_status is null then 'is taken back into the entity it was split from'
        else format('becomes %s again', c.from_status || coalesce(' into ' || c.from_merged_into, ''))
      end
    from scope c
    union all
    select 'move record back', w.from_juke_id, w.record_id, false,
      format('%s %s of %s', r.kind, r.source_record_id, r.source)
    from moves w
    join ingest.record r on r.record_id = w.record_id
    union all
    select s.step, m.juke_id, c.record_id, false,
      format('%s %s', c.source, c.external_id)
        || case s.step when 'leave claim' then ': its record does not say so any more' else '' end
    from identity.changed_claim c
    join identity.membership m on m.record_id = c.record_id
    cross join lateral (
      select case
        when v_operation.op = 'claim' then 'take claim back'
        when exists (
          select from identity.further_claim f
          where f.record_id = c.record_id and f.source = c.source and f.external_id = c.external_id and f.method <> 'stated'
        ) or exists (
          select from identity.record_claims(array[c.record_id]) n
          where n.scheme = c.source and n.value = c.external_id
        ) then 'restore claim'
        else 'leave claim'
      end
    ) s (step)
    where c.operation_id = v_operation.operation_id
    union all
    select 'blocked by operation', w.from_juke_id, w.record_id, true,
      format('operation %s (%s) has moved it since: undo that one first', l.operation_id, l.op)
    from moves w
    join identity.moved_record n on n.record_id = w.record_id
    join later l on l.operation_id = n.operation_id
    join identity.operation o on o.operation_id = l.operation_id
    where case l.op
      when 'merge' then exists (
        select from identity.changed_entity c
        where c.operation_id = n.operation_id and c.juke_id = n.from_juke_id and c.undone_by is null
      )
      else o.undone_by is null
    end
    union all
    -- Who gives the records back needs some of its own: without, it would go on to show what they said.
    select distinct 'blocked by operation', g.juke_id, null::bigint, true,
      format('nothing would remain of it: operation %s (%s) has taken its own records, undo that one first', l.operation_id, l.op)
    from (select distinct m.juke_id from moves w join identity.membership m on m.record_id = w.record_id) g
    join identity.moved_record n on n.from_juke_id = g.juke_id
    join later l on l.operation_id = n.operation_id and l.op = 'split'
    join identity.operation o on o.operation_id = l.operation_id and o.undone_by is null
    where v_operation.op = 'merge'
      and not exists (
        select from identity.membership m
        join ingest.record r on r.record_id = m.record_id
        where m.juke_id = g.juke_id and (r.source <> 'manual' or r.body ?| '{name,title}')
          and not exists (select from moves w where w.record_id = m.record_id)
      )
    union all
    select 'blocked by operation', c.juke_id, null, true,
      format('operation %s (%s) has changed it since: undo that one first', n.operation_id, l.op)
    from scope c
    join identity.changed_entity n on n.juke_id = c.juke_id and n.undone_by is null
    join later l on l.operation_id = n.operation_id
    union all
    select 'blocked by operation', m.juke_id, c.record_id, true,
      format('operation %s (%s) has changed its claim to %s %s since: undo that one first',
        l.operation_id, l.op, c.source, c.external_id)
    from identity.changed_claim c
    join identity.membership m on m.record_id = c.record_id
    join identity.changed_claim n
      on n.record_id = c.record_id and n.source = c.source and n.external_id = c.external_id
    join later l on l.operation_id = n.operation_id
    join identity.operation o on o.operation_id = l.operation_id
    where c.operation_id = v_operation.operation_id and o.undone_by is null
    union all
    -- What is to go back into another entity needs that entity.
    select 'blocked by operation', e.juke_id, null, true, format('it is %s now: undo that first', e.status)
    from catalog.entity e
    where v_operation.op = 'split' and e.juke_id = v_operation.juke_id and e.status <> 'active'
    union all
    select 'blocked by verdict', c.juke_id, null, true,
      format('%s ruled on %s that they are different: take that back first, by identity.rule without a verdict', f.actor, f.at::date)
    from scope c
    cross join lateral identity.facts_on(v_operation.juke_id, c.juke_id) f
    where v_operation.op = 'split' and f.verdict = 'cannot_link' and f.operation_id is distinct from v_operation.operation_id
    union all
    -- What a split has made has grown records of its own, or taken others in.
    select 'blocked by record', c.juke_id, m.record_id, true, 'has joined since: move it elsewhere first'
    from scope c
    join identity.membership m on m.juke_id = c.juke_id
    join ingest.record r on r.record_id = m.record_id
    where c.from_status is null
      and not exists (select from moves w where w.record_id = m.record_id)
      and not (r.source = 'manual' and r.source_record_id = c.juke_id::text) -- what people say of it goes along
    union all
    select 'blocked by entity', e.juke_id, null, true, 'was merged into it since: undo that first'
    from scope c
    join catalog.entity e on e.merged_into = c.juke_id
    where c.from_status is null
      -- a key that an undone split has left behind was never merged: it goes along
      and exists (
        select from identity.changed_entity n
        join identity.operation o on o.operation_id = n.operation_id
        where n.juke_id = e.juke_id and o.op = 'merge' and n.from_status = 'active' and n.undone_by is null
      );
end
$$;

comment on function identity.undo_plan(bigint, uuid) is
  E'@name undo_plan\n@behavior -connection +list\n@notNull\n@recordName undo_step A step of an undo, or what stands in its way.\n@field step! What would be done, or what stands in the way.\n@field juke_id The entity concerned.\n@field record_id The record concerned.\n@field is_blocker! Whether it stands in the way.\n@field detail! The step in words.\nWhat undoing an operation would do, step by step, and what stands in its way. Errors: JB159 no such operation.';
