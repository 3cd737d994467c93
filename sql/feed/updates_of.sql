-- feed.updates_of(page) → the updates of a page that feed.read returned, as JSON: an array of feed.update.
-- For subscriptions: one read of the feed serves all who follow, and each asks the rest of its query with what was read.
-- Example: select op, kind, juke_id from feed.updates_of((select to_jsonb(r.updates) from feed.read(null, 10, null) r))
create or replace function feed.updates_of(page jsonb)
returns setof feed.update
language sql
stable
rows 100
as $$
  select u.* from jsonb_populate_recordset(null::feed.update, page) u
$$;

comment on function feed.updates_of(jsonb) is E'@behavior -* -queryField\nThe updates that a page of JSON holds.';
