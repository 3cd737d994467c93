-- catalog.project_parents(juke_ids, statements, are_new): the genres above a genre, as the best source that gives any has them.
-- are_new: nothing of the kind is written for them yet.
create or replace function catalog.project_parents(
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
  v_wanted constant catalog.genre_parent[] := array(
    select distinct row (s.juke_id, r.juke_id)::catalog.genre_parent
    from unnest(p_statements) s
    cross join lateral jsonb_to_recordset(s.value) as p (genre jsonb)
    cross join lateral catalog.referent(s.source, p.genre) r
    where s.key = 'parents' and s.is_best and s.kind = 'genre' and r.juke_id <> s.juke_id
  );
begin
  if not exists (select from catalog.genre g where g.juke_id = any (p_juke_ids)) then
    return;
  end if;
  if p_are_new then
    perform catalog.plan_once();
    insert into catalog.genre_parent select w.* from unnest(v_wanted) w;
  else
    delete from catalog.genre_parent t
    where t.genre_id = any (p_juke_ids) and t <> all (v_wanted);
    perform catalog.plan_once();
    insert into catalog.genre_parent
    select w.*
    from unnest(v_wanted) w
    where not exists (
      select from catalog.genre_parent t where t.genre_id = w.genre_id and t.parent_id = w.parent_id
    );
  end if;
end
$$;

comment on function catalog.project_parents(uuid[], catalog.statement[], boolean) is
  'Writes the genres above genres, as the best source that gives any has them.';
