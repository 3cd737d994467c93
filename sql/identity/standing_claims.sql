-- identity.standing_claims(keys) → the valid claims to these ids that nobody has taken back, the best first (nth = 1).
-- Precedence: a claim of a living entity before one of a tombstone; of the source manual; the higher confidence; the source
-- with more authority (ingest.source.priority); of people's claims the older one; then the name of the source and its id of the record, so
-- that the order in which deliveries arrive does not show.
create or replace function identity.standing_claims(p_keys identity.id_key[])
returns setof identity.ranked_claim
language sql
stable
parallel safe
rows 1000
as $$
  select a.external_id, a.source, a.kind, a.juke_id, a.record_id, a.method, a.confidence, a.asserted_at, a.restored_at,
    e.status = 'active',
    row_number() over (
      partition by a.external_id, a.source, a.kind
      order by e.status = 'active' desc,
        coalesce(r.source = 'manual', true) desc, -- a binding without a record was written by hand
        a.confidence desc, coalesce(s.priority, 1000) desc,
        case when coalesce(r.source = 'manual', true) then a.asserted_at end, -- of what people say, the older
        r.source collate "C", r.source_record_id, a.record_id -- of what sources say, nothing that depends on which came first
    )
  -- identity.assertion, read by its keys: a join with the view itself would read all of it.
  from (
    select x.external_id, x.source, x.kind, coalesce(m.juke_id, x.juke_id) as juke_id, x.record_id, x.method,
      x.confidence, x.since as asserted_at, x.restored_at
    from unnest(p_keys) k
    join identity.external_id x on x.external_id = k.external_id and x.source = k.source and x.kind = k.kind
    left join identity.membership m on m.record_id = x.record_id
    union all
    select f.external_id, f.source, f.kind, m.juke_id, f.record_id, f.method, f.confidence, f.asserted_at, f.restored_at
    from unnest(p_keys) k
    join identity.further_claim f on f.external_id = k.external_id and f.source = k.source and f.kind = k.kind
    join identity.membership m on m.record_id = f.record_id
    where f.status = 'valid' and f.retracted_at is null
  ) a
  join catalog.entity e on e.juke_id = a.juke_id
  left join ingest.record r on r.record_id = a.record_id
  left join ingest.source s on s.source = r.source
$$;

comment on function identity.standing_claims(identity.id_key[]) is
  'The claims to these ids that stand, ranked: manual, confidence, authority, then by name.';
