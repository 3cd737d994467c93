-- catalog.project(juke_ids): computes these entities anew from the records that belong to them: for every attribute the
-- value of the best source, for lists the best source's or the union. What is right already is not written, so a
-- projection that changes nothing leaves no event. An entity that is only referred to shows its source's id as its name.
create or replace function catalog.project(p_juke_ids uuid[])
returns void
language plpgsql
volatile
set search_path = ''
set plan_cache_mode = force_custom_plan
as $$
declare
  v_statements constant catalog.statement[] := array(select s from catalog.statements(p_juke_ids) s);
  v_kind catalog.entity_kind;
  v_rows jsonb;
begin
  for v_kind, v_rows in
    select g.kind, jsonb_agg(g.said)
    from (
      select e.kind,
        jsonb_build_object('name', f.fallback, 'title', f.fallback)
          || coalesce(b.said, '{}')
          || jsonb_build_object('juke_id', e.juke_id) as said
      from catalog.entity e
      cross join lateral (
        select min(r.source_record_id) as fallback
        from identity.membership m
        join ingest.record r on r.record_id = m.record_id
        where m.juke_id = e.juke_id
      ) f
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
        from unnest(v_statements) s
        left join lateral (
          select t.juke_id from catalog.referent(s.source, s.value) t where jsonb_typeof(s.value) = 'object'
        ) r on true
        where s.is_best
        group by s.juke_id
      ) b on b.juke_id = e.juke_id
      where e.juke_id = any (p_juke_ids) and e.status = 'active' and f.fallback is not null
    ) g
    group by g.kind
    -- What others refer to in a column comes first: podcast before episode, album before release.
    order by array_position('{label,album,track,podcast,book}'::catalog.entity_kind[], g.kind)
  loop
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

  update catalog.entity e
  set mbid = w.mbid
  from (
    select t.juke_id, min(x.external_id)::uuid as mbid
    from unnest(p_juke_ids) t (juke_id)
    left join identity.external_id x on x.juke_id = t.juke_id and x.source = 'mbid'
    group by t.juke_id
  ) w
  where e.juke_id = w.juke_id and e.mbid is distinct from w.mbid
    -- the best of several stays while it is bound
    and not exists (
      select from identity.external_id x
      where x.juke_id = e.juke_id and x.source = 'mbid' and x.external_id = e.mbid::text
    );

  perform catalog.project_aliases(p_juke_ids, v_statements);
  perform catalog.project_credits(p_juke_ids, v_statements);
  perform catalog.project_genres(p_juke_ids, v_statements);
  perform catalog.project_images(p_juke_ids, v_statements);
  perform catalog.project_parents(p_juke_ids, v_statements);
  perform catalog.project_release_parts(p_juke_ids, v_statements);
  perform catalog.project_works(p_juke_ids, v_statements);
end
$$;

comment on function catalog.project(uuid[]) is
  'Computes entities anew from the records that belong to them; writes, and reports to the feed, only what differs.';
