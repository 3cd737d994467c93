-- feed.encode_cursor(place) → the cursor as text: 'catalog/snapshot/next/last/sum' or, within a batch, 'catalog/from/to/next/last/after/sum'.
-- Instead of a snapshot 'o3': the oldest that was kept when three times something had been dropped.
-- A cursor is opaque outside this schema.
create or replace function feed.encode_cursor(p_place feed.place)
returns text
language sql
stable
as $$
  select feed.seal(concat_ws(
    '/', feed.catalog_name(), coalesce('o' || p_place.drops, p_place.from_snapshot::text),
    p_place.to_snapshot, p_place.next_xid, p_place.last_id, p_place.after_id
  ))
$$;

comment on function feed.encode_cursor(feed.place) is 'A place in the feed as text.';
