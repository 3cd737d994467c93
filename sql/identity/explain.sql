-- identity.explain(ref) → how the answer of identity.resolve(ref) comes about, step by step, for a person to read.
-- Errors: none; what is wrong with the reference is the last step.
-- Example: select what, detail from identity.explain('spotify:artist:4Z8W4fKeB5YxbusRsdQVPb')
create or replace function identity.explain(ref text)
returns table (step int, what text, detail text)
language plpgsql
stable
rows 10
security definer -- a caller needs no right to the claims and records
set search_path = ''
as $$
declare
  v_reference constant identity.reference := identity.parse(ref);
  v_scheme identity.scheme;
begin
  if v_reference.scheme is null then
    return query select 1, 'read',
      'This is no reference: neither a uuid, nor scheme:value with a valid value of a known scheme, nor the URL of a known service.';
    return;
  end if;
  select s.* into v_scheme from identity.scheme s where s.scheme = v_reference.scheme;

  return query
    with line (section, nth, what, detail) as (
      select 1, 1::bigint, 'read', case v_reference.scheme
        when 'uuid' then format('A uuid that nothing qualifies: %s. It may be a juke_id, an mbid, or the id of another scheme that uses uuids; they are asked in this order.', v_reference.value)
        when 'juke_id' then format('The juke_id %s. Nothing else is asked.', v_reference.value)
        else format('%s %s%s. Only this scheme is asked; it has rank %s and is %s.', v_scheme.title, v_reference.value,
          coalesce(', which names ' || array_to_string(v_reference.kinds, ' or '), ''), v_scheme.rank, v_scheme.exclusivity)
      end
      union all
      select 2, 1, 'juke_id', format('It is the juke_id of the %s "%s", made on %s.', e.kind, e.display_name, e.created_at::date)
      from catalog.entity e
      where v_reference.scheme in ('uuid', 'juke_id') and e.juke_id::text = v_reference.value
      union all
      select 3, row_number() over (order by a.is_binding desc, a.retracted_at nulls first, a.confidence desc, a.asserted_at),
        case
          when a.status = 'invalid' then 'invalid claim'
          when a.retracted_at is not null then 'retracted claim'
          when a.is_binding then 'bound claim'
          else 'further claim'
        end,
        format('%s says since %s that it is the %s "%s" (%s), with confidence %s%s.%s',
          coalesce(format('%s record %s', r.source, r.source_record_id), 'Somebody, by hand,'),
          a.asserted_at::date, a.kind, e.display_name, a.juke_id, a.confidence,
          case when a.retracted_at is not null
            then format('; taken back on %s by %s%s', a.retracted_at::date, a.retracted_by, coalesce(': ' || a.reason, ''))
            else '' end,
          ' The record ' || identity.reason_of(m.rule, m.evidence) || '.')
      from identity.assertion a
      left join ingest.record r on r.record_id = a.record_id
      left join identity.membership m on m.record_id = a.record_id
      left join catalog.entity e on e.juke_id = a.juke_id
      where a.external_id = v_reference.value
        and v_reference.scheme <> 'juke_id'
        and (v_reference.scheme = 'uuid' or a.source = v_reference.scheme)
        and (v_reference.kinds is null or a.kind = any (v_reference.kinds))
      union all
      select 4, row_number() over (), 'answer',
        format('%s: the %s "%s" (%s), by the rule %s.%s%s', n.status, n.kind, e.display_name, n.juke_id, n.rule,
          case n.status
            when 'redirected' then (
              select format(' It was merged on %s by %s%s.', o.at::date, o.actor, coalesce(': ' || o.reason, ''))
              from identity.changed_entity c
              join identity.operation o on o.operation_id = c.operation_id
              where c.juke_id::text = v_reference.value and o.op = 'merge' and c.undone_by is null
              order by o.operation_id desc
              limit 1
            )
            when 'deleted' then ' It is a tombstone' || coalesce((
              select format(': deleted on %s by %s%s', o.at::date, o.actor, coalesce(': ' || o.reason, ''))
              from identity.changed_entity c
              join identity.operation o on o.operation_id = c.operation_id
              where c.juke_id = n.juke_id and o.op = 'delete' and c.undone_by is null
              order by o.operation_id desc
              limit 1
            ), '') || '.'
          end,
          case when n.is_contested then ' The id is contested: another entity claims it too.' end)
      from identity.resolve(ref) n
      left join catalog.entity e on e.juke_id = n.juke_id
    ),
    told as (
      select * from line
      union all
      select 5, 1, 'answer', 'Nothing here carries it. A typed reference is not looked for elsewhere.'
      where not exists (select from line l where l.section = 4)
    )
    select row_number() over (order by t.section, t.nth)::int, t.what, t.detail
    from told t
    where t.nth <= 20
    order by t.section, t.nth;
end
$$;

comment on function identity.explain(text) is
  E'@name explain\n@behavior -connection +list\n@notNull\n@recordName explanation A step of the way from a reference to its answer.\n@field step! Its place, from 1.\n@field what! read, juke_id, bound claim, further claim, retracted claim, invalid claim or answer.\n@field detail! The step in words.\nHow the answer of `resolution` comes about, step by step, in words. What is wrong with the reference is the last step.';
