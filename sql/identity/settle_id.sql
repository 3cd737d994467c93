-- identity.settle_id(juke_id, key, is_bound): after this entity's claim to an id was made or taken back, makes everything that
-- follows right again: the binding, unless it is right already (is_bound), and the mbids of those who won or lost it. No record
-- has moved, so nothing else of them is projected; but an entity that only people speak of may owe its name to its claims.
create or replace function identity.settle_id(p_juke_id uuid, p_key identity.id_key, p_is_bound boolean default false)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  v_affected uuid[] := array[p_juke_id];
begin
  if not p_is_bound then
    v_affected := v_affected || identity.rebind(array[p_key]);
  end if;
  if p_key.source = 'mbid' then
    perform catalog.project_mbids(v_affected);
  end if;
  v_affected := array(
    select distinct a.juke_id
    from unnest(v_affected) a (juke_id)
    where not exists (
      select
      from identity.membership m
      join ingest.record r on r.record_id = m.record_id
      where m.juke_id = a.juke_id and r.source <> 'manual'
    )
  );
  if v_affected <> '{}' then
    perform catalog.project(v_affected);
  end if;
end
$$;

comment on function identity.settle_id(uuid, identity.id_key, boolean) is
  'Makes the binding of an id right after a claim to it was made or taken back.';
