-- identity.referrers_through(juke_ids, record_ids) → of the entities that refer to these, those that do so by way of one of
-- these records: who has to be projected anew when only these records move.
create or replace function identity.referrers_through(p_juke_ids uuid[], p_record_ids bigint[])
returns uuid[]
language sql
stable
parallel safe
as $$
  select coalesce(array_agg(distinct m.juke_id), '{}')
  from identity.membership m
  join ingest.record r on r.record_id = m.record_id
  cross join lateral ingest.referents(ingest.effective(r.body, r.mention)) t
  join ingest.record x on x.source_record_id = t.id and x.kind = t.kind and x.source = r.source
  where m.juke_id = any ((select identity.referrers(p_juke_ids))::uuid[]) and x.record_id = any (p_record_ids)
$$;

comment on function identity.referrers_through(uuid[], bigint[]) is 'The entities that refer to these by way of certain records.';
