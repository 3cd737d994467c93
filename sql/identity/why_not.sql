-- identity.why_not(a, b) → why two entities are not one: what forbids it (veto), what speaks against it and for it, and what
-- became of the question.
-- Errors: JB151 no such entity.
-- Example: select verdict, detail from identity.why_not('0190…', '0191…')
create or replace function identity.why_not(a uuid, b uuid)
returns table (verdict text, detail text)
language plpgsql
stable
parallel safe
rows 10
security definer -- a caller needs no right to the claims, records and verdicts
set search_path = pg_catalog, pg_temp
as $$
declare
  v_a catalog.entity;
  v_b catalog.entity;
  v_keys identity.id_key[];
begin
  perform identity.refuse_missing(array[a, b]);
  select e.* into v_a from catalog.entity e where e.juke_id = a;
  select e.* into v_b from catalog.entity e where e.juke_id = b;
  if coalesce(v_a.merged_into, v_a.juke_id) = coalesce(v_b.merged_into, v_b.juke_id) then
    return query
      select 'same', format('They are one: %s.', identity.named(coalesce(v_a.merged_into, v_a.juke_id)))
        || coalesce((
          select ' ' || identity.deed_of(o)
          from identity.changed_entity c
          join identity.operation o on o.operation_id = c.operation_id
          where c.juke_id in (a, b) and c.undone_by is null and o.op = 'merge'
          order by o.operation_id desc
          limit 1
        ), '');
    return;
  end if;
  return query
    select 'veto', format('One is of kind %s, the other of kind %s.', v_a.kind, v_b.kind)
    where v_a.kind <> v_b.kind
    union all
    select 'veto', format('%s stands for no one in particular.', t.title)
    from (select identity.special_title(array[a, b]) as title) t
    where t.title is not null
    union all
    select case f.verdict when 'cannot_link' then 'veto' else 'for' end,
      format('%s ruled on %s that they %s%s.', f.actor, f.at::date,
        case f.verdict when 'cannot_link' then 'are different' else 'are the same' end, coalesce(': ' || f.reason, ''))
    from identity.facts_on(a, b) f;

  return query
    select 'against', format('%s merged them on %s%s, and %s took that back on %s%s.', o.actor, o.at::date,
      coalesce(' (' || o.reason || ')', ''), u.actor, u.at::date, coalesce(' (' || u.reason || ')', ''))
    from identity.operation o
    join identity.changed_entity c on c.operation_id = o.operation_id
    join identity.operation u on u.operation_id = c.undone_by
    where o.op = 'merge' and o.juke_id in (a, b) and c.juke_id in (a, b)
    order by o.operation_id;

  -- What was found when a record of the one might have joined the other.
  return query
    select 'against',
      format('When the record %s of %s came, its %s %s was the other''s too, but %s.',
        r.source_record_id, r.source, v ->> 'scheme', v ->> 'value', identity.veto_of(v))
    from identity.membership m
    join ingest.record r on r.record_id = m.record_id
    cross join lateral jsonb_array_elements(m.evidence -> 'vetoed') v
    where m.juke_id in (a, b)
      and (v ->> 'juke_id')::uuid = case m.juke_id when a then b else a end;
  return query
    select 'against', format('Their %s differs: %s and %s.', s.title, x.ids, y.ids)
    from identity.scheme s
    join lateral (
      select string_agg(i.external_id, ', ' order by i.external_id) as ids
      from identity.external_id i where i.juke_id = a and i.source = s.scheme
    ) x on x.ids is not null
    join lateral (
      select string_agg(i.external_id, ', ' order by i.external_id) as ids
      from identity.external_id i where i.juke_id = b and i.source = s.scheme
    ) y on y.ids is not null
    where s.exclusivity <> 'shared'
    order by s.rank;
  return query
    select 'against', format('%s, which has no duplicates, has a record of each.', o.title)
    from ingest.source o
    where o.duplicate_free
      and (
        select count(distinct m.juke_id)
        from identity.membership m
        join ingest.record r on r.record_id = m.record_id
        where m.juke_id in (a, b) and r.source = o.source
      ) = 2;

  -- From the ids that both have to do with: the ledger by entity would be read from end to end.
  v_keys := array(
    select k from unnest(identity.member_keys(array[a])) k intersect select k from unnest(identity.member_keys(array[b])) k
  );
  return query
    select 'for', format('Both claim %s %s; it is bound to %s.', x.source, x.external_id, coalesce((
        select identity.named(i.juke_id)
        from identity.external_id i
        where i.external_id = x.external_id and i.source = x.source and i.kind = x.kind
      ), 'neither'))
    from identity.standing_claims(v_keys) x
    where x.juke_id in (a, b)
    group by x.source, x.external_id, x.kind
    having count(distinct x.juke_id) = 2
    order by x.source, x.external_id;
  return query
    select 'for', format('Their names are equal: %s.', v_a.display_name)
    where v_a.kind = v_b.kind and lower(v_a.display_name) = lower(v_b.display_name);
  return query
    select 'review', format('Review %s asks whether they are one; it is %s%s.', v.review_id,
      v.status, case when v.decided_at is not null then format(', decided by %s on %s', v.decided_by, v.decided_at::date) else '' end)
    from identity.review v
    where v.a_juke_id in (a, b) and v.b_juke_id in (a, b)
    order by v.review_id;
  return query
    select 'summary', case
      when v_a.status <> 'active' or v_b.status <> 'active' then (
        select string_agg(format('%s was %s.', identity.named(e.juke_id),
          case e.status when 'deleted' then 'deleted' else 'merged into ' || identity.named(e.merged_into) end), ' ')
        from (values (v_a.juke_id, v_a.status, v_a.merged_into), (v_b.juke_id, v_b.status, v_b.merged_into))
          e (juke_id, status, merged_into)
        where e.status <> 'active'
      )
      when v_a.kind <> v_b.kind then 'Entities of different kinds are never one.'
      else 'They are two. identity.merge makes them one, unless there is a veto.'
    end;
end
$$;

comment on function identity.why_not(uuid, uuid) is
  E'@name why_not\n@behavior -connection +list\n@notNull\n@recordName argument What speaks for or against that two entities are one.\n@field verdict! veto, for, against, review, same or summary.\n@field detail! The argument in words.\nWhy two entities are not one: what speaks for it, what against it. Errors: JB151 no such entity.';
