-- requires: catalog/territory_code.sql catalog/use_types.sql
-- catalog.rights_at(juke_ids, territory, at, usage) → for each entity, in the order given, whether it may be used there, then and so;
-- when not, why not. A redirect is followed; an id that no entity has is an answer, not an error.
-- The terms that count are its own. A track or video without any: those of the releases that have it on them; an episode: those of its
-- podcast. Terms are alternatives: one that allows it is enough. Within one, an excluded territory beats an included one, a country
-- covers its parts, and what is left out does not restrict. What was withdrawn or cancelled allows nothing, nor does
-- a term that is excluded everywhere: an empty list of terms is one.
-- Of terms that allow it the one that ends last is named; of those that do not, the one that lacks the least.
-- at: null is now. usage: null is Stream. Errors: JB104 more than 10,000 ids, JB260 no territory, JB261 no use type.
-- Example: select asked_id, streamable, reasons from catalog.rights_at('{0190…,0190…}', 'DE')
create or replace function catalog.rights_at(
  juke_ids uuid[], territory text, at timestamptz default now(), usage text default 'Stream'
)
returns setof catalog.availability
language plpgsql
stable
parallel safe
rows 1000
security definer -- a caller needs no right to what it calls
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
as $$
declare
  v_code constant text := catalog.territory_code(rights_at.territory);
  v_places constant text[] := array['Worldwide', left(v_code, 2), v_code];
  v_usages constant text[] := catalog.use_types(coalesce(rights_at.usage, 'Stream'));
  v_at constant timestamptz := coalesce(rights_at.at, now());
begin
  if cardinality(juke_ids) > 10000 then
    raise exception 'too many ids: %', cardinality(juke_ids)
      using errcode = 'JB104', detail = 'One call takes at most 10,000.', hint = 'Send them in several calls.';
  end if;
  return query
    with asked as materialized (
      select i.ordinal, i.juke_id as asked_id, t.juke_id, t.kind, t.status
      from unnest(juke_ids) with ordinality i (juke_id, ordinal)
      left join catalog.entity e on e.juke_id = i.juke_id
      left join catalog.entity t on t.juke_id = coalesce(e.merged_into, e.juke_id)
    ),
    entity as materialized (
      select distinct a.juke_id, a.kind,
        exists (select from catalog.usage_right u where u.juke_id = a.juke_id) as has_terms
      from asked a
      where a.status = 'active'
    ),
    holder as (
      select e.juke_id, e.juke_id as held_by from entity e where e.has_terms
      union
      select e.juke_id, t.release_id
      from entity e
      join catalog.release_track t on t.track_id = e.juke_id
      where e.kind = 'track' and not e.has_terms
      union
      select e.juke_id, t.release_id
      from entity e
      join catalog.release_track t on t.video_id = e.juke_id
      where e.kind = 'video' and not e.has_terms
      union
      select e.juke_id, o.podcast_id
      from entity e
      join catalog.episode o on o.juke_id = e.juke_id
      where e.kind = 'episode' and not e.has_terms
    ),
    term as (
      -- What it lacks, in the order of the reasons.
      select h.juke_id, h.held_by, u.position, u.valid_from, u.valid_until,
        array_remove(array[
          case when v_at < u.valid_from then 'not_yet' when v_at >= u.valid_until then 'expired' end,
          case when not u.usages && v_usages then 'usage_not_covered' end,
          case
            when u.excluded_territories && v_places[2:] then 'territory_excluded'
            when not u.territories && v_places then 'territory_not_covered'
          end,
          case
            when r.release_status in ('withdrawn', 'cancelled') or 'Worldwide' = any (u.excluded_territories) then 'withdrawn'
          end
        ]::catalog.right_reason[], null) as lacks
      from holder h
      join catalog.usage_right u on u.juke_id = h.held_by
      left join catalog.release r on r.juke_id = h.held_by
      union all
      select e.juke_id, e.juke_id, null, null, null, '{withdrawn}'
      from entity e
      join catalog.release r on r.juke_id = e.juke_id
      where r.release_status in ('withdrawn', 'cancelled') and not e.has_terms
    ),
    nearest as (
      select distinct on (t.juke_id) t.*
      from term t
      order by t.juke_id, cardinality(t.lacks), t.lacks, case when v_at < t.valid_from then t.valid_from end,
        t.valid_until desc nulls first, t.held_by, t.position
    )
    select a.asked_id, case when a.status = 'active' then a.juke_id end, coalesce(n.lacks = '{}', false),
      case
        when a.juke_id is null then '{entity_unknown}'
        when a.status <> 'active' then '{entity_deleted}'
        else coalesce(n.lacks, '{no_rights_known}')
      end,
      n.held_by, n.position, n.valid_from, n.valid_until
    from asked a
    left join nearest n on n.juke_id = a.juke_id
    order by a.ordinal;
end
$$;

comment on function catalog.rights_at(uuid[], text, timestamptz, text) is
  E'@fieldName rightsAt\n@behavior -connection +list\n@notNull\nWhether each of up to 10,000 entities may be used in a territory (ISO 3166-1 or 3166-2) at a moment (now, when it is left out) in a certain way (a DDEX use type; `Stream`, when it is left out): one answer each, in their order. Errors: JB104 too many, JB260 no territory, JB261 no use type.';
