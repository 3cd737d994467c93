-- catalog.refuse_stale(expected): refuses what somebody wants to do who has seen other versions than those that are there; null or none to
-- expect nothing. Called when the entities are locked, so that none changes between this look and what is done then.
-- Errors: JB151 no such entity, JB162 a version is stale; the detail has a line of each: the current one, and what changed since.
create or replace function catalog.refuse_stale(p_expected catalog.entity_version[])
returns void
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_count constant int := cardinality(p_expected);
  v_stale record;
begin
  perform identity.refuse_missing(array(select x.juke_id from unnest(p_expected) x));
  select count(*) as count, string_agg(
    format('The current version%s is %s. ', case when v_count > 1 then ' of ' || e.juke_id end, e.version) || case
      when x.version between 1 and e.version then
        format('Changed since: %s.', coalesce(catalog.changed_since(e.juke_id, x.version), 'not recorded any more'))
      else format('Version %s has never been.', coalesce(x.version::text, 'null'))
    end,
    e'\n' order by e.juke_id, x.version
  ) as detail into v_stale
  from unnest(p_expected) x
  join catalog.entity e on e.juke_id = x.juke_id
  where x.version is distinct from e.version;
  if v_stale.count > 0 then
    raise exception '%', case v_count
      when 1 then format('version %s is stale', coalesce(p_expected[1].version::text, 'null'))
      else format('%s of %s versions are stale', v_stale.count, v_count)
    end
      using errcode = 'JB162', detail = v_stale.detail,
        hint = format('Read %s again, and repeat it if it still holds.', case v_count when 1 then 'the entity' else 'these entities' end);
  end if;
end
$$;

comment on function catalog.refuse_stale(catalog.entity_version[]) is
  'Refuses what somebody wants to do who has seen other versions than those that are there.';
