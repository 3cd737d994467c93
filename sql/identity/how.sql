-- identity.how(entity) → how an entity was assembled: its records with the rule and the evidence that brought each, the ids of theirs
-- that are not valid, the edits, and the operations on it, in the order of time.
-- Errors: JB151 no such entity.
-- Example: select at, what, detail from identity.how('0190…')
create or replace function identity.how(entity uuid)
returns table (at timestamptz, what text, record_id bigint, operation_id bigint, detail text)
language plpgsql
stable
parallel safe
rows 20
security definer -- a caller needs no right to the records and operations
set search_path = pg_catalog, pg_temp
as $$
begin
  perform identity.refuse_missing(array[entity]);
  return query
    select m.since, 'record', m.record_id, null::bigint,
      case r.source
        when 'manual' then format('A record of its own %s.', identity.reason_of(m.rule, m.evidence))
        else format('The record %s of %s %s.', r.source_record_id, r.source, identity.reason_of(m.rule, m.evidence))
      end
    from identity.membership m
    join ingest.record r on r.record_id = m.record_id
    where m.juke_id = entity
    union all
    -- What brought nothing, since nobody can read it.
    select f.asserted_at, 'invalid id', m.record_id, null,
      format('%s %s the %s %s, which is not valid%s.',
        case r.source
          when 'manual' then 'A record of its own'
          else format('The record %s of %s', r.source_record_id, r.source)
        end,
        case when f.retracted_at is null then 'has' else 'had' end,
        f.source, left(f.external_id, 100),
        ', and was taken back on ' || f.retracted_at::date)
    from identity.membership m
    join ingest.record r on r.record_id = m.record_id
    join identity.further_claim f on f.record_id = m.record_id
    where m.juke_id = entity and f.status = 'invalid'
    union all
    -- What people said of it, edit by edit.
    select v.changed_at, 'edit', v.record_id, null,
      format('%s said: %s.', d.name, coalesce((
        select string_agg(format('%s %s', k.key, case when k.value is null then 'is left to the sources' else 'is ' || left(k.value::text, 100) end), ', ' order by k.key)
        from (
          select coalesce(n.key, b.key) as key, n.value
          from jsonb_each(v.body) n
          full join jsonb_each(v.before) b on b.key = n.key
          where n.value is distinct from b.value
        ) k
      ), 'nothing new'))
    from (
      select w.*, lag(w.body) over (partition by w.record_id order by w.version) as before
      from (
        select r.record_id, r.version, r.body, r.delivery_id, r.changed_at
        from identity.membership m
        join ingest.record r on r.record_id = m.record_id
        where m.juke_id = entity and r.source = 'manual'
        union all
        select p.record_id, p.version, p.body, p.delivery_id, p.changed_at
        from identity.membership m
        join ingest.record r on r.record_id = m.record_id
        join ingest.record_version p on p.record_id = r.record_id
        where m.juke_id = entity and r.source = 'manual'
      ) w
    ) v
    join ingest.delivery d on d.delivery_id = v.delivery_id
    where v.version > 1
    union all
    select o.at, o.op::text, null, o.operation_id, identity.deed_of(o)
    from identity.operation o
    where o.juke_id = entity
      or exists (select from identity.changed_entity c where c.operation_id = o.operation_id and c.juke_id = entity)
    order by 1, 4 nulls first, 3, 2 desc; -- a record before what is said of it
end
$$;

comment on function identity.how(uuid) is
  E'@name how\n@behavior -connection +list\n@notNull\n@recordName history Something that has made an entity what it is.\n@field at! When it happened.\n@field what! record, invalid id, edit, or the operation: merge, split, delete, claim, retract, undo.\n@field record_id The record that joined, or that has the invalid id.\n@field operation_id The operation: what `undo` takes.\n@field detail! What happened, in words.\nHow an entity was assembled: its records with the rule and the evidence that brought each, their ids that are not valid, the edits, and the operations on it, in the order of time. Errors: JB151 no such entity.';
