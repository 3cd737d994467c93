-- identity.claimants(keys) → the entities that claim one of these ids, bound or not, living or not: whom a change of the ids may concern.
create or replace function identity.claimants(p_keys identity.id_key[])
returns uuid[]
language sql
stable
parallel safe
as $$
  -- identity.assertion, read by its keys: a join with the view itself would read all of it.
  select coalesce(array_agg(distinct c.juke_id), '{}')
  from (
    select coalesce(m.juke_id, x.juke_id)
    from unnest(p_keys) k
    join identity.external_id x on x.external_id = k.external_id and x.source = k.source and x.kind = k.kind
    left join identity.membership m on m.record_id = x.record_id
    union all
    select m.juke_id
    from unnest(p_keys) k
    join identity.further_claim f on f.external_id = k.external_id and f.source = k.source and f.kind = k.kind
    join identity.membership m on m.record_id = f.record_id
    where f.retracted_at is null
  ) c (juke_id)
$$;

comment on function identity.claimants(identity.id_key[]) is 'The entities that claim one of these ids.';
