-- identity.check_kinds(juke_ids): refuses entities that cannot be one: JB154 of different kinds, JB155 special ones.
create or replace function identity.check_kinds(p_juke_ids uuid[])
returns void
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_kinds text;
  v_special text;
begin
  select string_agg(format('%s is of kind %s', e.juke_id, e.kind), ', ' order by e.kind, e.juke_id) into v_kinds
  from catalog.entity e
  where e.juke_id = any (p_juke_ids)
  having count(distinct e.kind) > 1;
  if v_kinds is not null then
    raise exception 'entities of different kinds cannot be merged'
      using errcode = 'JB154', detail = left(v_kinds, 1000) || '.', hint = 'Relate them instead: a release to its album, say.';
  end if;

  v_special := identity.special_title(p_juke_ids);
  if v_special is not null then
    raise exception '% cannot be merged', v_special
      using errcode = 'JB155', detail = 'It stands for no one in particular (identity.special_entity).',
        hint = 'Correct the credits instead.';
  end if;
end
$$;

comment on function identity.check_kinds(uuid[]) is 'Refuses entities that cannot be one: of different kinds, or special.';
