-- identity.seizing(seats, claims) → the first record among them that takes an id from another entity, because its claim has
-- precedence over the bound one (identity.standing_claims); null when none does.
create or replace function identity.seizing(p_seats identity.seat[], p_claims identity.claim[])
returns bigint
language sql
stable
parallel safe
as $$
  select min(c.record_id)
  from unnest(p_seats) s
  join unnest(p_claims) c on c.record_id = s.record_id
  join ingest.source o on o.source = c.source
  join identity.external_id x on x.external_id = c.value and x.source = c.scheme and x.kind = c.kind
  join catalog.entity xe on xe.juke_id = x.juke_id
  left join catalog.entity se on se.juke_id = s.juke_id -- not there yet when it is to be minted
  left join ingest.record xr on xr.record_id = x.record_id
  left join ingest.source xo on xo.source = xr.source
  where x.juke_id <> s.juke_id
    and (coalesce(se.status = 'active', true), c.source = 'manual', 1::real, o.priority)
      > (xe.status = 'active', coalesce(xr.source = 'manual', true), x.confidence, coalesce(xo.priority, 1000))
$$;

comment on function identity.seizing(identity.seat[], identity.claim[]) is
  'The first record that takes an id from another entity by precedence.';
