-- identity.claimants(keys) → the entities that claim these ids, living or not: whom a change of the ids may concern.
create or replace function identity.claimants(p_keys identity.id_key[])
returns uuid[]
language sql
stable
as $$
  select coalesce(array_agg(distinct a.juke_id), '{}')
  from unnest(p_keys) k
  join identity.assertion a on a.external_id = k.external_id and a.source = k.source and a.kind = k.kind
  where a.retracted_at is null
$$;

comment on function identity.claimants(identity.id_key[]) is 'The entities that claim these ids, living or not.';
