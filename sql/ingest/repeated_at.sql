-- ingest.repeated_at(record) → the greatest rank (ingest.rank) at which its statement with the highest rank was said again, or null.
create or replace function ingest.repeated_at(p_record ingest.record)
returns jsonb
language sql
stable
parallel safe
as $$
  select ingest.rank(p.stated_at, p.delivery_id, p.last_position)
  from ingest.repetition p
  where p.records @> p_record.record_id
  order by p.stated_at desc, p.delivery_id desc, p.last_position desc
  limit 1
$$;

comment on function ingest.repeated_at(ingest.record) is 'The rank at which the statement that a record has was said again.';
