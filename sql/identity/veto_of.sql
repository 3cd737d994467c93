-- identity.veto_of(veto) → why a record was kept from an entity that shares an id with it (identity.link_options), in words.
-- Example: select identity.veto_of('{"because": "one per source", "source": "musicbrainz"}')
create or replace function identity.veto_of(p_veto jsonb)
returns text
language sql
immutable
parallel safe
as $$
  select case p_veto ->> 'because'
    when 'opposed' then format('their %s differs: its own is %s, the other''s %s',
      p_veto ->> 'by', identity.listed(p_veto -> 'own'), identity.listed(p_veto -> 'theirs'))
    when 'unstable' then 'ids of that scheme change hands, and no other id agrees'
    else format('%s has a record of the other already', p_veto ->> 'source')
  end
$$;

comment on function identity.veto_of(jsonb) is 'Why a record was kept from an entity that shares an id with it, in words.';
