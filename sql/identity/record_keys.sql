-- identity.record_keys(record_ids) → the ids these records claim or have claimed, whoever has them: what to rebind when they move.
create or replace function identity.record_keys(p_record_ids bigint[])
returns identity.id_key[]
language sql
stable
parallel safe
as $$
  select coalesce(array_agg(row (k.external_id, k.source, k.kind)::identity.id_key), '{}')
  from (
    select x.external_id, x.source, x.kind from identity.external_id x where x.record_id = any (p_record_ids)
    union
    select f.external_id, f.source, f.kind
    from identity.further_claim f
    where f.record_id = any (p_record_ids) and f.status = 'valid'
  ) k
$$;

comment on function identity.record_keys(bigint[]) is 'The ids that records claim, bound or not.';
