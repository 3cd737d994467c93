-- ingest.apply_source(config) → what became of the source: created, changed or unchanged; and whether what it says ranks otherwise now, so that
-- ingest.rerank has to follow. config: an object with source, title, type, priority, duplicate_free, format, mapping, schedule, locations (URLs) and
-- quality ({kind: [{field, test, argument, weight}]}); what it leaves out, or is null, has its default. Locations that it does not name are fetched no more.
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
  -- What the sources that come with the product are, unless somebody says otherwise.
  v_priority constant int := case v_source when 'manual' then 1000 when 'musicbrainz' then 500 when 'discogs' then 400 else 100 end;
  v_type constant text := case when v_source = 'manual' then 'people' when v_source in ('musicbrainz', 'discogs') then 'community' else 'other' end;
  v_locations constant jsonb := coalesce(nullif(p_config -> 'locations', 'null'), '[]');
  v_message text;
begin
  perform ingest.check_source(v_source);
  v_before := ingest.source_config(v_source);

  insert into ingest.source as s (source, title, source_type, priority, duplicate_free, format, mapping, schedule)
  values (
    v_source, coalesce(p_config ->> 'title', v_source), coalesce(p_config ->> 'type', v_type),
    coalesce((p_config ->> 'priority')::int, v_priority), coalesce((p_config ->> 'duplicate_free')::boolean, v_source = 'discogs'), p_config ->> 'format', nullif(p_config -> 'mapping', 'null'),
    p_config ->> 'schedule'
  )
  on conflict (source) do update
    set title = excluded.title, source_type = excluded.source_type, priority = excluded.priority,
      duplicate_free = excluded.duplicate_free, format = excluded.format, mapping = excluded.mapping, schedule = excluded.schedule;

  delete from ingest.quality_rule q where q.source = v_source;
  insert into ingest.quality_rule (source, kind, field, test, argument, weight)
  select v_source, k.kind::catalog.entity_kind, r.field, coalesce(r.test, 'present'), r.argument, coalesce(r.weight, 1)
  from jsonb_each(coalesce(nullif(p_config -> 'quality', 'null'), '{}')) k (kind, rules)
  cross join lateral jsonb_to_recordset(k.rules) as r (field text, test text, argument text, weight real);

  -- What is no regular expression would refuse every record of the source.
  perform '' ~ q.argument from ingest.quality_rule q where q.source = v_source and q.test = 'matches';

  perform ingest.add_location(v_source, l.url) from jsonb_array_elements_text(v_locations) l (url);
  update ingest.location l
  set is_active = v_locations ? l.url, format = case when v_locations ? l.url then p_config ->> 'format' else l.format end
  where l.source = v_source and (l.is_active or v_locations ? l.url);

  v_after := ingest.source_config(v_source);
  outcome := case when v_before is null then 'created' when v_before = v_after then 'unchanged' else 'changed' end;
  is_ranked_anew := v_before is not null
    and (v_before -> 'priority', v_before -> 'quality') is distinct from (v_after -> 'priority', v_after -> 'quality');
exception when check_violation or unique_violation or data_exception or not_null_violation then
  get stacked diagnostics v_message = message_text;
  raise exception 'the source "%" cannot be configured like that', v_source
    using errcode = 'JB214', detail = v_message, hint = 'docs/reference/sources.md describes what a source may say.';
end
$$;

comment on function ingest.apply_source(jsonb) is 'Configures a source: priority, type, format, mapping, quality rules, schedule, locations.';
