-- identity.standing_claims(keys) → the valid claims to these ids that nobody has taken back, the best first (nth = 1).
-- Precedence: a claim of a living entity before one of a tombstone; of the source manual; the higher confidence; the source
-- with more authority (ingest.source.priority); the older; the lower record id.
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
        a.confidence desc, coalesce(s.priority, 1000) desc, a.asserted_at, a.record_id
    )
  from unnest(p_keys) k
  join identity.assertion a on a.external_id = k.external_id and a.source = k.source and a.kind = k.kind
  join catalog.entity e on e.juke_id = a.juke_id
  left join ingest.record r on r.record_id = a.record_id
  left join ingest.source s on s.source = r.source
  where a.status = 'valid' and a.retracted_at is null
$$;

comment on function identity.standing_claims(identity.id_key[]) is
  'The claims to these ids that stand, ranked: manual, confidence, authority, age, id.';
