-- identity.member_at(record_id, at) → the entity a record belonged to at a moment; of a moment before there was the record, the one
-- that it joined first (what the entity was then, if anything, tells identity.entity_at); null when it belongs to none.
create or replace function identity.member_at(p_record_id bigint, p_at timestamptz)
returns uuid
language sql
stable
parallel safe
as $$
  select coalesce(
    (
      -- The first move after that moment tells where it was.
      select w.from_juke_id
      from identity.moved_record w
      join identity.operation o on o.operation_id = w.operation_id
      where w.record_id = p_record_id and o.at > p_at
      order by w.operation_id
      limit 1
    ),
    (select m.juke_id from identity.membership m where m.record_id = p_record_id)
  )
$$;

comment on function identity.member_at(bigint, timestamptz) is 'The entity a record belonged to at a moment.';
