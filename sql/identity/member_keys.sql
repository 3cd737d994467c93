-- identity.member_keys(juke_ids) → the ids that these entities claim, through a record or by hand.
create or replace function identity.member_keys(p_juke_ids uuid[])
returns identity.id_key[]
language sql
stable
parallel safe
as $$
  select identity.record_keys(array(
      select m.record_id from identity.membership m where m.juke_id = any (p_juke_ids)
    )) || array(
      select row (x.external_id, x.source, x.kind)::identity.id_key
      from identity.external_id x
      where x.juke_id = any (p_juke_ids) and x.record_id is null
    )
$$;

comment on function identity.member_keys(uuid[]) is 'The ids that entities claim, through a record or by hand.';
