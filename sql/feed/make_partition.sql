-- feed.make_partition(since, until) → the name of a new, empty partition.
-- Made by itself and then attached: writers and readers go on meanwhile.
create or replace function feed.make_partition(p_since timestamptz, p_until timestamptz)
returns text
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  v_name constant text := feed.partition_name(p_since);
begin
  execute format('create table feed.%I (like feed.event including defaults including constraints)', v_name);
  execute format('alter table feed.event attach partition feed.%I for values from (%L) to (%L)', v_name, p_since, p_until);
  return 'feed.' || v_name;
end
$$;

comment on function feed.make_partition(timestamptz, timestamptz) is 'Makes a partition of the feed.';
