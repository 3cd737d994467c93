-- identity.undo_scope(operation, only_member) → the entities of an operation that an undo would put back: all that still stands
-- of it, or one loser of a merge with what redirected to that loser then.
create or replace function identity.undo_scope(p_operation_id bigint, p_only_member uuid default null)
returns setof identity.changed_entity
language sql
stable
parallel safe
rows 10
as $$
  select c.*
  from identity.changed_entity c
  where c.operation_id = p_operation_id
    and c.undone_by is null
    and (
      p_only_member is null
      or c.juke_id = p_only_member and c.from_status = 'active'
      or c.from_merged_into = p_only_member
    )
$$;

comment on function identity.undo_scope(bigint, uuid) is 'The entities of an operation that an undo would put back.';
