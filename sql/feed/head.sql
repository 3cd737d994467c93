-- feed.head() → the cursor of this moment: feed.updates after it returns what is committed from now on.
create or replace function feed.head()
returns text
language sql
stable
as $$
  select feed.encode_cursor(feed.current_snapshot())
$$;

comment on function feed.head() is 'The cursor of this moment: what is committed from now on comes after it.';
