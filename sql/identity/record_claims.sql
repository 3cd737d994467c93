-- identity.record_claims(record_ids) → every id these records carry, in canonical form; value is null when it is not valid.
-- See identity.claimed.
-- Ids of schemes that do not name the record's kind are left out; so is a juke_id, which we give and nobody claims.
create or replace function identity.record_claims(p_record_ids bigint[])
returns setof identity.claim
language sql
stable
parallel safe
rows 1000
as $$
  select distinct on (r.record_id, s.scheme, coalesce(c.value, v.raw))
    r.record_id, r.kind, r.source, s.scheme, s.rank, s.exclusivity,
    s.exclusivity in ('shared', 'unstable') or o.duplicate_free, c.value, v.raw
  from ingest.record r
  join ingest.source o on o.source = r.source
  cross join lateral jsonb_each(nullif(ingest.effective(r.body, r.mention) -> 'ids', 'null')) i (scheme, listed)
  join identity.scheme s on s.scheme = i.scheme and s.scheme <> 'juke_id' and r.kind = any (s.kinds)
  cross join lateral (
    select i.listed #>> '{}' where jsonb_typeof(i.listed) <> 'array'
    union all
    select jsonb_array_elements_text(i.listed) where jsonb_typeof(i.listed) = 'array'
  ) v (raw)
  cross join lateral (select identity.claimed(s.scheme, v.raw, r.kind, s.kinds) offset 0) c (value)
  where r.record_id = any (p_record_ids)
    and v.raw is not null
  order by r.record_id, s.scheme, coalesce(c.value, v.raw)
$$;

comment on function identity.record_claims(bigint[]) is 'The ids that records carry, canonical, with their scheme and rank.';
