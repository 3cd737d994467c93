-- identity.merge_plan(winner, losers) → what merging these would change, without doing it.
-- Errors: those of identity.merge.
-- Example: select step, detail from identity.merge_plan('0190…', array['0191…']::uuid[])
create or replace function identity.merge_plan(winner uuid, losers uuid[])
returns table (step text, juke_id uuid, record_id bigint, detail text)
language plpgsql
volatile -- it locks what it looks at, as the merge will
rows 100
security definer -- an editor needs no right to the tables
set search_path = pg_catalog, pg_temp
as $$
declare
  v_losers constant uuid[] := array(select distinct l from unnest(losers) l where l is not null);
begin
  perform identity.check_merge(winner, v_losers);
  return query
    select 'redirect', e.juke_id, null::bigint, format('"%s" redirects to the winner', e.display_name)
    from catalog.entity e
    where e.juke_id = any (v_losers) or e.merged_into = any (v_losers)
    union all
    select 'move record', m.juke_id, m.record_id, format('%s of %s', r.source_record_id, r.source)
    from identity.membership m
    join ingest.record r on r.record_id = m.record_id
    where m.juke_id = any (v_losers)
    union all
    select 'bind', x.juke_id, x.record_id, format('%s %s names the winner', x.source, x.external_id)
    from identity.external_id x
    where x.juke_id = any (v_losers)
    union all
    select 'refer', r.juke_id, null, format('the %s "%s" refers to the winner', e.kind, e.display_name)
    from unnest(identity.referrers(v_losers)) r (juke_id)
    join catalog.entity e on e.juke_id = r.juke_id
    where e.juke_id <> all (v_losers || winner); -- what they say of each other ends with the merge
end
$$;

comment on function identity.merge_plan(uuid, uuid[]) is
  E'@name merge_plan\n@isQuery\n@behavior -connection +list\n@notNull\n@recordName merge_step A step of a merge.\n@field step! What would be done.\n@field juke_id The entity concerned.\n@field record_id The record concerned.\n@field detail! The step in words.\nWhat merging these would change, without doing it. At most 1,000 losers. Errors: those of `merge`.';
