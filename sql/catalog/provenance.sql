-- catalog.provenance(juke_id) → for every attribute and list of an entity: each value, who says so, and which one won and why.
-- Of a merged entity: those of the one it was merged into.
-- Errors: JB151 no such entity.
-- Example: select attribute, value, source, won, why from catalog.provenance('0190…')
create or replace function catalog.provenance(entity uuid)
returns table (
  attribute text, value jsonb, source text, record_id bigint, source_record_id text, stated boolean, won boolean, why text
)
language plpgsql
stable
parallel safe
rows 50
security definer -- a caller needs no right to the records
set search_path = pg_catalog, pg_temp
as $$
declare
  v_juke_id constant uuid := (select coalesce(e.merged_into, e.juke_id) from catalog.entity e where e.juke_id = entity);
begin
  perform identity.refuse_missing(array[entity]);
  return query
    select a.key, a.value, r.source, r.record_id, r.source_record_id, coalesce(r.body ? a.key, false),
      a.nth = 1 or a.key in ('aliases', 'genres', 'images', 'relations'), -- all of these are shown
      case
        when a.key in ('aliases', 'genres', 'images', 'relations') then 'all sources count'
        when a.rivals = 1 then 'the only one that says so'
        when a.nth > 1 then format('outranked (%s of %s)', a.nth, a.rivals)
        when r.source = 'manual' then 'a person''s word outranks every source'
        else format('priority %s, %s', s.priority, case when r.body ? a.key then 'stated' else 'mentioned' end)
      end
    from (
      select r.record_id, k.key, k.value,
        row_number() over w as nth,
        count(*) over (partition by k.key) as rivals
      from identity.membership m
      join ingest.record r on r.record_id = m.record_id
      join ingest.source s on s.source = r.source
      cross join lateral jsonb_each(ingest.effective(r.body, r.mention)) k
      where m.juke_id = v_juke_id and k.key <> 'ids' and k.value <> 'null'
      window w as (
        partition by k.key
        order by s.priority desc, coalesce(r.body ? k.key, false) desc, r.source,
          case when r.source = 'manual' then left(r.source_record_id, 36) = m.juke_id::text end desc,
          case when r.source = 'manual' then r.record_id end desc,
          r.source_record_id
      )
    ) a
    join ingest.record r on r.record_id = a.record_id
    join ingest.source s on s.source = r.source
    order by a.key, a.nth;
end
$$;

comment on function catalog.provenance(uuid) is
  E'@name provenance\n@behavior -connection +list\n@notNull\n@recordName provenance A value of an attribute, and who says so.\n@field attribute! The attribute or list, as the records name it.\n@field value! What this source says.\n@field source! Who says so.\n@field record_id! The record that says so.\n@field source_record_id! The id of the record at its source.\n@field stated! Whether the record is about the entity; false when it only mentions it.\n@field won! Whether this is the value that the catalog shows.\n@field why! Why it won, or not.\nEach value that any source gives for an attribute of an entity, which one won, and why. Errors: JB151 no such entity.';
