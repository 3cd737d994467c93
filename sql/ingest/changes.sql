-- ingest.changes(delivery_id) → the records that a delivery has made or changed, what it made of them, and the entity each belongs to now.
-- version 1 is a new record. is_current: no later delivery has changed it since.
-- Example: select what, kind, source_record_id, display_name from ingest.changes(12)
create or replace function ingest.changes(p_delivery_id bigint)
returns table (
  kind catalog.entity_kind, source_record_id text, version int, what text, changed_at timestamptz, is_current boolean,
  juke_id uuid, display_name text
)
language sql
stable
parallel safe
rows 1000
as $$
  select r.kind, r.source_record_id, v.version, case v.version when 1 then 'new' else 'changed' end, v.changed_at, v.is_current,
    e.juke_id, e.display_name
  from (
    select r.record_id, r.version, r.changed_at, true as is_current
    from ingest.record r
    where r.delivery_id = p_delivery_id
    union all
    select v.record_id, v.version, v.changed_at, false
    from ingest.record_version v
    where v.delivery_id = p_delivery_id
  ) v
  join ingest.record r on r.record_id = v.record_id
  left join identity.membership m on m.record_id = r.record_id
  left join catalog.entity e on e.juke_id = m.juke_id
  order by r.kind, r.source_record_id, v.version
$$;

comment on function ingest.changes(bigint) is 'The records that a delivery has made or changed, and the entities they belong to.';
