-- identity.operation_records(operation, juke_ids) → the records that undoing an operation for these of its entities concerns:
-- those it moved, those whose claims it changed, all records of what it deleted.
create or replace function identity.operation_records(p_operation_id bigint, p_juke_ids uuid[])
returns bigint[]
language sql
stable
parallel safe
as $$
  select coalesce(array_agg(r.record_id), '{}')
  from (
    select w.record_id
    from identity.moved_record w
    join identity.operation o on o.operation_id = w.operation_id
    where w.operation_id = p_operation_id and (o.op <> 'merge' or w.from_juke_id = any (p_juke_ids))
    union
    select c.record_id from identity.changed_claim c where c.operation_id = p_operation_id
    union
    select m.record_id
    from identity.operation o
    join identity.membership m on m.juke_id = o.juke_id
    where o.operation_id = p_operation_id and o.op = 'delete'
  ) r
$$;

comment on function identity.operation_records(bigint, uuid[]) is 'The records that undoing an operation concerns.';
