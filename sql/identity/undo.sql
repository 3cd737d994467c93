-- identity.undo(operation, only_member, reason, expected_versions) → the undo, itself an operation. Membership, bindings, redirects and
-- projections are what they were; whatever else has happened since stays.
-- only_member: one loser of a merge; null for all that still stands of the operation.
-- expected_versions: entities and the versions of them that the person has seen, whether they are concerned or not; null to do it
-- whatever is there.
-- Errors: JB151 no such entity (an expected one), JB159 no such operation, JB160 nothing of it stands any more or it is an
-- undo, JB161 later operations stand in the way (the detail is the plan; identity.undo_plan lists it whole), JB162 a stale version.
-- Example: select operation_id from identity.undo(42, '0191…')
create or replace function identity.undo(
  operation bigint, only_member uuid default null, reason text default null,
  expected_versions catalog.entity_version[] default null
)
returns identity.operation
language plpgsql
volatile
security definer -- an editor needs no right to the tables
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
as $$
declare
  v_operation identity.operation;
  v_undo identity.operation;
  v_entities uuid[];
  v_records bigint[];
  v_own bigint[];
  v_expected constant uuid[] := array(select x.juke_id from unnest(expected_versions) x);
  v_held uuid[] := '{}';
  v_wanted uuid[];
  v_referrers uuid[];
  v_blockers text;
