-- ingest.merge_mentions(a, b) → both; where they differ on a key, the greater value.
-- Commutative, associative and idempotent: the order in which mentions arrive does not show.
create or replace function ingest.merge_mentions(p_a jsonb, p_b jsonb)
returns jsonb
language sql
immutable
parallel safe
as $$
  select case
    when p_a is null then p_b
    when p_b is null or p_a @> p_b and p_b <@ p_a and p_a = p_a || p_b then p_a
    else (
      select jsonb_object_agg(k.key, greatest(p_a -> k.key, p_b -> k.key))
      from (select jsonb_object_keys(p_a) union select jsonb_object_keys(p_b)) k (key)
    )
  end
$$;

create or replace aggregate ingest.merged_mentions(jsonb) (
  sfunc = ingest.merge_mentions,
  stype = jsonb,
  parallel = safe
);
create or replace aggregate ingest.overlaid(jsonb) (
  sfunc = pg_catalog.jsonb_concat,
  stype = jsonb,
  initcond = '{}',
  parallel = safe
);

comment on function ingest.merge_mentions(jsonb, jsonb) is 'Two mentions of a record as one, whatever their order.';
comment on aggregate ingest.merged_mentions(jsonb) is 'All mentions of a record as one, whatever their order.';
comment on aggregate ingest.overlaid(jsonb) is 'Statements laid over each other in order: the keys of the later ones win.';
