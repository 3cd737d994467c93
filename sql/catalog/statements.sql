-- catalog.statements(juke_ids) → what sources say of these entities, as far as the catalog may show it: of every key the best
-- statement (is_best); of aliases, genres, images and relations, to which all sources add, all of them, the best first.
-- Best: the source with the highest priority; its own statement before a mention; then the record of the highest quality; then by name, so that the order in
-- which deliveries arrived does not show. Of what people say (manual), what they say of this entity comes before what a merge
-- has brought, and the later before the earlier.
create or replace function catalog.statements(p_juke_ids uuid[])
returns setof catalog.statement
language sql
stable
parallel safe
rows 10000
as $$
  -- Records are put in order once, not each of their keys: an entity may have a thousand.
  with said as materialized (
    select m.juke_id, r.kind, r.source, ingest.effective(r.body, r.mention) as keys, -s.priority::bigint as authority,
      r.mention is null as is_stated, case when r.mention is not null then r.body end as stated, -- carried only where it is needed
      row_number() over (
        order by r.quality desc nulls last, r.source,
          case when r.source = 'manual' then left(r.source_record_id, 36) = m.juke_id::text end desc,
          case when r.source = 'manual' then r.record_id end desc,
          r.source_record_id
      ) as place
    from identity.membership m
    join ingest.record r on r.record_id = m.record_id
    join ingest.source s on s.source = r.source
    where m.juke_id = any (p_juke_ids)
  ),
  best as (
    -- authority, whether it is only mentioned, and place, in one number: the least is found without sorting
    select s.juke_id, k.key,
      min(((s.authority * 2 + (not coalesce(s.stated ? k.key, s.is_stated))::int) << 32) + s.place) as rank
    from said s
    cross join lateral jsonb_each(s.keys) k
    where k.value <> 'null' and k.key not in ('ids', 'aliases', 'genres', 'images', 'relations')
    group by s.juke_id, k.key
  )
  select s.juke_id, s.kind, b.key, s.keys -> b.key, s.source, true
  from best b
  join said s on s.place = b.rank & x'ffffffff'::bigint
  union all
  (
    select s.juke_id, s.kind, l.key, s.keys -> l.key, s.source, false
    from said s
    cross join unnest('{aliases,genres,images,relations}'::text[]) l (key)
    where s.keys -> l.key <> 'null'
    order by s.authority, not coalesce(s.stated ? l.key, s.is_stated), s.place
  )
$$;

comment on function catalog.statements(uuid[]) is
  'What sources say of these entities: of every key the best, of lists that all sources add to each.';
