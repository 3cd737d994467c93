-- feed.file_default(width) → what was done with the events that have no partition of their own because feed.maintain has not run for longer than a
-- partition: the default partition becomes an ordinary one, up to tomorrow, and a new default takes its place.
-- Events of a transaction that was open for longer than the feed is kept stay in the default; they are few.
create or replace function feed.file_default(p_width interval)
returns table (done text, partition text)
language plpgsql
volatile
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_last constant timestamptz := (select max(p.until) from feed.partitions() p);
  v_oldest constant timestamptz := (
    select min(v.at) from feed.event_default v where v_last is null or v.at >= v_last
  );
  v_since constant timestamptz := coalesce(v_last, date_trunc('day', v_oldest, 'UTC'));
  v_until constant timestamptz := date_trunc('day', now(), 'UTC') + interval '1 day';
begin
  if v_oldest is null then
    return;
  end if;
  partition := 'feed.' || feed.partition_name(v_since);
  begin
    lock table feed.event in access exclusive mode;
    execute format('alter table feed.event_default rename to %I', feed.partition_name(v_since));
    execute format('alter table feed.event detach partition %s', partition);
    create table feed.event_default (like feed.event including defaults including constraints);
    alter table feed.event attach partition feed.event_default default;
    execute format(
      'with early as (delete from %s v where v.at < $1 returning v.*)
       insert into feed.event overriding system value select * from early', partition)
    using v_since;
    execute format('alter table feed.event attach partition %s for values from (%L) to (%L)', partition, v_since, v_until);
    done := 'filed';
  exception when lock_not_available then
    done := 'postponed';
  end;
  return next;
end
$$;

comment on function feed.file_default(interval) is 'Makes a partition of the events that have none of their own.';
