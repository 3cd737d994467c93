-- feed.page(from, to, after_id, limit) → the next events of a batch, by id; is_last marks the batch's last event.
create or replace function feed.page(p_from pg_snapshot, p_to pg_snapshot, p_after_id bigint, p_limit int)
returns table (
  id bigint, at timestamptz, kind catalog.entity_kind, juke_id uuid, op feed.op, version int, changed text[], is_last boolean
)
language sql
stable
rows 100
as $$
  select b.id, b.at, b.kind, b.juke_id, b.op, b.version, b.changed, b.is_last
  from (
    select e.*, lead(e.id) over (order by e.id) is null as is_last, row_number() over (order by e.id) as nth
    from (
      select v.* from feed.batch(p_from, p_to) v where v.id > p_after_id order by v.id limit p_limit + 1
    ) e
  ) b
  where b.nth <= p_limit
$$;

comment on function feed.page(pg_snapshot, pg_snapshot, bigint, int) is 'One page of a batch of events.';
