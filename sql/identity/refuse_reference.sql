-- identity.refuse_reference(ref): raises what is wrong with a text that identity.parse could not read; the detail lists what it may be
-- when it may be several things.
-- Errors: JB103 not a reference, always.
create or replace function identity.refuse_reference(p_ref text)
returns void
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
  raise exception 'not a reference: %', coalesce(left(p_ref, 100), 'null')
    using errcode = 'JB103',
      detail = coalesce(
        'It may be ' || (
          select string_agg(format('%s:%s', r.scheme, r.value), ' or ' order by r.confidence desc, r.scheme)
          from identity.bare_readings(p_ref) r
        ) || ': say which one.',
        'It is neither a uuid, nor scheme:value with a valid value of a known scheme, nor the URL of a known service.'
      ),
      hint = 'Try mbid:UUID, isrc:GBAYE6800011, spotify:track:ID, discogs:master:ID or a URL; the schemes are in identity.scheme.';
end
$$;

comment on function identity.refuse_reference(text) is 'Says what is wrong with a text that is not a reference: JB103.';
