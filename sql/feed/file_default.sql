-- feed.file_default() → what was done with the events that have no partition of their own because feed.maintain has not run for longer than a
-- partition: the default partition becomes an ordinary one, up to tomorrow, and a new default takes its place.
-- Events of a transaction that was open for longer than the feed is kept stay in the default; they are few.
-- Nobody reads or writes the feed meanwhile: the default is read twice, a third of a second for each million events.
create or replace function feed.file_default()
returns table (done text, partition text)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  v_last constant timestamptz := (select max(p.until) from feed.partitions() p);
  v_oldest timestamptz;
  v_newest timestamptz;
  v_has_early boolean;
  v_since timestamptz;
  v_until timestamptz;
begin
  if not exists (select from feed.event_default v where v_last is null or v.at >= v_last) then
    return;
  end if;
  begin
    lock table feed.event in access exclusive mode;
    select min(v.at) filter (where v_last is null or v.at >= v_last), max(v.at), coalesce(bool_or(v.at < v_last), false)
    into v_oldest, v_newest, v_has_early
    from feed.event_default v;
    v_since := coalesce(v_last, date_trunc('day', v_oldest, 'UTC'));
    v_until := date_trunc('day', greatest(v_newest, now()), 'UTC') + interval '1 day';
    partition := 'feed.' || feed.partition_name(v_since);
    execute format('alter table feed.event_default rename to %I', feed.partition_name(v_since));
    execute format('alter table feed.event detach partition %s', partition);
    create table feed.event_default (like feed.event including defaults including constraints);
    alter table feed.event attach partition feed.event_default default;
    if v_has_early then
      execute format(
        'with early as (delete from %s v where v.at < $1 returning v.*)
         insert into feed.event overriding system value select * from early', partition)
      using v_since;
    end if;
    execute format('alter table feed.event attach partition %s for values from (%L) to (%L)', partition, v_since, v_until);
    done := 'filed';
  exception when lock_not_available then
    partition := 'feed.event_default';
    done := 'postponed';
  end;
  return next;
end
$$;

comment on function feed.file_default() is 'Makes a partition of the events that have none of their own.';
