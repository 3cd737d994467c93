-- catalog.project_works(juke_ids, statements, are_new): the works a recording performs, as the best source that gives any has them.
-- are_new: nothing of the kind is written for them yet.
create or replace function catalog.project_works(
  p_juke_ids uuid[], p_statements catalog.statement[], p_are_new boolean default false
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
set enable_seqscan = on -- see catalog.plan_once
as $$
declare
  v_wanted constant catalog.track_work[] := array(
    select distinct on (s.juke_id, r.juke_id)
      row (s.juke_id, r.juke_id, coalesce(w.relation, 'performance'), w.attributes)::catalog.track_work
    from unnest(p_statements) s
    cross join lateral rows from (
      jsonb_to_recordset(s.value) as (work jsonb, relation text, attributes text[])
    ) with ordinality w (work, relation, attributes, n)
    cross join lateral catalog.referent(s.source, w.work) r
    where s.key = 'works' and s.is_best and s.kind = 'track'
    order by s.juke_id, r.juke_id, w.n
  );
begin
  if not exists (select from catalog.track t where t.juke_id = any (p_juke_ids)) then
    return;
  end if;
  if p_are_new then
    perform catalog.plan_once();
    insert into catalog.track_work select w.* from unnest(v_wanted) w;
  else
    delete from catalog.track_work t
    where t.track_id = any (p_juke_ids)
      and not exists (
        select from unnest(v_wanted) w
        where w.track_id = t.track_id and w.work_id = t.work_id and w is not distinct from t
      );
    perform catalog.plan_once();
    insert into catalog.track_work
    select w.*
    from unnest(v_wanted) w
    where not exists (select from catalog.track_work t where t.track_id = w.track_id and t.work_id = w.work_id);
  end if;
end
$$;

comment on function catalog.project_works(uuid[], catalog.statement[], boolean) is
  'Writes the works that recordings perform, as the best source that gives any has them.';
