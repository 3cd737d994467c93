-- feed.encode_cursor(from, to, after_id) → the cursor as text: 'cluster/from' or, inside a batch, 'cluster/from/to/after_id'.
-- A cursor is opaque outside this schema. It names the cluster because transaction ids mean nothing in another one.
create or replace function feed.encode_cursor(p_from pg_snapshot, p_to pg_snapshot default null, p_after_id bigint default null)
returns text
language sql
stable
as $$
  select concat_ws('/', (select c.system_identifier from pg_catalog.pg_control_system() c), p_from, p_to, p_after_id)
$$;

comment on function feed.encode_cursor(pg_snapshot, pg_snapshot, bigint) is 'A position in the feed as text.';
