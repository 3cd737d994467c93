-- identity.referrers_since(record_ids, at) → the entities of records that were delivered since a moment and refer to one of these
-- records. Reads all records: for the rare operation, the undo of a deletion. A record is dated by the beginning of its transaction,
-- which may have been open then: no delivery takes longer than a day.
create or replace function identity.referrers_since(p_record_ids bigint[], p_at timestamptz)
returns uuid[]
language sql
stable
as $$
  select coalesce(array_agg(distinct m.juke_id), '{}')
  from ingest.record r
  join identity.membership m on m.record_id = r.record_id
  cross join lateral ingest.referents(ingest.effective(r.body, r.mention)) t
  join ingest.record x on x.source_record_id = t.id and x.kind = t.kind and x.source = r.source
  where r.changed_at >= p_at - interval '1 day' and x.record_id = any (p_record_ids)
$$;

comment on function identity.referrers_since(bigint[], timestamptz) is
  'The entities that have come to refer to these records since a moment.';
