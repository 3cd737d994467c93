-- identity.resolve_external_many(source, external_ids) → one row per input, in its order; juke_id is null on a miss.
-- ordinal counts from 1. A value that names entities of several kinds gives several rows.
-- Example: select * from identity.resolve_external_many('isrc', '{GBAYE6800011,GBAYE6800012}')
create or replace function identity.resolve_external_many(p_source text, p_external_ids text[])
returns table (ordinal bigint, external_id text, juke_id uuid, kind catalog.entity_kind)
language sql
stable
parallel safe
rows 1000
as $$
  select i.ordinal, i.external_id, x.juke_id, x.kind
  from unnest(p_external_ids) with ordinality i (external_id, ordinal)
  left join identity.external_id x on x.external_id = i.external_id and x.source = p_source
$$;

comment on function identity.resolve_external_many(text, text[]) is
  'Resolves many canonical ids of one scheme in one statement; keeps the order of the input.';
