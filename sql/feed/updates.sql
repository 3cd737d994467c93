-- feed.updates(cursor, limit, kinds) → the events after a cursor, in the order of each entity's changes, at most limit (1 to 10,000), of some
-- kinds or (null) of all. Each row carries the cursor that continues right after it; no row means nothing new: keep the cursor.
-- A null cursor begins at the oldest event that is kept. Only on the primary.
-- Errors: JB301 not a cursor, JB302 another database's cursor, JB303 on a standby, JB304 limit out of range, JB305 the cursor has expired.
-- Example: select next_cursor, op, kind, juke_id, version, changed from feed.updates(null, 10)
create or replace function feed.updates(
  cursor text default null, "limit" int default 100, kinds catalog.entity_kind[] default null
)
returns setof feed.update
language sql
stable
rows 100
security definer -- readers of the feed need no right to the event table
set search_path = pg_catalog, pg_temp
as $$
  select u.* from feed.read(cursor, "limit", kinds) r, unnest(r.updates) u
$$;

comment on function feed.updates(text, int, catalog.entity_kind[]) is
  E'@fieldName updates\n@behavior -connection +list\n@notNull\nWhat has changed after a cursor, at most `limit` (1 to 10,000, default 100), of some kinds or of all: one update for an entity and transaction, each with the cursor that continues after it. None: nothing is new, keep the cursor. Without a cursor: from the oldest that is kept. Errors: JB301 not a cursor, JB302 the cursor of another database, JB304 limit out of range, JB305 the cursor has expired.';
