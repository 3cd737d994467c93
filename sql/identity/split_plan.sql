-- identity.split_plan(entity, records) → what splitting these records off would change, without doing it.
-- Errors: those of identity.split.
-- Example: select step, detail from identity.split_plan('0190…', array[17, 18]::bigint[])
create or replace function identity.split_plan(entity uuid, records bigint[])
returns table (step text, juke_id uuid, record_id bigint, detail text)
language plpgsql
volatile -- it locks what it looks at, as the split will
rows 100
security definer -- an editor needs no right to the tables
set search_path = pg_catalog, pg_temp
as $$
declare
  v_records constant bigint[] := array(select distinct r from unnest(records) r where r is not null);
begin
  perform identity.check_split(entity, v_records);
  return query
    select 'move record', entity, r.record_id, format('%s of %s makes up the new entity', r.source_record_id, r.source)
    from ingest.record r
    where r.record_id = any (v_records)
    union all
    select 'bind', entity, x.record_id, format('%s %s names the new entity', x.source, x.external_id)
    from identity.external_id x
    where x.record_id = any (v_records)
    union all
    select 'contest', entity, f.record_id, format('%s %s is claimed by both', f.source, f.external_id)
    from identity.further_claim f
    join identity.scheme s on s.scheme = f.source and s.exclusivity <> 'shared'
    join identity.external_id x on x.external_id = f.external_id and x.source = f.source and x.kind = f.kind and x.juke_id = entity
    where f.retracted_at is null and f.status = 'valid'
      and (f.record_id = any (v_records)) <> coalesce(x.record_id = any (v_records), false)
    union all
    select 'refer', r.juke_id, null, format('the %s "%s" refers to the new entity', e.kind, e.display_name)
    from unnest(identity.referrers_through(array[entity], v_records)) r (juke_id)
    join catalog.entity e on e.juke_id = r.juke_id
    union all
    select 'rule', entity, null, 'they are ruled to be different: later runs do not link them again';
end
$$;

comment on function identity.split_plan(uuid, bigint[]) is
  E'@name split_plan\n@isQuery\n@behavior -connection +list\n@notNull\n@recordName split_step A step of a split.\n@field step! What would be done.\n@field juke_id The entity concerned.\n@field record_id The record concerned.\n@field detail! The step in words.\nWhat splitting these records off would change, without doing it. At most 10,000 records. Errors: those of `split`.';
