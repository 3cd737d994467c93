-- ingest.position_of(run_id, position) → the position of an item in its delivery as ingest.apply compares it: what a later run of the delivery says
-- (a replay, by a better parser) comes after all that an earlier one has said.
create or replace function ingest.position_of(p_run_id bigint, p_position bigint)
returns bigint
language sql
immutable
parallel safe
as $$
  select (p_run_id << 32) + p_position
$$;

comment on function ingest.position_of(bigint, bigint) is 'The position of an item in its delivery, after those of earlier runs.';
