-- identity.restore_claims(operation): the part of an undo that concerns claims: what was retracted stands again, unless its
-- record has stopped saying it; what was claimed by hand is taken back. Returns the records whose claims changed.
-- The ledger keeps the retracted row: what stands again is a row of its own, as old as the claim was, restored now.
create or replace function identity.restore_claims(p_operation identity.operation)
returns bigint[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  v_records constant bigint[] := array(
    select distinct c.record_id from identity.changed_claim c where c.operation_id = p_operation.operation_id
  );
begin
  if p_operation.op = 'retract' then
    insert into identity.further_claim (
      external_id, source, kind, record_id, method, confidence, asserted_at, restored_at
    )
    select f.external_id, f.source, f.kind, f.record_id, f.method, f.confidence, f.asserted_at, clock_timestamp()
    from identity.changed_claim c
    cross join lateral (
      select f.*
      from identity.further_claim f
      where f.record_id = c.record_id and f.source = c.source and f.external_id = c.external_id
        and f.retracted_at is not null and f.retracted_by <> 'record'
      order by f.retracted_at desc
      limit 1
    ) f
    where c.operation_id = p_operation.operation_id
      and (
        f.method <> 'stated'
        or exists (
          select
          from identity.record_claims(v_records) s
          where s.record_id = f.record_id and s.scheme = f.source and s.value = f.external_id
        )
      )
    on conflict do nothing;
  elsif p_operation.op = 'claim' then
    perform identity.step_back(array(
      select row (c.record_id, c.source, c.external_id)::identity.claim_key
      from identity.changed_claim c
      where c.operation_id = p_operation.operation_id
    ), identity.actor(), format('undo of operation %s', p_operation.operation_id));
  end if;
  return v_records;
end
$$;

comment on function identity.restore_claims(identity.operation) is 'Takes back what an operation did to claims.';
