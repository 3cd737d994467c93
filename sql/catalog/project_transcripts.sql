-- catalog.project_transcripts(juke_ids, statements): the transcripts of episodes, as the best source that gives any has them.
create or replace function catalog.project_transcripts(p_juke_ids uuid[], p_statements catalog.statement[])
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
as $$
declare
  v_wanted constant catalog.transcript[] := array(
    select row (s.juke_id, t.n, t.url, t.media_type, t.language, t.rel)::catalog.transcript
    from unnest(p_statements) s
    cross join lateral rows from (
      jsonb_to_recordset(s.value) as (url text, media_type text, language text, rel text)
    ) with ordinality t (url, media_type, language, rel, n)
    where s.key = 'transcripts' and s.is_best and s.kind = 'episode'
  );
begin
  -- Most have none: nothing is written then, and no trigger fires.
  if v_wanted = '{}' and not exists (select from catalog.transcript t where t.episode_id = any (p_juke_ids)) then
    return;
  end if;
  delete from catalog.transcript t
  where t.episode_id = any (p_juke_ids)
    and not exists (
      select from unnest(v_wanted) w
      where w.episode_id = t.episode_id and w.position = t.position and w is not distinct from t
    );
  insert into catalog.transcript
  select w.*
  from unnest(v_wanted) w
  where not exists (
    select from catalog.transcript t where t.episode_id = w.episode_id and t.position = w.position
  );
end
$$;

comment on function catalog.project_transcripts(uuid[], catalog.statement[]) is
  'Writes the transcripts of episodes, as the best source that gives any has them.';
