-- catalog.project_chapters(juke_ids, statements): the chapters of episodes and audiobooks, as the best source that gives any has them.
create or replace function catalog.project_chapters(p_juke_ids uuid[], p_statements catalog.statement[])
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
as $$
declare
  v_wanted constant catalog.chapter[] := array(
    select row (
      s.juke_id, row_number() over (partition by s.juke_id order by c.start_ms, c.n), c.start_ms, c.end_ms, c.title,
      c.url, c.image_url
    )::catalog.chapter
    from unnest(p_statements) s
    cross join lateral rows from (
      jsonb_to_recordset(s.value) as (start_ms int, end_ms int, title text, url text, image_url text)
    ) with ordinality c (start_ms, end_ms, title, url, image_url, n)
    where s.key = 'chapters' and s.is_best
  );
begin
  -- Most have none: nothing is written then, and no trigger fires.
  if v_wanted = '{}' and not exists (select from catalog.chapter t where t.juke_id = any (p_juke_ids)) then
    return;
  end if;
  delete from catalog.chapter t
  where t.juke_id = any (p_juke_ids)
    and not exists (
      select from unnest(v_wanted) w where w.juke_id = t.juke_id and w.position = t.position and w is not distinct from t
    );
  insert into catalog.chapter
  select w.*
  from unnest(v_wanted) w
  where not exists (select from catalog.chapter t where t.juke_id = w.juke_id and t.position = w.position);
end
$$;

comment on function catalog.project_chapters(uuid[], catalog.statement[]) is
  'Writes the chapters of episodes and audiobooks, as the best source that gives any has them.';
