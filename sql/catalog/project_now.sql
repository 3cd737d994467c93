-- catalog.project_now(juke_ids): one attempt of catalog.project.
-- Errors: 23503 when another session merges or deletes what one of them refers to at the same moment.
create or replace function catalog.project_now(p_juke_ids uuid[])
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
set enable_seqscan = on -- see catalog.plan_once
as $$
declare
  v_active uuid[];
  v_best catalog.statement[];
  v_aliases catalog.statement[];
  v_genres catalog.statement[];
  v_images catalog.statement[];
  v_relations catalog.statement[];
  v_kind catalog.entity_kind;
  v_rows jsonb;
begin
  -- Locked before they are read: what another session has written of them is in what follows.
  perform from catalog.entity e where e.juke_id = any (p_juke_ids) order by e.juke_id for no key update;
  -- A tombstone has records, but nothing to show.
  v_active := array(
    select e.juke_id from catalog.entity e where e.juke_id = any (p_juke_ids) and e.status = 'active'
  );
  -- Each list by itself: a statement is planned with a copy of the arrays it reads.
  select coalesce(array_agg(s) filter (where s.is_best), '{}'),
    coalesce(array_agg(s) filter (where s.key = 'aliases'), '{}'),
    coalesce(array_agg(s) filter (where s.key = 'genres'), '{}'),
    coalesce(array_agg(s) filter (where s.key = 'images'), '{}'),
    coalesce(array_agg(s) filter (where s.key = 'relations'), '{}')
  into v_best, v_aliases, v_genres, v_images, v_relations
  from catalog.statements(v_active) s;

  perform catalog.hold_referents(v_best || v_genres || v_relations);

  for v_kind, v_rows in
    select g.kind, jsonb_agg(g.said)
    from (
      select e.kind,
        jsonb_build_object('name', f.fallback, 'title', f.fallback)
          || coalesce(b.said, '{}')
          || jsonb_build_object('juke_id', e.juke_id) as said
      from catalog.entity e
      left join (
        select s.juke_id, jsonb_object_agg(
          case
            when jsonb_typeof(s.value) = 'object' then s.key || '_id'
            when s.key = 'status' then 'release_status' -- status is the entity's own
            else s.key
          end,
          case
            when jsonb_typeof(s.value) = 'object' then to_jsonb(nullif(r.juke_id, s.juke_id)) -- nothing contains itself
            else s.value
          end
        ) as said
        from unnest(v_best) s
        left join lateral (
          select t.juke_id from catalog.referent(s.source, s.value) t where jsonb_typeof(s.value) = 'object'
        ) r on true
        group by s.juke_id
      ) b on b.juke_id = e.juke_id
      cross join lateral (
        -- Looked for only where it is needed.
        select coalesce(min(r.source_record_id) filter (where r.source <> 'manual'), min(r.source_record_id)) as fallback
        from identity.membership m
        join ingest.record r on r.record_id = m.record_id
        where m.juke_id = e.juke_id
          and not coalesce(b.said ? case when e.kind in ('artist', 'label', 'genre') then 'name' else 'title' end, false)
      ) f
      where e.juke_id = any (v_active)
        and exists (select from identity.membership m where m.juke_id = e.juke_id)
    ) g
    group by g.kind
    -- What others refer to in a column comes first: podcast before episode, album before release.
    order by array_position('{label,album,track,podcast,book}'::catalog.entity_kind[], g.kind)
  loop
    perform catalog.plan_once();
    perform catalog.project_kind(v_kind, v_rows);
    update catalog.entity e
    set display_name = w.name
    from (
      select (r ->> 'juke_id')::uuid as juke_id,
        case when v_kind in ('artist', 'label', 'genre') then r ->> 'name' else r ->> 'title' end as name
      from jsonb_array_elements(v_rows) r
    ) w
    where e.juke_id = w.juke_id and e.display_name <> w.name;
  end loop;

  perform catalog.project_mbids(p_juke_ids);
  perform catalog.project_aliases(p_juke_ids, v_aliases);
  perform catalog.project_credits(p_juke_ids, v_best);
  perform catalog.project_genres(p_juke_ids, v_genres);
  perform catalog.project_images(p_juke_ids, v_images);
  perform catalog.project_parents(p_juke_ids, v_best);
  perform catalog.project_release_parts(p_juke_ids, v_best);
  perform catalog.project_works(p_juke_ids, v_best);
  perform catalog.project_rights(p_juke_ids, v_best);
  perform catalog.project_copyrights(p_juke_ids, v_best);
  perform catalog.project_relations(p_juke_ids, v_relations);
  perform catalog.project_chapters(p_juke_ids, v_best);
  perform catalog.project_transcripts(p_juke_ids, v_best);
end
$$;

comment on function catalog.project_now(uuid[]) is 'One attempt of catalog.project.';
