-- catalog.changed_since(juke_id, version) → what has changed of an entity since a version, for a person: 'name is now "Beyoncé",
-- credits'. Null when the feed does not have all of it any more.
create or replace function catalog.changed_since(p_juke_id uuid, p_version int)
returns text
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_now jsonb;
begin
  execute format('select to_jsonb(t) from catalog.%I t where t.juke_id = $1',
    (select e.kind from catalog.entity e where e.juke_id = p_juke_id)) into v_now using p_juke_id;
  return (
    select string_agg(coalesce(c.name || coalesce(' is now ' || left((v_now -> c.name)::text, 100), ''), 'everything'), ', ' order by c.name)
    from (
      select distinct u.name
      from feed.event v
      left join lateral unnest(v.changed) u (name) on true
      where v.juke_id = p_juke_id and v.version > p_version
    ) c
    where exists (
      select from feed.event v where v.juke_id = p_juke_id and v.version = p_version + 1 -- else there is more that is not kept
    )
  );
end
$$;

comment on function catalog.changed_since(uuid, int) is 'What has changed of an entity since a version, in words.';
