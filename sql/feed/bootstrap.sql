-- requires: catalog/state.sql
-- feed.bootstrap(kinds…) → the catalog, or some kinds of it, as of one moment, each entity with its state (catalog.state) and the cursor that
-- continues from that moment. Merged entities are there, with what they redirect to; deleted ones are not. When there is nothing, one row with the cursor alone.
-- Read it with a server-side cursor: it is one statement, and as long as the catalog.
-- Errors: JB303 on a standby.
-- Example: select next_cursor, juke_id, state from feed.bootstrap('artist', 'album')
create or replace function feed.bootstrap(variadic kinds catalog.entity_kind[] default '{}')
returns table (next_cursor text, kind catalog.entity_kind, juke_id uuid, version int, state jsonb)
language sql
stable
rows 1000000
as $$
  with h as materialized (select feed.head() as cursor) -- once, and not for each row
  select h.cursor, e.kind, e.juke_id, e.version, e.state
  from h
  left join (
    select t.kind, s.juke_id, s.version, s.state
    from (
      select n.kind, array_agg(n.juke_id) as juke_ids
      from (
        select e.kind, e.juke_id, row_number() over (partition by e.kind order by e.juke_id) / 500 as chunk
        from catalog.entity e
        where e.status <> 'deleted' and (kinds = '{}' or e.kind = any (kinds))
      ) n
      group by n.kind, n.chunk
    ) t
    cross join lateral catalog.state(t.juke_ids) s
  ) e on true
$$;

comment on function feed.bootstrap(catalog.entity_kind[]) is
  E'@behavior -*\nThe catalog as of one moment, with the cursor that continues from it.';
