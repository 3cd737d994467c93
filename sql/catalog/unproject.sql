-- catalog.unproject(juke_ids): takes merged and deleted entities out of the catalog: their own rows and their parts. The hub row
-- stays, so that their ids resolve.
create or replace function catalog.unproject(p_juke_ids uuid[])
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  v_table text;
begin
  if p_juke_ids = '{}' then
    return;
  end if;
  delete from catalog.alias t where t.juke_id = any (p_juke_ids);
  delete from catalog.credit t where t.juke_id = any (p_juke_ids);
  delete from catalog.entity_genre t where t.juke_id = any (p_juke_ids);
  delete from catalog.image t where t.juke_id = any (p_juke_ids);
  delete from catalog.usage_right t where t.juke_id = any (p_juke_ids);
  delete from catalog.copyright t where t.juke_id = any (p_juke_ids);
  delete from catalog.chapter t where t.juke_id = any (p_juke_ids);
  -- The other parts hang on the kind's row.
  foreach v_table in array array(
    select distinct e.kind::text from catalog.entity e where e.juke_id = any (p_juke_ids)
  ) loop
    execute format('delete from catalog.%I t where t.juke_id = any ($1)', v_table) using p_juke_ids;
  end loop;
end
$$;

comment on function catalog.unproject(uuid[]) is 'Takes merged and deleted entities out of the catalog; their hub rows stay.';
