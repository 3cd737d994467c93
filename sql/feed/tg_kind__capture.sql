-- Statement trigger on each kind's table: names the columns that changed. A row that was written with the same
-- values is no change. Also keeps the promise that a row of catalog.artist is an entity of kind artist.
create or replace function feed.tg_kind__capture()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  v_stray uuid;
  v_changes feed.change[];
begin
  if tg_op = 'INSERT' then
    select n.juke_id into v_stray
    from new_rows n
    join catalog.entity e on e.juke_id = n.juke_id
    where e.kind <> tg_table_name::catalog.entity_kind
    limit 1;
    if v_stray is not null then
      raise exception 'entity % is not of kind %', v_stray, tg_table_name
        using errcode = 'JB101',
          detail = format('catalog.entity has it as %s.', (select e.kind from catalog.entity e where e.juke_id = v_stray)),
          hint = format('Insert into catalog.%s only entities of that kind.', tg_table_name);
    end if;
    perform feed.capture(array(
      select row (n.juke_id, array[tg_table_name::text])::feed.change
      from new_rows n
      where not exists (
        select from feed.event v
        where v.xid = pg_current_xact_id() and v.at = now() and v.juke_id = n.juke_id and v.changed is null
        offset 0 -- by the key, one by one: see tg_part__capture
      )
    ));

  elsif tg_op = 'UPDATE' then
    -- One row is compared by a plan that is kept. More are not: a plan that was made for one row would compare every row with every other.
    if (select count(*) from new_rows) = 1 then
      v_changes := array(
        select row (w.juke_id, array(
          select d.key
          from jsonb_each(w.after) d
          where d.value is distinct from w.before -> d.key
          order by d.key
        ))::feed.change
        from (
          select n.juke_id, to_jsonb(n) as after, to_jsonb(o) as before
          from new_rows n, old_rows o
          where n.* is distinct from o.*
          offset 0
        ) w
      );
    else
      execute $sql$
        select array(
          select row (w.juke_id, array(
            select d.key
            from jsonb_each(w.after) d
            where d.value is distinct from w.before -> d.key
            order by d.key
          ))::feed.change
          from (
            select n.juke_id, to_jsonb(n) as after, to_jsonb(o) as before
            from new_rows n
            left join old_rows o on o.juke_id = n.juke_id
            where n.* is distinct from o.*
            offset 0 -- else a row is made JSON again for each of its columns
          ) w
        )
      $sql$ into v_changes;
    end if;
    if exists (select from unnest(v_changes) c where 'juke_id' = any (c.changed)) then
      raise exception 'a row of catalog.% stays its entity''s', tg_table_name
        using errcode = 'JB101', hint = 'Insert a row for the other entity.';
    end if;
    perform feed.capture(v_changes);

  else
    perform feed.capture(array(
      select row (o.juke_id, array[tg_table_name::text])::feed.change from old_rows o
    ));
  end if;
  return null;
end
$$;
