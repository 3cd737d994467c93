-- catalog.project_mbids(juke_ids): the best MusicBrainz id of each entity: its own before what a merge has brought; of several,
-- the least.
create or replace function catalog.project_mbids(p_juke_ids uuid[])
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
as $$
begin
  update catalog.entity e
  set mbid = w.mbid
  from (
    select distinct on (t.juke_id) t.juke_id, x.external_id::uuid as mbid
    from unnest(p_juke_ids) t (juke_id)
    left join identity.external_id x on x.juke_id = t.juke_id and x.source = 'mbid'
    left join identity.membership m on m.record_id = x.record_id
    order by t.juke_id, m.rule is not distinct from 'merge', x.external_id
  ) w
  where e.juke_id = w.juke_id and e.mbid is distinct from w.mbid;
end
$$;

comment on function catalog.project_mbids(uuid[]) is 'Writes the best MusicBrainz id of entities.';
