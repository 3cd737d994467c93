-- ingest.rank(stated_at, delivery_id, position) → the rank of a statement, to be kept in JSON: what has the greater one overrules.
-- The age of its delivery in microseconds, then the delivery, then its position in it. Null without an age or a position: a mention has no rank.
create or replace function ingest.rank(p_stated_at timestamptz, p_delivery_id bigint, p_position bigint)
returns jsonb
language sql
immutable
parallel safe
as $$
  select case
    when p_stated_at is not null and p_position is not null
    then jsonb_build_array((extract(epoch from p_stated_at) * 1000000)::bigint, p_delivery_id, p_position)
  end
$$;

comment on function ingest.rank(timestamptz, bigint, bigint) is 'The rank of a statement: what has the greater one overrules.';
