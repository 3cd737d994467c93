-- identity.resolve_shared(scheme, value, kinds) → the entities that claim an id of a shared scheme, the best first; one kind only
-- unless the reference left the kind open. Tombstones only when nothing else claims it. The precedence is that of
-- identity.standing_claims, which is made for many ids: for one, this probes the indexes.
create or replace function identity.resolve_shared(p_scheme text, p_value text, p_kinds catalog.entity_kind[])
returns table (juke_id uuid, kind catalog.entity_kind, rule text, status identity.resolution_status)
language sql
stable
parallel safe
rows 3
as $$
  select c.survivor, c.kind, p_scheme, c.status
  from (
    select coalesce(e.merged_into, e.juke_id) as survivor, e.kind,
      (case e.status when 'active' then 'found' when 'merged' then 'redirected' else 'deleted' end)
        ::identity.resolution_status as status,
      min(c.nth) as nth,
      dense_rank() over (order by array_position(p_kinds, e.kind), e.kind) as kind_nth,
      bool_or(e.status <> 'deleted') over (partition by e.kind) as has_living
    from (
      select a.juke_id,
        row_number() over (
          partition by a.kind
          order by t.status = 'active' desc, coalesce(r.source = 'manual', true) desc, a.confidence desc,
            coalesce(s.priority, 1000) desc,
            case when coalesce(r.source = 'manual', true) then a.asserted_at end, r.source collate "C", r.source_record_id, a.record_id
        ) as nth
      from identity.assertion a
      join catalog.entity t on t.juke_id = a.juke_id
      left join ingest.record r on r.record_id = a.record_id
      left join ingest.source s on s.source = r.source
      where a.external_id = p_value and a.source = p_scheme and (p_kinds is null or a.kind = any (p_kinds))
        and a.status = 'valid' and a.retracted_at is null
    ) c
    join catalog.entity e on e.juke_id = c.juke_id
    group by coalesce(e.merged_into, e.juke_id), e.kind, e.status
  ) c
  where (p_kinds is null or c.kind_nth = 1)
    and (c.status <> 'deleted' or not c.has_living)
  order by c.kind_nth, c.nth
$$;

comment on function identity.resolve_shared(text, text, catalog.entity_kind[]) is
  'The entities that claim an id of a shared scheme, the best first.';
