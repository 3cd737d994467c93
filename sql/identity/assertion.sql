-- identity.assertion: the ledger of claims. Every claim that any record has ever made to an id, the winner among them
-- marked (is_binding), those taken back with the time and the one who did, invalid values with their status.
-- record_id is null when the id was written by hand. A claim stands from stands_from until retracted_at.
create or replace view identity.assertion as
select x.external_id, x.source, x.kind, coalesce(m.juke_id, x.juke_id) as juke_id, x.record_id,
  'valid'::identity.claim_status as status, x.method, x.confidence, x.since as asserted_at, x.restored_at,
  coalesce(x.restored_at, x.since) as stands_from, null::timestamptz as retracted_at, null::text as retracted_by,
  null::text as reason, true as is_binding
from identity.external_id x
left join identity.membership m on m.record_id = x.record_id
union all
select f.external_id, f.source, f.kind, m.juke_id, f.record_id, f.status, f.method, f.confidence, f.asserted_at,
  f.restored_at, coalesce(f.restored_at, f.asserted_at), f.retracted_at, f.retracted_by, f.reason, false
from identity.further_claim f
join identity.membership m on m.record_id = f.record_id;

comment on view identity.assertion is
  'The ledger of claims: who says that which id is whose, since when, which claim is bound, and what was taken back.';
