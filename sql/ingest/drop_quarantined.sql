-- ingest.drop_quarantined(quarantine_ids): what is in quarantine is given up: a replay does not open it again. Returns how many were open.
create or replace function ingest.drop_quarantined(p_quarantine_ids bigint[])
returns int
language sql
volatile
as $$
  with dropped as (
    update ingest.quarantine q
    set status = 'dropped', decided_at = now(), decided_by = identity.actor()
    where q.quarantine_id = any (p_quarantine_ids) and q.status = 'open'
    returning 1
  )
  select count(*)::int from dropped
$$;

comment on function ingest.drop_quarantined(bigint[]) is 'Gives up what is in quarantine.';
