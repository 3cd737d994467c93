-- ingest.source_config(source) → how a source is configured, as ingest.apply_source takes it; null when there is none of that name.
create or replace function ingest.source_config(p_source text)
returns jsonb
language sql
stable
parallel safe
as $$
  select jsonb_strip_nulls(jsonb_build_object(
    'source', s.source, 'title', s.title, 'type', s.source_type, 'priority', s.priority, 'duplicate_free', s.duplicate_free,
    'format', s.format, 'schedule', s.schedule,
    'locations', (
      select jsonb_agg(l.url order by l.url) from ingest.location l where l.source = s.source and l.is_active
    ),
    'quality', (
      select jsonb_object_agg(q.kind, q.rules)
      from (
        select q.kind, jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
          'field', q.field, 'test', q.test, 'argument', q.argument, 'weight', q.weight
        )) order by q.field, q.test) as rules
        from ingest.quality_rule q
        where q.source = s.source
        group by q.kind
      ) q
    )
  )) || case when s.mapping is null then '{}' else jsonb_build_object('mapping', s.mapping) end
  from ingest.source s
  where s.source = p_source
$$;

comment on function ingest.source_config(text) is 'How a source is configured, as ingest.apply_source takes it.';
