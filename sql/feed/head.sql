-- feed.head() → the cursor of this moment: feed.updates after it returns what is committed from now on.
create or replace function feed.head()
returns text
language sql
stable
security definer
set search_path = ''
as $$
  select feed.encode_cursor(feed.current_snapshot())
$$;

comment on function feed.head() is
  E'@fieldName feedHead\n@notNull\nThe cursor of this moment: `updates` after it are what is committed from now on.';
