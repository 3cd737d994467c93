-- identity.review_undo(operation, only_member, note, expected_versions) → the reviews: what a refused undo would set apart or join again is put to a person,
-- a review for each pair it concerns, with the plan of the undo as its evidence. identity.decide tries again, or leaves it.
-- expected_versions: entities and the versions of them that the person has seen, whether they are concerned or not; null to do it
-- whatever is there.
-- Errors: JB151 no such entity (an expected one), JB159 no such operation, JB162 a stale version, JB173 it is an undo or concerns one entity, nothing of it stands, or nothing stands in the way (identity.undo does it).
-- Example: select review_id from identity.review_undo(42, '0191…', 'the label asked')
create or replace function identity.review_undo(
  operation bigint, only_member uuid default null, note text default null,
  expected_versions catalog.entity_version[] default null
)
returns setof identity.review
language plpgsql
volatile
rows 1
security definer -- an editor needs no right to the tables
set search_path = pg_catalog, pg_temp
as $$
declare
  v_operation identity.operation;
  v_plan jsonb;
begin
  if expected_versions is not null then
    perform identity.seize('{}', p_expected => expected_versions);
  end if;
  v_plan := (
    select jsonb_agg(to_jsonb(p)) from identity.undo_plan(review_undo.operation, only_member) p where p.is_blocker
  );
  select o.* into v_operation from identity.operation o where o.operation_id = review_undo.operation;
  if v_plan is null or v_operation.op not in ('merge', 'split')
    or not exists (select from identity.undo_scope(v_operation.operation_id, only_member))
  then
    raise exception 'operation % needs no review', v_operation.operation_id
      using errcode = 'JB173',
        detail = case
          when v_operation.op = 'undo' then 'It is an undo.'
          when v_operation.undone_by is not null then format('Operation %s has undone it already.', v_operation.undone_by)
          when v_operation.op not in ('merge', 'split') then format('It is a %s: it concerns one entity.', v_operation.op)
          when v_plan is null then 'Nothing stands in the way of its undo.'
          else 'Nothing of it stands any more' || coalesce(' for ' || only_member, '') || '.'
        end,
        hint = case
          when v_operation.op = 'undo' then 'Do again what it took back.'
          when v_operation.undone_by is null and (v_operation.op not in ('merge', 'split') or v_plan is null)
            then 'Call identity.undo.'
          else 'Nothing has to be done.'
        end;
  end if;

  insert into identity.review (topic, kind, a_juke_id, b_juke_id, evidence, worth)
  select 'undo_refused', e.kind, v_operation.juke_id, c.juke_id,
    jsonb_build_object('operation', v_operation.operation_id, 'op', v_operation.op, 'blocked_by', v_plan, 'note', review_undo.note),
    identity.review_worth(array[v_operation.juke_id, c.juke_id], 1)
  from identity.undo_scope(v_operation.operation_id, only_member) c
  join catalog.entity e on e.juke_id = c.juke_id
  where c.juke_id <> v_operation.juke_id
    -- what redirected to a loser already comes with the loser
    and (v_operation.op = 'split' or c.from_status = 'active')
  order by c.juke_id
  on conflict do nothing;
  return query
    select v.*
    from identity.review v
    where v.status = 'open' and v.topic = 'undo_refused' and v.evidence -> 'operation' = to_jsonb(v_operation.operation_id)
      and (only_member is null or v.b_juke_id = only_member)
    order by v.review_id;
end
$$;

comment on function identity.review_undo(bigint, uuid, text, catalog.entity_version[]) is
  E'@name review_undo\n@resultFieldName reviews\nPuts an undo that was refused (JB161) to the review queue, with what stands in its way. Errors: JB159, JB162 one of `expectedVersions` is stale, JB173.';
