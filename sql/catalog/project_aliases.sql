-- catalog.project_aliases(juke_ids, statements, are_new): every alias that any source knows; the better source wins its details.
-- are_new: nothing of the kind is written for them yet.
create or replace function catalog.project_aliases(
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
  v_wanted constant catalog.alias[] := array(
    select row (w.juke_id, w.name, w.locale, w.sort_name, w.alias_type, w.is_primary, w.begin_date, w.end_date)::catalog.alias
    from (
      select distinct on (s.juke_id, a.name, coalesce(a.locale, ''))
        s.juke_id, a.name, coalesce(a.locale, '') as locale, a.sort_name, a.alias_type,
        coalesce(a.is_primary, false) as is_primary, a.begin_date, a.end_date
      from unnest(p_statements) with ordinality s (juke_id, kind, key, value, source, is_best, rank)
      cross join lateral rows from (
        jsonb_to_recordset(s.value) as (
          name text, locale text, sort_name text, alias_type text, is_primary boolean,
          begin_date catalog.partial_date, end_date catalog.partial_date
        )
      ) with ordinality a (name, locale, sort_name, alias_type, is_primary, begin_date, end_date, n)
      where s.key = 'aliases'
      order by s.juke_id, a.name, coalesce(a.locale, ''), s.rank, a.n
    ) w
  );
begin
  if p_are_new then
    perform catalog.plan_once();
    insert into catalog.alias select w.* from unnest(v_wanted) w;
  else
    delete from catalog.alias t
    where t.juke_id = any (p_juke_ids)
      and not exists (
        select from unnest(v_wanted) w
        where w.juke_id = t.juke_id and w.name = t.name and w.locale = t.locale and w is not distinct from t
      );
    perform catalog.plan_once();
    insert into catalog.alias
    select w.*
    from unnest(v_wanted) w
    where not exists (
      select from catalog.alias t where t.juke_id = w.juke_id and t.name = w.name and t.locale = w.locale
    );
  end if;
end
$$;

comment on function catalog.project_aliases(uuid[], catalog.statement[], boolean) is
  'Writes the aliases of entities: all that any source knows.';
