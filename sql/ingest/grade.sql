-- ingest.grade(record_ids): the quality of these records by the rules of their source: the weight of the rules they pass, divided by that of all.
-- Of sources without rules for their kind it is null. Returns how many have another quality now.
create or replace function ingest.grade(p_record_ids bigint[])
returns int
language sql
volatile
as $$
  with graded as (
    update ingest.record r
    set quality = g.quality
    from (
      select r.record_id, (
        select (coalesce(sum(q.weight) filter (
          where ingest.passes(ingest.effective(r.body, r.mention), q.field, q.test, q.argument)
        ), 0) / sum(q.weight))::real
        from ingest.quality_rule q
        where q.source = r.source and q.kind = r.kind -- no row: sum is null, and so is the quality
      ) as quality
      from ingest.record r
      where r.record_id = any (p_record_ids)
    ) g
    where r.record_id = g.record_id
      and r.quality is distinct from g.quality
    returning 1
  )
  select count(*)::int from graded
$$;

comment on function ingest.grade(bigint[]) is 'Gives records their quality by the rules of their source.';
