-- identity.identify(ref) → every plausible reading of anything pasted, the best first; no row when there is none. Nothing is
-- looked up: identity.resolve does that. confidence is 0..1; from 0.9 on a reading is clear, and identity.parse takes it
-- when it is the only one. kinds: what it may name. why: a few words for the person who pasted it.
-- Example: select scheme, value, confidence, why from identity.identify('978-1-85798-218-3')
create or replace function identity.identify(ref text)
returns setof identity.reading
language plpgsql
stable
parallel safe
rows 3
set search_path = pg_catalog, pg_temp
as $$
declare
  v_stated constant identity.reference := identity.parse_stated(ref);
begin
  if v_stated.scheme = 'uuid' then
    -- The version is a hint: ours are 7, MusicBrainz has 4 (3 for the oldest), a computed podcast GUID 5.
    return query
      select s.scheme, v_stated.value, s.kinds, u.confidence::double precision, u.why
      from (
        select substr(v_stated.value, 15, 1) as version
      ) v
      cross join lateral (
        values
          ('juke_id', case v.version when '7' then 0.9 else 0.1 end, format('a uuid of version %s', v.version)),
          ('mbid', case when v.version in ('3', '4') then 0.8 else 0.1 end, format('a uuid of version %s', v.version)),
          ('podcast_guid', case v.version when '5' then 0.8 when '4' then 0.2 else 0.1 end, format('a uuid of version %s', v.version)),
          ('acoustid', case v.version when '4' then 0.2 else 0.1 end, format('a uuid of version %s', v.version))
      ) u (scheme, confidence, why)
      join identity.scheme s on s.scheme = u.scheme
      where identity.canonical(s.scheme, v_stated.value) is not null
      order by u.confidence desc, s.rank;
  elsif v_stated.scheme is not null then
    return query
      select s.scheme, v_stated.value, coalesce(v_stated.kinds, s.kinds), 1::double precision, 'it says so itself'
      from identity.scheme s
      where s.scheme = v_stated.scheme;
  else
    return query
      select r.scheme, r.value, coalesce(r.kinds, s.kinds), r.confidence, r.why
      from identity.bare_readings(ref) with ordinality r (scheme, value, kinds, confidence, why, place)
      join identity.scheme s on s.scheme = r.scheme
      order by r.place;
  end if;
end
$$;

comment on function identity.identify(text) is
  'Every plausible reading of anything pasted, the best first: scheme, canonical value, kinds, confidence and why.';
