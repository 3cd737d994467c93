-- feed.head() → the cursor of this moment: feed.updates after it returns what is committed from now on.
-- Errors: JB302 restored from another cluster, JB303 on a standby.
create or replace function feed.head()
returns text
language plpgsql
stable
security definer -- readers of the feed need no right to the event table
set search_path = pg_catalog, pg_temp
as $$
begin
  perform feed.refuse_unreadable();
  return feed.encode_cursor(feed.here());
end
$$;

comment on function feed.head() is
  E'@fieldName feedHead\n@notNull\nThe cursor of this moment: `updates` after it are what is committed from now on.';
