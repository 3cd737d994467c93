-- identity.seizing(seats, claims) → the records among them that take an id from another entity, because their claim has
-- precedence over the bound one (identity.standing_claims).
create or replace function identity.seizing(p_seats identity.seat[], p_claims identity.claim[])
returns bigint[]
language sql
stable
parallel safe
as $$
  select coalesce(array_agg(distinct c.record_id), '{}')
  from unnest(p_seats) s
  join unnest(p_claims) c on c.record_id = s.record_id
  join ingest.record cr on cr.record_id = c.record_id
  join ingest.source o on o.source = c.source
  join identity.external_id x on x.external_id = c.value and x.source = c.scheme and x.kind = c.kind
  join catalog.entity xe on xe.juke_id = x.juke_id
  left join catalog.entity se on se.juke_id = s.juke_id -- not there yet when it is to be minted
  left join ingest.record xr on xr.record_id = x.record_id
  left join ingest.source xo on xo.source = xr.source
  cross join lateral (
    select (coalesce(se.status = 'active', true), c.source = 'manual', 1::real, o.priority) as own,
      (xe.status = 'active', coalesce(xr.source = 'manual', true), x.confidence, coalesce(xo.priority, 1000)) as theirs
  ) a
  where x.juke_id <> s.juke_id
    and (
      a.own > a.theirs
      or a.own = a.theirs and c.source <> 'manual'
        and (c.source collate "C", cr.source_record_id) < (xr.source collate "C", xr.source_record_id)
    )
$$;

comment on function identity.seizing(identity.seat[], identity.claim[]) is
  'The records that take an id from another entity by precedence.';
