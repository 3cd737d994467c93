-- Statement trigger on the tables that hold parts of an entity (credits, aliases, external ids…).
-- Arguments: the column that names the entity, and the attribute that changes with the part.
create or replace function feed.tg_part__capture()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  v_rows constant text := case tg_op
    when 'INSERT' then 'table new_rows'
    when 'DELETE' then 'table old_rows'
    else '(table new_rows except all table old_rows) union all (table old_rows except all table new_rows)'
  end;
  v_changes feed.change[];
begin
  -- A projection that finds everything right writes no rows, and a trigger of statements fires all the same.
  if tg_op = 'DELETE' then
    if not exists (select from old_rows) then
      return null;
    end if;
  elsif not exists (select from new_rows) then
    return null;
  end if;

  -- Parts of an entity that is new in this transaction are the bulk of a load: they end here.
  execute format($sql$
    select array_agg(row (p.juke_id, array[$1])::feed.change)
    from (select distinct r.%I as juke_id from (%s) r) p
    where not exists (
      select from feed.event v
      where v.xid = pg_current_xact_id() and v.at = now() and v.juke_id = p.juke_id
        and (v.changed is null or v.changed @> array[$1])
      offset 0 -- by the key, one by one: a join is planned without knowing how many rows this transaction has written
    )
  $sql$, tg_argv[0], v_rows)
  into v_changes
  using tg_argv[1];

  perform feed.capture(v_changes);
  return null;
end
$$;
