-- catalog.project_images(juke_ids, statements, are_new): every image that any source gives; the better source wins its details.
-- are_new: nothing of the kind is written for them yet.
create or replace function catalog.project_images(
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
  v_wanted constant catalog.image[] := array(
    select row (w.juke_id, w.url, w.image_type, w.width, w.height)::catalog.image
    from (
      select distinct on (s.juke_id, i.url) s.juke_id, i.url, i.image_type, i.width, i.height
      from unnest(p_statements) with ordinality s (juke_id, kind, key, value, source, is_best, rank)
      cross join lateral rows from (
        jsonb_to_recordset(s.value) as (url text, image_type text, width int, height int)
      ) with ordinality i (url, image_type, width, height, n)
      where s.key = 'images'
      order by s.juke_id, i.url, s.rank, i.n
    ) w
  );
begin
  if p_are_new then
    perform catalog.plan_once();
    insert into catalog.image select w.* from unnest(v_wanted) w;
  else
    delete from catalog.image t
    where t.juke_id = any (p_juke_ids)
      and not exists (
        select from unnest(v_wanted) w where w.juke_id = t.juke_id and w.url = t.url and w is not distinct from t
      );
    perform catalog.plan_once();
    insert into catalog.image
    select w.*
    from unnest(v_wanted) w
    where not exists (select from catalog.image t where t.juke_id = w.juke_id and t.url = w.url);
  end if;
end
$$;

comment on function catalog.project_images(uuid[], catalog.statement[], boolean) is
  'Writes the images of entities: all that any source gives.';
