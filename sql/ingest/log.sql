-- ingest.log: who delivered what, when, and what it changed: one row for each run of a delivery, the newest first. The query of a URL is left out: it may be signed.
create or replace view ingest.log as
select r.run_id, d.delivery_id, d.source, d.name, k.delivery_keys, d.format, d.format_version, d.sender, d.message_id,
  encode(d.sha256, 'hex') as sha256, d.byte_count, d.times_received, c.actor as received_by, c.received_at, regexp_replace(c.url, '[?].*', '') as url,
  r.task, r.status, r.actor as run_by, r.started_at, r.finished_at, r.finished_at - r.started_at as took,
  r.records, r.new, r.changed, r.unchanged, r.entities_minted, r.entities_changed, r.quarantined, r.warnings,
  r.error_code, r.error, r.error_hint
from ingest.delivery d
left join ops.run r on r.delivery_id = d.delivery_id
left join lateral (
  select p.actor, p.received_at, p.url
  from ingest.receipt p
  where p.delivery_id = d.delivery_id
  order by p.receipt_id desc
  limit 1
) c on true
left join lateral (
  select array_agg(k.delivery_key order by k.delivery_key) as delivery_keys
  from ingest.delivery_key k
  where k.delivery_id = d.delivery_id
) k on true
where d.source <> 'manual'
order by r.run_id desc nulls last, d.delivery_id desc;

comment on view ingest.log is 'Who delivered what, when, and what it changed; the newest first.';
