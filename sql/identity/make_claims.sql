-- identity.make_claims(claims, at): the claims to ids that another record carries go to the ledger. Returns their ids, to be bound
-- anew by precedence.
create or replace function identity.make_claims(p_claims identity.claim[], p_at timestamptz)
returns identity.id_key[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
set enable_seqscan = on -- see catalog.plan_once
as $$
declare
  v_keys identity.id_key[];
begin
  perform catalog.plan_once();
  with further as (
    insert into identity.further_claim (external_id, source, kind, record_id, asserted_at)
    select c.value, c.scheme, c.kind, c.record_id, p_at
    from unnest(p_claims) c
    join identity.external_id x on x.external_id = c.value and x.source = c.scheme and x.kind = c.kind
    where x.record_id is distinct from c.record_id
      and not exists (
        select from identity.further_claim f
        where f.record_id = c.record_id and f.source = c.scheme and f.external_id = c.value and f.retracted_at is null
      )
    order by c.record_id, c.scheme, c.value
    on conflict do nothing
    returning external_id, source, kind
  )
  select coalesce(array_agg(row (f.external_id, f.source, f.kind)::identity.id_key), '{}') into v_keys from further f;
  return v_keys;
end
$$;

comment on function identity.make_claims(identity.claim[], timestamptz) is 'Puts claims to ids that another record carries into the ledger.';
