-- ingest.apply_source(config) → what became of the source: created, changed or unchanged; and whether what it says ranks otherwise now, so that
-- ingest.rerank has to follow. config: an object with source, title, type, priority, duplicate_free, format, mapping, schedule, locations (URLs) and
-- quality ({kind: [{field, test, argument, weight}]}); what it leaves out has its default. Locations that it does not name are fetched no more.
-- Errors: JB203 source, JB213 location, JB214 what the tables refuse of it.
create or replace function ingest.apply_source(p_config jsonb, out outcome text, out is_ranked_anew boolean)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  v_source constant text := p_config ->> 'source';
  v_before jsonb;
  v_after jsonb;
  v_state text;
  v_message text;
begin
  if v_source is null or v_source !~ '^[a-z][a-z0-9_-]{0,62}$' then
    raise exception 'not a source name: "%"', coalesce(left(v_source, 100), 'null')
      using errcode = 'JB203', detail = 'A source is a lower-case word of at most 63 letters, digits, - and _.',
        hint = 'For example: label-x.';
  end if;
  v_before := ingest.source_config(v_source);

  insert into ingest.source as s (source, title, source_type, priority, duplicate_free, format, mapping, schedule)
  values (
    v_source, coalesce(p_config ->> 'title', v_source), coalesce(p_config ->> 'type', 'other'), coalesce((p_config ->> 'priority')::int, 100),
    coalesce((p_config ->> 'duplicate_free')::boolean, false), p_config ->> 'format', nullif(p_config -> 'mapping', 'null'),
    p_config ->> 'schedule'
  )
  on conflict (source) do update
    set title = excluded.title, source_type = excluded.source_type, priority = excluded.priority,
      duplicate_free = excluded.duplicate_free, format = excluded.format, mapping = excluded.mapping, schedule = excluded.schedule;

  delete from ingest.quality_rule q where q.source = v_source;
  insert into ingest.quality_rule (source, kind, field, test, argument, weight)
  select v_source, k.kind::catalog.entity_kind, r.field, coalesce(r.test, 'present'), r.argument, coalesce(r.weight, 1)
  from jsonb_each(coalesce(p_config -> 'quality', '{}')) k (kind, rules)
  cross join lateral jsonb_to_recordset(k.rules) as r (field text, test text, argument text, weight real);

  perform ingest.add_location(v_source, l.url, p_config ->> 'format')
  from jsonb_array_elements_text(coalesce(p_config -> 'locations', '[]')) l (url);
  update ingest.location l
  set is_active = false
  where l.source = v_source and l.is_active and not coalesce(p_config -> 'locations', '[]') ? l.url;

  v_after := ingest.source_config(v_source);
  outcome := case when v_before is null then 'created' when v_before = v_after then 'unchanged' else 'changed' end;
  is_ranked_anew := v_before is not null
    and (v_before -> 'priority', v_before -> 'quality') is distinct from (v_after -> 'priority', v_after -> 'quality');
exception when check_violation or unique_violation or data_exception or not_null_violation then
  get stacked diagnostics v_state = returned_sqlstate, v_message = message_text;
  raise exception 'the source "%" cannot be configured like that', v_source
    using errcode = 'JB214', detail = v_message, hint = 'docs/reference/sources.md describes what a source may say.';
end
$$;

comment on function ingest.apply_source(jsonb) is 'Configures a source: priority, type, format, mapping, quality rules, schedule, locations.';
