-- feed.encode_cursor(place) → the cursor as text: 'cluster/snapshot/next/last/sum' or, within a batch, 'cluster/from/to/next/last/after/sum'.
-- A cursor is opaque outside this schema. It names the cluster because transaction ids mean nothing in another one.
create or replace function feed.encode_cursor(p_place feed.place)
returns text
language sql
stable
as $$
  select feed.seal(concat_ws(
    '/',
    (select c.system_identifier from pg_catalog.pg_control_system() c),
    p_place.from_snapshot, p_place.to_snapshot, p_place.next_xid, p_place.last_id, p_place.after_id
  ))
$$;

comment on function feed.encode_cursor(feed.place) is 'A place in the feed as text.';
