-- identity.delete_referrers(operation, record_ids) → the entities to project anew when a deletion is undone: those that referred to
-- the entity then, wherever their records are now, and those that have come to refer to its records since.
create or replace function identity.delete_referrers(p_operation identity.operation, p_record_ids bigint[])
returns uuid[]
language sql
stable
as $$
  select coalesce(array_agg(distinct coalesce(e.merged_into, e.juke_id)), '{}')
  from (
    select unnest(p_operation.referrers)
    union
    select m.juke_id
    from identity.moved_record w
    join identity.membership m on m.record_id = w.record_id
    where w.operation_id > p_operation.operation_id and w.from_juke_id = any (p_operation.referrers)
    union
    select unnest(identity.referrers_since(p_record_ids, p_operation.at))
  ) r (juke_id)
  join catalog.entity e on e.juke_id = r.juke_id
$$;

comment on function identity.delete_referrers(identity.operation, bigint[]) is
  'The entities to project anew when a deletion is undone.';