begin
  perform identity.require_read_committed();
  select o.* into v_operation from identity.operation o where o.operation_id = undo.operation for update;
  if not found then
    raise exception 'no operation %', coalesce(undo.operation::text, 'null')
      using errcode = 'JB159', detail = 'identity.operation has no such id.',
        hint = 'identity.operation lists them; identity.how those of an entity.';
  end if;

  v_entities := array(select c.juke_id from identity.undo_scope(v_operation.operation_id, only_member) c);
  if v_operation.op = 'undo' or v_operation.undone_by is not null
    or (v_entities = '{}' and v_operation.op in ('merge', 'split', 'delete'))
    or (only_member is not null and (v_operation.op <> 'merge' or only_member <> all (v_entities)))
  then
    raise exception 'operation % cannot be undone', v_operation.operation_id
      using errcode = 'JB160',
        detail = case
          when v_operation.op = 'undo' then 'It is an undo.'
          when only_member is not null and v_operation.op <> 'merge' then 'Only a merge can be undone member by member.'
          when only_member is not null and v_operation.undone_by is null
            then format('%s is no member of it that still stands.', only_member)
          else 'It has been undone already.'
        end,
        hint = case
          when v_operation.op = 'undo' then 'Do again what it took back.'
          else 'identity.how tells what has happened to an entity.'
        end;
  end if;

  -- What is to change is locked: the entities, those that the records belong to by now, and those that claim the same ids; and what
  -- the person has seen.
  v_records := identity.operation_records(v_operation.operation_id, v_entities);
  loop
    -- What people have said of a part since a split goes along with it.
    v_own := array(
      select m.record_id
      from identity.membership m
      join ingest.record r on r.record_id = m.record_id and r.source = 'manual' and r.source_record_id = m.juke_id::text
      where v_operation.op = 'split' and m.juke_id = any (v_entities) and m.record_id <> all (v_records)
    );
    v_wanted := array(
      select w.juke_id
      from (
        select unnest(v_entities || v_operation.juke_id)
        union
        select m.juke_id from identity.membership m where m.record_id = any (v_records)
        union
        select unnest(identity.claimants(identity.record_keys(v_records || v_own)))
      ) w (juke_id)
      where w.juke_id <> all (v_held)
    );
    exit when v_wanted = '{}';
    perform from catalog.entity e where e.juke_id = any (v_wanted || v_expected) order by e.juke_id for update;
    v_held := v_held || v_wanted;
  end loop;
  v_records := v_records || v_own;
  perform catalog.refuse_stale(expected_versions);

  select string_agg(distinct format('%s: %s', coalesce('record ' || p.record_id, p.juke_id::text), p.detail), '; ')
  into v_blockers
  from identity.undo_plan(v_operation.operation_id, only_member) p
  where p.is_blocker;
  if v_blockers is not null then
    raise exception 'operation % cannot be undone now', v_operation.operation_id
      using errcode = 'JB161', detail = left(v_blockers, 2000),
        hint = format('select * from identity.undo_plan(%s) shows the plan, identity.review_undo puts it to the review queue.',
          concat_ws(', ', v_operation.operation_id, quote_literal(only_member)));
  end if;

  v_referrers := case v_operation.op
    when 'delete' then identity.referring(v_records)
    when 'merge' then identity.referrers_through(v_held, v_records)
    when 'split' then identity.referrers_through(v_held, v_records)
    else '{}'
  end;
  insert into identity.operation (op, juke_id, actor, reason, undoes)
  values ('undo', v_operation.juke_id, identity.actor(), undo.reason, v_operation.operation_id)
  returning * into v_undo;

  insert into identity.moved_record (
    operation_id, record_id, from_juke_id, from_rule, from_since, from_evidence, to_juke_id
  )
  select v_undo.operation_id, m.record_id, m.juke_id, m.rule, m.since, m.evidence, w.from_juke_id
  from identity.moved_record w
  join identity.membership m on m.record_id = w.record_id
  where w.operation_id = v_operation.operation_id and w.record_id = any (v_records);
  update identity.membership m
  set juke_id = w.from_juke_id, rule = w.from_rule, since = w.from_since, evidence = w.from_evidence
  from identity.moved_record w
  where w.operation_id = v_operation.operation_id and w.record_id = m.record_id and m.record_id = any (v_records);

  insert into identity.moved_record (
    operation_id, record_id, from_juke_id, from_rule, from_since, from_evidence, to_juke_id
  )
  select v_undo.operation_id, m.record_id, m.juke_id, m.rule, m.since, m.evidence, v_operation.juke_id
  from identity.membership m
  where m.record_id = any (v_own);
  update identity.membership m
  set juke_id = v_operation.juke_id, rule = 'undo', since = v_undo.at,
    evidence = jsonb_build_object('operation_id', v_undo.operation_id)
  where m.record_id = any (v_own);

  insert into identity.changed_entity (
    operation_id, juke_id, from_status, from_merged_into, to_status, to_merged_into
  )
  select v_undo.operation_id, e.juke_id, e.status, e.merged_into,
    -- what a split has minted was given out as an id: it redirects to where it came from
    coalesce(c.from_status, 'merged'),
    case when c.from_status is null then v_operation.juke_id else c.from_merged_into end
  from identity.changed_entity c
  join catalog.entity e on e.juke_id = c.juke_id
  where c.operation_id = v_operation.operation_id and c.juke_id = any (v_entities)
  union all
  -- and so do the keys that redirect to it: a redirect is one hop
  select v_undo.operation_id, e.juke_id, e.status, e.merged_into, 'merged', v_operation.juke_id
  from catalog.entity e
  where v_operation.op = 'split' and e.merged_into = any (v_entities);
  update catalog.entity e
  set status = c.to_status, merged_into = c.to_merged_into
  from identity.changed_entity c
  where c.operation_id = v_undo.operation_id and e.juke_id = c.juke_id;

  update identity.changed_entity c
  set undone_by = v_undo.operation_id
  where c.operation_id = v_operation.operation_id and c.juke_id = any (v_entities);
  update identity.operation o
  set undone_by = v_undo.operation_id
  where o.operation_id = v_operation.operation_id
    and not exists (
      select from identity.changed_entity c
      where c.operation_id = o.operation_id and c.undone_by is null
    );
  perform identity.restore_claims(v_operation);
  -- A verdict that a split has made, or that this merge has carried out, falls with it.
  delete from identity.link_fact f
  where f.operation_id = v_operation.operation_id
    or v_operation.op = 'merge' and f.verdict = 'must_link'
      and (f.a_juke_id = v_operation.juke_id and f.b_juke_id = any (v_entities)
        or f.b_juke_id = v_operation.juke_id and f.a_juke_id = any (v_entities));

  perform identity.settle(v_held, v_records, v_referrers);
  perform identity.reopen_reviews(v_operation, v_entities);
  return v_undo;
end
$$;

comment on function identity.undo(bigint, uuid, text, catalog.entity_version[]) is
  E'@name undo\n@resultFieldName operation\nTakes an operation back, whole or, with `onlyMember`, one loser of a merge. Errors: JB159, JB160; JB161 when later operations stand in the way: its detail names them, and `undoPlan` shows the whole plan; JB162 one of `expectedVersions` is stale.';
