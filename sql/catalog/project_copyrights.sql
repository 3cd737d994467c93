-- catalog.project_copyrights(juke_ids, statements): the P-lines and C-lines of the best source that gives any list.
-- Positions are counted within each line: 1, 2, 3…
create or replace function catalog.project_copyrights(p_juke_ids uuid[], p_statements catalog.statement[])
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
as $$
declare
  v_wanted constant catalog.copyright[] := array(
    select row (
      s.juke_id, c.line, row_number() over (partition by s.juke_id, c.line order by c.n), c.year, c.text
    )::catalog.copyright
    from unnest(p_statements) s
    cross join lateral rows from (
      jsonb_to_recordset(s.value) as (line text, year int, text text)
    ) with ordinality c (line, year, text, n)
    where s.key = 'copyrights' and s.is_best
  );
begin
  -- Most have none: nothing is written then, and no trigger fires.
  if v_wanted = '{}' and not exists (select from catalog.copyright t where t.juke_id = any (p_juke_ids)) then
    return;
  end if;
  delete from catalog.copyright t
  where t.juke_id = any (p_juke_ids)
    and not exists (
      select from unnest(v_wanted) w
      where w.juke_id = t.juke_id and w.line = t.line and w.position = t.position and w is not distinct from t
    );
  insert into catalog.copyright
  select w.*
  from unnest(v_wanted) w
  where not exists (
    select from catalog.copyright t where t.juke_id = w.juke_id and t.line = w.line and t.position = w.position
  );
end
$$;

comment on function catalog.project_copyrights(uuid[], catalog.statement[]) is
  'Writes the P-lines and C-lines of entities, as the best source that gives any list has them.';
