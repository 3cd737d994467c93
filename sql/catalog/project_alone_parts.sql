-- catalog.project_alone_parts(source, arrivals): the parts (credits, tracks, aliases…) of entities whose rows catalog.project_alone has written. What they
-- refer to is held, as in catalog.project_now.
-- Errors: 23503 when another session merges or deletes what one of them refers to at the same moment.
create or replace function catalog.project_alone_parts(p_source text, p_arrivals ingest.arrival[])
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
as $$
declare
  v_statements constant catalog.statement[] := array(
    select row (a.juke_id, a.kind, k.key, k.value, p_source, true)::catalog.statement
    from unnest(p_arrivals) a
    cross join lateral jsonb_each(a.said) k
    where jsonb_typeof(k.value) = 'array' and k.key not in ('languages', 'secondary_types')
    order by a.juke_id
  );
  v_keys constant text[] := array(select distinct s.key from unnest(v_statements) s);
  v_juke_ids uuid[];
  v_of catalog.statement[];
  v_key text;
begin
  if v_keys = '{}' then
    return;
  end if;
  perform catalog.hold_referents(v_statements);
  foreach v_key in array v_keys loop
    v_of := array(select s from unnest(v_statements) s where s.key = v_key);
    v_juke_ids := array(select s.juke_id from unnest(v_of) s);
    case v_key
      when 'aliases' then perform catalog.project_aliases(v_juke_ids, v_of, true);
      when 'credits' then perform catalog.project_credits(v_juke_ids, v_of, true);
      when 'genres' then perform catalog.project_genres(v_juke_ids, v_of, true);
      when 'images' then perform catalog.project_images(v_juke_ids, v_of, true);
      when 'works' then perform catalog.project_works(v_juke_ids, v_of, true);
      when 'parents' then perform catalog.project_parents(v_juke_ids, v_of, true);
      else null;
    end case;
  end loop;
  v_of := array(select s from unnest(v_statements) s where s.kind = 'release' and s.key in ('media', 'tracks', 'labels', 'release_events'));
  if v_of <> '{}' then
    perform catalog.project_release_parts(array(select distinct s.juke_id from unnest(v_of) s), v_of, true);
  end if;
end
$$;

comment on function catalog.project_alone_parts(text, ingest.arrival[]) is 'Writes the parts of new entities of which one record is all that is known.';
