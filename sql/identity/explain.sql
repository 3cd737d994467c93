-- identity.explain(ref) → how the answer of identity.resolve(ref) comes about, step by step, for a person to read.
-- An id that is not valid in its scheme stands for nothing, but a record may have it: explain says which, to be found as it came.
-- Errors: none; what is wrong with the reference is said by the step 'read'.
-- Example: select what, detail from identity.explain('spotify:artist:4Z8W4fKeB5YxbusRsdQVPb')
create or replace function identity.explain(ref text)
returns table (step int, what text, detail text)
language plpgsql
stable
parallel safe
rows 10
security definer -- a caller needs no right to the claims and records
set search_path = pg_catalog, pg_temp
as $$
declare
  v_reference constant identity.reference := identity.parse(ref);
  v_key constant uuid := case when v_reference.scheme in ('uuid', 'juke_id') then v_reference.value::uuid end;
  v_scheme identity.scheme;
  -- As an invalid id would be kept: the text itself, or what follows the name of a scheme.
  v_given constant text := regexp_replace(btrim(left(ref, 4001)), '^urn:', '', 'i');
  v_rest constant text := nullif(btrim(substr(v_given, nullif(strpos(v_given, ':'), 0) + 1)), '');
  v_rest_scheme text;
begin
  select s.* into v_scheme from identity.scheme s where s.scheme = v_reference.scheme;
  select s.scheme into v_rest_scheme
  from identity.scheme s
  where v_rest is not null and lower(btrim(split_part(v_given, ':', 1))) = any (s.scheme || s.aliases);

  return query
    with line (section, nth, what, detail) as (
      select 1, 1::bigint, 'read', case
        when v_reference.scheme is null then coalesce(
          'It may be several things: ' || (
            select string_agg(format('%s:%s', r.scheme, r.value), ' or ' order by r.confidence desc, r.scheme)
            from identity.bare_readings(ref) r
          ) || '. Say which one.',
          'This is no reference: neither a uuid, nor scheme:value with a valid value of a known scheme, nor the URL of a known service.'
        )
        when v_reference.scheme = 'uuid' then format('A uuid that nothing qualifies: %s. It may be a juke_id, an mbid, or the id of another scheme that uses uuids; they are asked in this order.', v_reference.value)
        when v_reference.scheme = 'juke_id' then format('The juke_id %s. Nothing else is asked.', v_reference.value)
        else format('This is the %s %s (%s)%s. Only ids of this scheme are asked: %s.', v_scheme.scheme, v_reference.value, v_scheme.title,
          coalesce(', the id of a ' || array_to_string(v_reference.kinds, ' or '), ''),
          case v_scheme.exclusivity
            when 'exclusive' then 'each is of one thing, and a thing has one'
            when 'territory' then 'each is of one thing, which may have several'
            when 'shared' then 'several things may have the same'
            else 'they change hands'
          end)
      end
      union all
      select 2, 1, 'juke_id', format('It is the juke_id of the %s "%s", made on %s.', e.kind, e.display_name, e.created_at::date)
      from catalog.entity e
      where e.juke_id = v_key
      union all
      select 3, row_number() over (order by a.is_binding desc, a.retracted_at nulls first, a.confidence desc, a.asserted_at),
        case
          when a.status = 'invalid' then 'invalid claim'
          when a.retracted_at is not null then 'retracted claim'
          when a.is_binding then 'bound claim'
          else 'further claim'
        end,
        format('%s %s %s that %s is the id of the %s %s%s.%s%s',
          case
            when r.source <> 'manual' then format('The record %s of %s', r.source_record_id, r.source)
            else coalesce((
              select o.actor
              from identity.changed_claim k
              join identity.operation o on o.operation_id = k.operation_id and o.op = 'claim'
              where k.record_id = a.record_id and k.source = a.source and k.external_id = a.external_id
              order by o.operation_id desc
              limit 1
            ), 'Somebody, by hand,')
          end,
          case when a.retracted_at is null then 'says since' else 'said on' end,
          a.asserted_at::date,
          case when a.status = 'invalid' then format('the %s %s, which is not valid,', a.source, left(a.external_id, 100)) else 'it' end,
          a.kind, identity.named(a.juke_id),
          case when a.confidence < 1 then format(', with confidence %s', a.confidence) else '' end,
          case when a.retracted_at is not null
            then format(' This was taken back on %s by %s.', a.retracted_at::date, case a.retracted_by
                when 'record' then 'the source itself'
                else a.retracted_by || coalesce(': ' || a.reason, '')
              end)
            else '' end,
          case when r.source <> 'manual' then ' The record ' || identity.reason_of(m.rule, m.evidence) || '.' else '' end)
      from identity.assertion a
      left join ingest.record r on r.record_id = a.record_id
      left join identity.membership m on m.record_id = a.record_id
      where a.external_id = any (array[v_reference.value, ref, v_given, v_rest])
        and (
          a.external_id = v_reference.value
            and v_reference.scheme <> 'juke_id'
            and (v_reference.scheme = 'uuid' or a.source = v_reference.scheme)
            and (v_reference.kinds is null or a.kind = any (v_reference.kinds))
          or a.status = 'invalid' and a.external_id in (ref, v_given) and v_reference.scheme is null
          or a.status = 'invalid' and a.external_id = v_rest and a.source = v_rest_scheme
        )
      union all
      select 4, row_number() over (), 'answer',
        format('%s the %s %s, by its %s.%s%s',
          case n.status
            when 'redirected' then 'It is now'
            when 'deleted' then 'It was'
            when 'ambiguous' then 'It may be'
            else 'It is'
          end,
          n.kind, identity.named(n.juke_id), n.rule,
          case n.status
            when 'ambiguous' then ' Say the kind.'
            when 'redirected' then (
              select format(' It was merged on %s by %s%s.', o.at::date, o.actor, coalesce(': ' || o.reason, ''))
              from identity.changed_entity c
              join identity.operation o on o.operation_id = c.operation_id
              where c.juke_id = v_key and o.op = 'merge' and c.undone_by is null
              order by o.operation_id desc
              limit 1
            )
            when 'deleted' then ' That was deleted' || coalesce((
              select format(' on %s by %s%s', o.at::date, o.actor, coalesce(': ' || o.reason, ''))
              from identity.changed_entity c
              join identity.operation o on o.operation_id = c.operation_id
              where c.juke_id = n.juke_id and o.op = 'delete' and c.undone_by is null
              order by o.operation_id desc
              limit 1
            ), '') || '.'
          end,
          case when n.is_contested then ' The id is contested: another entity claims it too.' end)
      from identity.resolve(ref) n
      where v_reference.scheme is not null -- else resolve is not asked: it would refuse
    ),
    told as (
      select * from line
      union all
      select 5, 1, 'answer', 'Nothing here has this id.'
      where v_reference.scheme is not null and not exists (select from line l where l.section = 4)
    )
    select row_number() over (order by t.section, t.nth)::int, t.what, t.detail
    from told t
    where t.nth <= 20
    order by t.section, t.nth;
end
$$;

comment on function identity.explain(text) is
  E'@name explain\n@behavior -connection +list\n@notNull\n@recordName explanation A step of the way from a reference to its answer.\n@field step! Its place, from 1.\n@field what! read, juke_id, bound claim, further claim, retracted claim, invalid claim or answer.\n@field detail! The step in words.\nHow the answer of `resolution` comes about, step by step, in words. What is wrong with the reference is said by the first; an id that is not valid is found as it came.';
