-- Statement trigger on every captured table: TRUNCATE shows no rows to anybody, so the feed and the search documents
-- would keep what is gone.
-- Errors: JB110.
create or replace function feed.tg_captured__refuse_truncate()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  raise exception 'table %.% is not truncated', tg_table_schema, tg_table_name
    using errcode = 'JB110', detail = 'The change feed does not see a truncation.',
      hint = 'Delete the rows, or make a new database.';
end
$$;
