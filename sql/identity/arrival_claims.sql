-- identity.arrival_claims(source, arrivals) → what identity.record_claims returns for these records, which are new, without reading them again.
create or replace function identity.arrival_claims(p_source text, p_arrivals ingest.arrival[])
returns setof identity.claim
language sql
stable
parallel safe
rows 3000
as $$
  select distinct on (a.record_id, s.scheme, coalesce(c.value, v.raw))
    a.record_id, a.kind, p_source, s.scheme, s.rank, s.exclusivity,
    s.exclusivity in ('shared', 'unstable') or o.duplicate_free, c.value, v.raw
  from unnest(p_arrivals) a
  join ingest.source o on o.source = p_source
  cross join lateral jsonb_each(nullif(a.said -> 'ids', 'null')) i (scheme, listed)
  join identity.scheme s on s.scheme = i.scheme and s.scheme <> 'juke_id' and a.kind = any (s.kinds)
  cross join lateral (
    select i.listed #>> '{}' where jsonb_typeof(i.listed) <> 'array'
    union all
    select jsonb_array_elements_text(i.listed) where jsonb_typeof(i.listed) = 'array'
  ) v (raw)
  cross join lateral (select identity.claimed(s.scheme, v.raw, a.kind, s.kinds) offset 0) c (value)
  where v.raw is not null
  order by a.record_id, s.scheme, coalesce(c.value, v.raw)
$$;

comment on function identity.arrival_claims(text, ingest.arrival[]) is 'The ids that new records carry, canonical, with their scheme and rank.';
