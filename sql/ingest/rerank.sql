-- ingest.rerank(source, after, limit) → the next records of a source, after that record id, are graded and their entities projected anew: the priority of their
-- source or its quality rules have changed. Returns the record id to go on after; null when there is nothing left.
create or replace function ingest.rerank(p_source text, p_after bigint default 0, p_limit int default 1000)
returns bigint
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  v_records constant bigint[] := array(
    select r.record_id
    from ingest.record r
    where r.source = p_source and r.record_id > p_after
    order by r.record_id
    limit p_limit
  );
begin
  perform
  from ingest.record r
  where r.record_id = any (v_records)
  order by r.source_record_id, r.kind -- as ingest.store locks them
  for no key update;
  perform ingest.grade(v_records);
  perform catalog.project(array(
    select distinct m.juke_id from identity.membership m where m.record_id = any (v_records)
  ));
  return v_records[cardinality(v_records)];
end
$$;

comment on function ingest.rerank(text, bigint, int) is 'Grades the next records of a source and projects their entities anew.';
