-- identity.resolve_many(refs) → one row per reference, in the order given, with its status; at most 10,000.
-- Nothing raises for a single bad reference: its status is 'invalid'. 'ambiguous' leaves juke_id and kind null. Of several
-- that share an id (ISRC) the best answers; identity.resolve gives them all.
-- Errors: JB104 when there are more than 10,000 references.
-- Example: select ref, status, juke_id from identity.resolve_many('{isrc:GBAYE6800011,nonsense}')
create or replace function identity.resolve_many(refs text[])
returns setof identity.resolution
language plpgsql
stable
parallel safe
rows 1000
security definer -- a caller needs no right to the schemes, the patterns and the ids
set search_path = pg_catalog, pg_temp
as $$
begin
  if cardinality(refs) > 10000 then
    raise exception 'too many references: %', cardinality(refs)
      using errcode = 'JB104', detail = 'One call takes at most 10,000.', hint = 'Send them in several calls.';
  end if;
  return query
    select i.ref,
      case
        when p.scheme is null then 'invalid'
        when r.matches is null then 'not_found'
        when r.matches > 1 then 'ambiguous'
        else r.status
      end::identity.resolution_status,
      case when r.matches = 1 then r.juke_id end,
      case when r.matches = 1 then r.kind end,
      r.rule, p.scheme, p.value,
      exists (
        select from identity.external_id x
        where x.external_id = p.value and x.source = r.rule and x.kind = r.kind and x.is_contested
      )
    from unnest(refs) with ordinality i (ref, ordinal)
    cross join lateral identity.parse(i.ref) p
    left join lateral (
      select c.*, count(*) over () as matches
      from identity.resolve_reference(p.scheme, p.value, p.kinds) c
      limit 1
    ) r on true
    order by i.ordinal;
end
$$;

comment on function identity.resolve_many(text[]) is
  E'@fieldName resolveMany\n@behavior -connection +list\n@notNull\nUp to 10,000 references in one round trip: one resolution each, in their order. A bad reference is an answer with status `INVALID`, not an error. Errors: JB104 too many.';
