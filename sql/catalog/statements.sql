-- catalog.statements(juke_ids) → what every source says of these entities, key by key, the best first and marked.
-- Best: the source with the highest priority; its own statement before a mention; then by name, so that the order in
-- which deliveries arrived does not show. Of what people say (manual), what they say of this entity comes before what a merge
-- has brought, and the later before the earlier.
create or replace function catalog.statements(p_juke_ids uuid[])
returns setof catalog.statement
language sql
stable
rows 10000
as $$
  select m.juke_id, r.kind, a.key, a.value, r.source,
    1 = row_number() over (
      partition by m.juke_id, a.key
      order by s.priority desc, coalesce(r.body ? a.key, false) desc, r.source,
        case when r.source = 'manual' then left(r.source_record_id, 36) = m.juke_id::text end desc,
        case when r.source = 'manual' then r.record_id end desc,
        r.source_record_id
    )
  from identity.membership m
  join ingest.record r on r.record_id = m.record_id
  join ingest.source s on s.source = r.source
  cross join lateral jsonb_each(ingest.effective(r.body, r.mention)) a
  where m.juke_id = any (p_juke_ids)
    and a.key <> 'ids'
    and a.value <> 'null'
  order by m.juke_id, a.key,
    s.priority desc, coalesce(r.body ? a.key, false) desc, r.source, r.source_record_id
$$;

comment on function catalog.statements(uuid[]) is 'What every source says of these entities, key by key, the best marked.';
