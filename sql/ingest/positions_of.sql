-- ingest.positions_of(body, position) → {key: position} of each key of a statement.
create or replace function ingest.positions_of(p_body jsonb, p_position bigint)
returns jsonb
language sql
immutable
parallel safe
as $$
  select coalesce(jsonb_object_agg(k.key, p_position), '{}') from jsonb_object_keys(p_body) k (key)
$$;

comment on function ingest.positions_of(jsonb, bigint) is 'The position of each key of a statement.';
