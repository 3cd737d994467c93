-- identity.step_back(claims, by, reason): these claims no longer stand. They stay in the ledger with the time and the one
-- who took them back ('record' when the source itself no longer says it). Returns their ids, to be bound anew.
create or replace function identity.step_back(p_claims identity.claim_key[], p_by text, p_reason text default null)
returns identity.id_key[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
as $$
declare
  v_keys identity.id_key[];
begin
  -- A bound claim steps back into the ledger; the binding itself is rebind's to move.
  insert into identity.further_claim (
    external_id, source, kind, record_id, method, confidence, asserted_at, restored_at
  )
  select x.external_id, x.source, x.kind, x.record_id, x.method, x.confidence, x.since, x.restored_at
  from identity.external_id x
  join unnest(p_claims) c on c.record_id = x.record_id and c.source = x.source and c.external_id = x.external_id
  on conflict do nothing;
  delete from identity.external_id x
  using unnest(p_claims) c
  where c.record_id = x.record_id and c.source = x.source and c.external_id = x.external_id;

  with gone as (
    update identity.further_claim f
    set retracted_at = clock_timestamp(), retracted_by = p_by, reason = p_reason
    from unnest(p_claims) c
    where f.record_id = c.record_id and f.source = c.source and f.external_id = c.external_id
      and f.retracted_at is null
    returning f.external_id, f.source, f.kind
  )
  select coalesce(array_agg(distinct row (g.external_id, g.source, g.kind)::identity.id_key), '{}') into v_keys from gone g;
  return v_keys;
end
$$;

comment on function identity.step_back(identity.claim_key[], text, text) is 'Marks claims as taken back, and by whom.';
