-- identity.withdraw(record_ids, claims) → the entities that lost an id because these records no longer claim it.
-- claims: all that the records claim now. An id that another member of the entity claims too stays, as that member's.
create or replace function identity.withdraw(p_record_ids bigint[], p_claims identity.claim[])
returns uuid[]
language plpgsql
volatile
set search_path = ''
set plan_cache_mode = force_custom_plan
as $$
declare
  v_gone identity.external_id[];
begin
  with gone as (
    delete from identity.external_id x
    where x.record_id = any (p_record_ids)
      and not exists (
        select from unnest(p_claims) c
        where c.record_id = x.record_id and c.scheme = x.source and c.value = x.external_id
      )
    returning x.*
  )
  select coalesce(array_agg(row (g.*)::identity.external_id), '{}') into v_gone from gone g;
  if v_gone = '{}' then
    return '{}';
  end if;

  insert into identity.external_id (external_id, source, kind, juke_id, record_id)
  select distinct on (g.external_id, g.source, g.kind) g.external_id, g.source, g.kind, g.juke_id, c.record_id
  from unnest(v_gone) g
  join identity.membership m on m.juke_id = g.juke_id
  join identity.record_claims(array(
    select n.record_id
    from unnest(v_gone) v
    join identity.membership n on n.juke_id = v.juke_id
  )) c on c.record_id = m.record_id and c.scheme = g.source and c.value = g.external_id and c.kind = g.kind
  order by g.external_id, g.source, g.kind, c.record_id;

  return array(select distinct g.juke_id from unnest(v_gone) g);
end
$$;

comment on function identity.withdraw(bigint[], identity.claim[]) is
  'Takes back the ids that changed records no longer claim and no other member of the entity does.';
