-- identity.link_scope(record_ids, claims) → the entities that linking these records may change: those they belong to, those
-- that carry one of their ids, and those that would get it next.
create or replace function identity.link_scope(p_record_ids bigint[], p_claims identity.claim[])
returns table (juke_id uuid)
language sql
stable
parallel safe
rows 1000
as $$
  select m.juke_id from identity.membership m where m.record_id = any (p_record_ids)
  union
  select x.juke_id
  from unnest(p_claims) c
  join identity.external_id x on x.external_id = c.value and x.source = c.scheme and x.kind = c.kind
  union
  select m.juke_id
  from unnest(p_claims) c
  join identity.further_claim f on f.external_id = c.value and f.source = c.scheme and f.kind = c.kind
  join identity.membership m on m.record_id = f.record_id
  where f.retracted_at is null
  union
  select m.juke_id
  from identity.external_id x
  join identity.further_claim f on f.external_id = x.external_id and f.source = x.source and f.kind = x.kind
  join identity.membership m on m.record_id = f.record_id
  where x.record_id = any (p_record_ids) and f.retracted_at is null
$$;

comment on function identity.link_scope(bigint[], identity.claim[]) is 'The entities that linking these records may change.';
