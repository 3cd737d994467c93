-- feed.capture(changes): the one place where a change becomes a new version and an event.
-- changes: (juke_id, changed) pairs, repetitions allowed; ids that are no entity (any more) are passed over.
-- The first change of an entity in a transaction raises its version and writes its event; later ones widen that event.
-- Called by the statement triggers feed.tg_kind__capture and feed.tg_part__capture.
create or replace function feed.capture(p_changes feed.change[])
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_fresh int;
begin
  if coalesce(cardinality(p_changes), 0) = 0 then
    return;
  end if;
  -- For a few the plan is kept: to look them up, also when it was made while the tables were small. For many it is made anew, and
  -- knows how many they are. (What is set here ends with the function.)
  if cardinality(p_changes) > 10 then
    perform set_config('plan_cache_mode', 'force_custom_plan', true), set_config('enable_seqscan', 'on', true);
  end if;

  with change as materialized (
    select c.juke_id, array_agg(distinct a.name order by a.name) as changed
    from unnest(p_changes) c, unnest(c.changed) a (name)
    group by c.juke_id
  ),
  fresh as (
    -- Locked in id order, so that two batches that meet wait for each other instead of deadlocking.
    select e.juke_id, c.changed
    from change c
    join catalog.entity e on e.juke_id = c.juke_id
    where not exists (
      select from feed.event o where o.xid = pg_current_xact_id() and o.juke_id = c.juke_id and o.at = now()
    )
    order by e.juke_id
    for no key update of e
  ),
  bumped as (
    update catalog.entity e
    set version = e.version + 1, updated_at = now()
    from fresh f
    where e.juke_id = f.juke_id
    returning e.juke_id, e.kind, e.version, f.changed
  )
  insert into feed.event (kind, juke_id, op, version, changed, actor, delivery_id)
  select b.kind, b.juke_id, 'upsert', b.version, b.changed, o.actor, o.delivery_id
  from bumped b, feed.origin() o
  order by b.juke_id;

  get diagnostics v_fresh = row_count;
  if v_fresh = cardinality(p_changes) then
    return; -- each is the first of its entity: there is no event to widen
  end if;

  with change as (
    select c.juke_id, array_agg(distinct a.name) as changed
    from unnest(p_changes) c, unnest(c.changed) a (name)
    group by c.juke_id
  )
  update feed.event o
  set changed = array(select distinct n from unnest(o.changed || c.changed) n order by n)
  from change c
  where o.xid = pg_current_xact_id()
    and o.juke_id = c.juke_id
    and o.at = now()
    and not o.changed @> c.changed; -- null (a new entity) stays null
end
$$;

comment on function feed.capture(feed.change[]) is
  'Raises the version of the changed entities and writes their events, once per entity and transaction.';
