-- identity.resolve_as_of(ref, at) → what identity.resolve would have answered at a past moment, from the claims that stood then,
-- the membership of the records then, and the redirects then. Precedence is today's.
-- Errors: JB103 not a reference, or it could be several things; JB175 at is null.
-- Example: select juke_id, status from identity.resolve_as_of('mbid:a74b1b7f-71a5-4011-9441-d0b5e4122711', '2026-01-01')
create or replace function identity.resolve_as_of(ref text, at timestamptz)
returns setof identity.resolution
language plpgsql
stable
parallel safe
rows 1
security definer -- a caller needs no right to the claims and operations
set search_path = pg_catalog, pg_temp
as $$
declare
  v_reference constant identity.reference := identity.parse(ref);
  v_is_shared constant boolean := exists (
    select from identity.scheme s where s.scheme = v_reference.scheme and s.exclusivity = 'shared'
  );
begin
  if v_reference.scheme is null then
    perform identity.refuse_reference(ref);
  elsif resolve_as_of.at is null then
    raise exception 'a moment is missing'
      using errcode = 'JB175', detail = 'The argument at is null.',
        hint = 'Say when: 2026-01-01T00:00:00Z; of now tells identity.resolve.';
  end if;

  if v_reference.scheme in ('uuid', 'juke_id') then
    return query
      select ref,
        case t.status when 'active' then 'found' when 'merged' then 'redirected' else 'deleted' end
          ::identity.resolution_status,
        t.juke_id, t.kind, 'juke_id', v_reference.scheme, v_reference.value, false
      from identity.entity_at(v_reference.value::uuid, resolve_as_of.at) t;
    if found or v_reference.scheme = 'juke_id' then
      return;
    end if;
  end if;

  return query
    with claim as (
      select t.juke_id, t.kind, t.status, a.source, s.rank,
        row_number() over (
          partition by a.source, a.kind
          order by t.status = 'active' desc, coalesce(r.source = 'manual', true) desc, a.confidence desc,
            coalesce(o.priority, 1000) desc,
            case when coalesce(r.source = 'manual', true) then a.asserted_at end, r.source collate "C", r.source_record_id, a.record_id
        ) as nth,
        not v_is_shared
          and min(t.juke_id::text) filter (where t.status = 'active') over id
            <> max(t.juke_id::text) filter (where t.status = 'active') over id as is_contested
      from identity.assertion a
      join identity.scheme s on s.scheme = a.source
      left join ingest.record r on r.record_id = a.record_id
      left join ingest.source o on o.source = r.source
      cross join lateral identity.entity_at(
        case
          when a.record_id is null then a.juke_id
          else identity.member_at(a.record_id, resolve_as_of.at)
        end,
        resolve_as_of.at
      ) t
      where a.external_id = v_reference.value
        and (v_reference.scheme = 'uuid' or a.source = v_reference.scheme)
        and (v_reference.kinds is null or a.kind = any (v_reference.kinds))
        and a.status = 'valid'
        and a.stands_from <= resolve_as_of.at
        and (a.retracted_at is null or a.retracted_at > resolve_as_of.at)
      window id as (partition by a.source, a.kind)
    ),
    answer as (
      select c.juke_id, c.kind, c.source,
        (case c.status when 'active' then 'found' when 'merged' then 'redirected' else 'deleted' end)
          ::identity.resolution_status as status,
        min(c.nth) as nth, min(c.rank) as rank, bool_or(c.is_contested) as is_contested,
        dense_rank() over (order by min(c.rank), array_position(v_reference.kinds, c.kind), c.kind) as kind_nth,
        bool_or(c.status <> 'deleted') over (partition by c.source, c.kind) as has_living
      from claim c
      where v_is_shared or c.nth = 1
      group by c.juke_id, c.kind, c.source, c.status
    ),
    best as (
      select b.*
      from answer b
      where (b.kind_nth = 1 or v_reference.kinds is null and v_reference.scheme <> 'uuid')
        and (b.status <> 'deleted' or not b.has_living)
    )
    select ref,
      case when min(b.kind) over () <> max(b.kind) over () then 'ambiguous' else b.status end::identity.resolution_status,
      b.juke_id, b.kind, b.source, v_reference.scheme, v_reference.value,
      coalesce(b.is_contested, false)
    from best b
    order by b.kind_nth, b.nth;
end
$$;

comment on function identity.resolve_as_of(text, timestamptz) is
  E'@name resolve_as_of\n@behavior -connection +list\n@notNull\nWhat a reference stood for at a past moment, by the claims, records and redirects of then. Errors: JB103 not a reference, JB175 no moment.';
