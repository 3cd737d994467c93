-- feed.make_ahead(width) → the partitions that were made: from the end of the last one (at first: from midnight) until one lies ahead of the current one.
create or replace function feed.make_ahead(p_width interval)
returns table (done text, partition text)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  v_since timestamptz := coalesce(
    (select max(p.until) from feed.partitions() p), date_trunc('day', now(), 'UTC'));
begin
  while v_since < now() + p_width loop
    partition := 'feed.' || feed.partition_name(v_since);
    done := 'made';
    begin
      if v_since <= clock_timestamp() then
        -- Writers use the default partition: one that has chosen it already would be refused by it.
        lock table feed.event in access exclusive mode;
      end if;
      perform feed.make_partition(v_since, v_since + p_width);
    exception when lock_not_available or check_violation then
      done := 'postponed'; -- a reader of the default partition is in its way, or an event came that is to be filed first
    end;
    return next;
    exit when done = 'postponed';
    v_since := v_since + p_width;
  end loop;
end
$$;

comment on function feed.make_ahead(interval) is 'Makes partitions of the feed ahead of time.';
