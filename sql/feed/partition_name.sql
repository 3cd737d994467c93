-- feed.partition_name(since) → the name of the partition that begins then, in UTC: event_20261123t0000.
create or replace function feed.partition_name(p_since timestamptz)
returns text
language sql
immutable
as $$
  select to_char(p_since at time zone 'UTC', '"event_"YYYYMMDD"t"HH24MI')
$$;

comment on function feed.partition_name(timestamptz) is 'The name of the partition of the feed that begins then.';
