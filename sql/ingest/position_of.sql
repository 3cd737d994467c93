-- ingest.position_of(run_id, position) → the position of an item in its delivery as ingest.apply compares it: what a replay says (by a better parser)
-- comes after all that was read of the delivery before.
create or replace function ingest.position_of(p_run_id bigint, p_position bigint)
returns bigint
language sql
stable
parallel safe
as $$
  select case r.task when 'replay' then (r.run_id << 32) + p_position else p_position end
  from ops.run r
  where r.run_id = p_run_id
$$;

comment on function ingest.position_of(bigint, bigint) is 'The position of an item in its delivery; of a replay, after those that were read before.';
