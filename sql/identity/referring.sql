-- identity.referring(record_ids) → the living entities whose records refer to one of these records, whether the catalog shows it or
-- not: who has to be projected anew when these come back. Who referred to them when they went is not enough: an entity that was
-- deleted itself then, or whose other source was better then, may show the reference now. Reads all records of the sources: for
-- the rare operation, the undo of a deletion.
create or replace function identity.referring(p_record_ids bigint[])
returns uuid[]
language sql
stable
parallel safe
as $$
  with wanted as materialized (
    select x.source, x.kind, x.source_record_id from ingest.record x where x.record_id = any (p_record_ids)
  )
  select coalesce(array_agg(distinct m.juke_id), '{}')
  from ingest.record r
  cross join lateral ingest.referents(ingest.effective(r.body, r.mention)) t
  join wanted x on x.source_record_id = t.id and x.kind = t.kind and x.source = r.source
  join identity.membership m on m.record_id = r.record_id
  join catalog.entity e on e.juke_id = m.juke_id and e.status = 'active'
  where r.source in (select w.source from wanted w)
$$;

comment on function identity.referring(bigint[]) is 'The living entities whose records refer to one of these records.';
