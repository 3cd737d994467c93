-- feed.page(place, to, limit, kinds) → the next events of a batch, in the order of their ids: taken under the entity's row lock, it is the
-- order of each entity's changes. The batch is what finished between place.from_snapshot and to.
-- At its beginning (place.after_id is null) what was running then is found by its transaction, and all else has a higher id than what was visible; later pages go on by
-- the id. So a page costs what it holds, however large the batch is.
create or replace function feed.page(p_place feed.place, p_to pg_snapshot, p_limit int, p_kinds catalog.entity_kind[])
returns setof feed.event
language plpgsql
stable
rows 100
set search_path = pg_catalog, pg_temp
set enable_seqscan = off -- by an index, however much the plan expects: transactions may be large
as $$
begin
  if p_place.after_id is null then
    return query
      select b.*
      from (
        (
          select v.*
          from feed.event v
          where v.id > p_place.last_id
            and pg_visible_in_snapshot(v.xid, p_to)
            and not pg_visible_in_snapshot(v.xid, p_place.from_snapshot)
            and (p_kinds is null or v.kind = any (p_kinds))
          order by v.id
          limit p_limit
        )
        union all
        select v.*
        from (
          select v.*
          from feed.event v
          where v.xid = any (array(
            select x.xid from pg_snapshot_xip(p_place.from_snapshot) x (xid) where pg_visible_in_snapshot(x.xid, p_to)
          ))
          union all
          select v.*
          from feed.event v
          where v.xid >= pg_snapshot_xmax(p_place.from_snapshot) and v.xid < p_place.next_xid
          offset 0 -- by transaction: a plan that goes by the id would read the whole feed
        ) v
        where v.id <= p_place.last_id
          and pg_visible_in_snapshot(v.xid, p_to)
          and (p_kinds is null or v.kind = any (p_kinds))
      ) b
      order by b.id
      limit p_limit;
  else
    return query
      select v.*
      from feed.event v
      where v.id > p_place.after_id
        and pg_visible_in_snapshot(v.xid, p_to)
        and not pg_visible_in_snapshot(v.xid, p_place.from_snapshot)
        and (p_kinds is null or v.kind = any (p_kinds))
      order by v.id
      limit p_limit;
  end if;
end
$$;

comment on function feed.page(feed.place, pg_snapshot, int, catalog.entity_kind[]) is 'One page of a batch of events.';
