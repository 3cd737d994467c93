-- identity.seize(juke_ids, keys, expected): locks entities to change their identity, all others that claim one of these ids, and those
-- whose version is expected, in id order, and returns nothing; each of juke_ids must exist and be active once it is locked.
-- Errors: JB151 no such entity, JB152 merged or deleted meanwhile, JB162 another version than is expected, JB174 not at read committed.
create or replace function identity.seize(
  p_juke_ids uuid[], p_keys identity.id_key[] default '{}', p_expected catalog.entity_version[] default null
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  v_all uuid[];
  v_stale catalog.entity;
begin
  perform identity.require_read_committed();
  v_all := p_juke_ids || identity.claimants(p_keys) || array(select x.juke_id from unnest(p_expected) x);
  perform
  from catalog.entity e
  where e.juke_id = any (v_all)
  order by e.juke_id
  for update;

  perform identity.refuse_missing(p_juke_ids);

  select e.* into v_stale
  from catalog.entity e
  where e.juke_id = any (p_juke_ids) and e.status <> 'active'
  order by e.juke_id
  limit 1;
  if found then
    raise exception 'entity % is %', v_stale.juke_id, v_stale.status
      using errcode = 'JB152',
        detail = case v_stale.status
          when 'merged' then format('It was merged into %s.', v_stale.merged_into)
          else 'It is a tombstone.'
        end,
        hint = case v_stale.status
          when 'merged' then 'Name the survivor, or undo the merge first.'
          else 'Undo the deletion first.'
        end;
  end if;
  perform catalog.refuse_stale(p_expected);
end
$$;

comment on function identity.seize(uuid[], identity.id_key[], catalog.entity_version[]) is
  'Locks entities for a change of identity; refuses missing, merged and deleted ones, and stale versions.';
