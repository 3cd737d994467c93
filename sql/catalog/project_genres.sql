-- catalog.project_genres(juke_ids, statements, are_new): every genre that any source gives, with its greatest weight.
-- are_new: nothing of the kind is written for them yet.
create or replace function catalog.project_genres(
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
  v_wanted constant catalog.entity_genre[] := array(
    select row (g.juke_id, r.juke_id, max(g.weight))::catalog.entity_genre
    from (
      -- What many records name is looked up once.
      select s.juke_id, s.source, g.genre, max(coalesce(g.weight, 1)) as weight
      from unnest(p_statements) s
      cross join lateral jsonb_to_recordset(s.value) as g (genre jsonb, weight real)
      where s.key = 'genres'
      group by s.juke_id, s.source, g.genre
    ) g
    cross join lateral catalog.referent(g.source, g.genre) r
    group by g.juke_id, r.juke_id
  );
begin
  if p_are_new then
    perform catalog.plan_once();
    insert into catalog.entity_genre select w.* from unnest(v_wanted) w;
  else
    delete from catalog.entity_genre t
    where t.juke_id = any (p_juke_ids)
      and not exists (
        select from unnest(v_wanted) w where w.juke_id = t.juke_id and w.genre_id = t.genre_id and w.weight = t.weight
      );
    perform catalog.plan_once();
    insert into catalog.entity_genre
    select w.*
    from unnest(v_wanted) w
    where not exists (
      select from catalog.entity_genre t where t.juke_id = w.juke_id and t.genre_id = w.genre_id
    );
  end if;
end
$$;

comment on function catalog.project_genres(uuid[], catalog.statement[], boolean) is
  'Writes the genres of entities: all that any source gives, each with its greatest weight.';
