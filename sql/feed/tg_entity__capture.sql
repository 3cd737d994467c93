-- Statement trigger on the hub: new entities, changed ones (merged, deleted, renamed…) and removed ones.
-- Errors: JB101 when an entity would change its kind.
create or replace function feed.tg_entity__capture()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  v_changes feed.change[];
begin
  if tg_op = 'INSERT' then
    insert into feed.event (kind, juke_id, op, version, actor, delivery_id)
    select n.kind, n.juke_id, 'upsert', n.version, o.actor, o.delivery_id
    from new_rows n, feed.origin() o
    order by n.juke_id;

  elsif tg_op = 'UPDATE' then
    -- A version raised by feed.capture changes nothing else: its event is that function's.
    if not exists (
      select n.juke_id, n.display_name, n.mbid, n.kind, n.status, n.merged_into from new_rows n
      except all
      select o.juke_id, o.display_name, o.mbid, o.kind, o.status, o.merged_into from old_rows o
    ) then
      return null;
    end if;
    -- Planned anew each time: a plan that was made for one row would compare every row with every other.
    execute $sql$
      select array(
        select row (n.juke_id, d.changed)::feed.change
        from new_rows n
        join old_rows o on o.juke_id = n.juke_id
        cross join lateral (
          select array_remove(array[
            case when n.display_name is distinct from o.display_name then 'display_name' end,
            case when n.mbid is distinct from o.mbid then 'mbid' end,
            case when n.kind is distinct from o.kind then 'kind' end,
            case when n.status is distinct from o.status then 'status' end,
            case when n.merged_into is distinct from o.merged_into then 'merged_into' end
          ], null) as changed
        ) d
        where d.changed <> '{}'
      )
    $sql$ into v_changes;
    perform feed.capture(v_changes);
    if v_changes <> '{}' then
      if exists (select from unnest(v_changes) c where 'kind' = any (c.changed)) then
        raise exception 'an entity keeps its kind'
          using errcode = 'JB101',
            detail = (
              select format('%s is of kind %s, and would become one of kind %s.', n.juke_id, o.kind, n.kind)
              from new_rows n
              join old_rows o on o.juke_id = n.juke_id
              where n.kind <> o.kind
              order by n.juke_id
              limit 1
            ),
            hint = 'Make a new entity of the other kind, and merge or delete this one.';
      end if;
      execute $sql$
        update feed.event v
        set op = case n.status when 'merged' then 'merge' else 'delete' end::feed.op
        from new_rows n
        join old_rows o on o.juke_id = n.juke_id
        where (n.status, n.merged_into) is distinct from (o.status, o.merged_into) -- it may redirect elsewhere now
          and n.status <> 'active'
          and v.xid = pg_current_xact_id()
          and v.at = now()
          and v.juke_id = n.juke_id
      $sql$;
    end if;

  else
    update feed.event v
    set op = 'delete'
    from old_rows o
    where v.xid = pg_current_xact_id() and v.at = now() and v.juke_id = o.juke_id and v.changed is not null;
    -- What was born in this transaction (changed is null) was never seen outside: no trace of it remains.
    with born as (
      delete from feed.event v
      using old_rows o
      where v.xid = pg_current_xact_id() and v.at = now() and v.juke_id = o.juke_id and v.changed is null
    )
    insert into feed.event (kind, juke_id, op, version, changed, actor, delivery_id)
    select o.kind, o.juke_id, 'delete', o.version + 1, '{}', g.actor, g.delivery_id
    from old_rows o, feed.origin() g
    where not exists (
      select from feed.event v where v.xid = pg_current_xact_id() and v.at = now() and v.juke_id = o.juke_id
    )
    order by o.juke_id;
  end if;
  return null;
end
$$;
