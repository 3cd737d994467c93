-- identity.keep_invalid(said): values that are not valid in their scheme are kept in the ledger as they came: evidence, bound to
-- nothing.
create or replace function identity.keep_invalid(p_said identity.claim[])
returns void
language sql
volatile
as $$
  insert into identity.further_claim (external_id, source, kind, record_id, status)
  select c.raw, c.scheme, c.kind, c.record_id, 'invalid'
  from unnest(p_said) c
  where c.value is null and octet_length(c.raw) between 1 and 2000
  on conflict do nothing
$$;

comment on function identity.keep_invalid(identity.claim[]) is 'Keeps invalid ids in the ledger, as evidence.';
