-- Statement trigger on what refers to an entity: what is newly referred to is held, and must be active. A merge of it waits,
-- and then finds this reference; one that came first is waited for, and refused here with the error of a missing row.
-- Arguments: the columns that refer. Errors: 23503 (catalog.project tries again).
create or replace function catalog.tg_part__hold_referents()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  v_column text;
  v_gone uuid;
begin
  if not exists (select from new_rows) then
    return null;
  end if;
  foreach v_column in array tg_argv loop
    execute format($sql$
      select l.juke_id
      from (
        select e.juke_id, e.status
        from catalog.entity e
        where e.juke_id in (select n.%1$I from new_rows n where n.%1$I is not null)
        order by e.juke_id
        for key share
      ) l
      where l.status <> 'active'
      limit 1
    $sql$, v_column) into v_gone;
    if v_gone is not null then
      raise exception 'entity % is not in the catalog any more', v_gone
        using errcode = 'foreign_key_violation', detail = format('catalog.%s would refer to it.', tg_table_name),
          hint = 'Try again: another session has merged or deleted it at this moment.';
    end if;
  end loop;
  return null;
end
$$;
