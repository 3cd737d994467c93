-- identity.retract_unsaid(record_ids, said): the ids that changed records no longer carry are taken back, by 'record'. said: all
-- that they carry now, invalid values too. Returns the ids, to be bound anew.
create or replace function identity.retract_unsaid(p_record_ids bigint[], p_said identity.claim[])
returns identity.id_key[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
as $$
declare
  v_gone constant identity.claim_key[] := array(
    select row (o.record_id, o.source, o.external_id)::identity.claim_key
    from (
      select x.record_id, x.source, x.external_id, x.method
      from identity.external_id x
      where x.record_id = any (p_record_ids)
      union all
      select f.record_id, f.source, f.external_id, f.method
      from identity.further_claim f
      where f.record_id = any (p_record_ids) and f.retracted_at is null
    ) o
    where o.method = 'stated'
      and not exists (
        select from unnest(p_said) c
        where c.record_id = o.record_id and c.scheme = o.source and coalesce(c.value, c.raw) = o.external_id
      )
  );
begin
  if v_gone = '{}' then
    return '{}';
  end if;
  return identity.step_back(v_gone, 'record');
end
$$;

comment on function identity.retract_unsaid(bigint[], identity.claim[]) is 'Takes back the ids that records no longer carry.';
