-- identity.refuse_missing(juke_ids): refuses keys that no entity has. Errors: JB151, which names the first of them.
create or replace function identity.refuse_missing(p_juke_ids uuid[])
returns void
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_missing uuid;
begin
  select i.juke_id into v_missing
  from unnest(p_juke_ids) i (juke_id)
  where not exists (select from catalog.entity e where e.juke_id = i.juke_id)
  limit 1;
  if found then
    raise exception 'no entity %', coalesce(v_missing::text, 'null')
      using errcode = 'JB151', detail = 'catalog.entity has no such juke_id.', hint = 'Look it up with identity.resolve.';
  end if;
end
$$;

comment on function identity.refuse_missing(uuid[]) is 'Refuses keys that no entity has.';
