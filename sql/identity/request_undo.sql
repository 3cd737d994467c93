-- identity.request_undo(operation, only_member, reason) → the undo; or, when later operations stand in the way, nothing: then
-- a review is open for each pair it concerns, with the plan as its evidence.
-- Errors: those of identity.undo but JB161.
create or replace function identity.request_undo(operation bigint, only_member uuid default null, reason text default null)
returns identity.operation
language plpgsql
volatile
set search_path = ''
as $$
declare
  v_undo identity.operation;
  v_plan text;
begin
  begin
    v_undo := identity.undo(request_undo.operation, only_member, request_undo.reason);
    return v_undo;
  exception when sqlstate 'JB161' then
    get stacked diagnostics v_plan = pg_exception_detail;
  end;

  insert into identity.review (topic, kind, a_juke_id, b_juke_id, evidence, worth)
  select 'undo_refused', e.kind, o.juke_id, e.juke_id,
    jsonb_build_object('operation', o.operation_id, 'blocked_by', v_plan, 'reason', request_undo.reason), 100
  from identity.operation o
  join identity.changed_entity c on c.operation_id = o.operation_id and c.undone_by is null
  join catalog.entity e on e.juke_id = c.juke_id
  where o.operation_id = request_undo.operation
    and e.juke_id <> o.juke_id
    and (only_member is null or c.juke_id = only_member)
  on conflict do nothing;
  return null;
end
$$;

comment on function identity.request_undo(bigint, uuid, text) is
  'Undoes an operation, or opens a review with the plan when later ones stand in the way.';
