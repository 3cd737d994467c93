-- identity.link_options(claims, record_ids) → every entity that shares an id with an unlinked record, one row for each such
-- id, and what speaks against it (veto is null when nothing does). Each record is looked at as if it were alone.
-- A weaker id links nothing when a stronger one speaks against it: the entity carries another value of an exclusive
-- scheme that the record carries too. A shared id (ISRC) never joins two records of one source, and no id joins two
-- records of a source that is declared free of duplicates. An unstable id (VIAF) is shared and links only where an id of
-- another scheme agrees. An id by territory (Spotify) links like an exclusive one, but never speaks against another.
-- veto: {because: 'opposed', by: scheme, own: [text], theirs: [text]}, {because: 'one per source', source} or
-- {because: 'unstable'}.
create or replace function identity.link_options(p_claims identity.claim[], p_record_ids bigint[])
returns table (
  record_id bigint, juke_id uuid, rule text, value text, rank int, is_one_per_source boolean, veto jsonb
)
language sql
stable
parallel safe
rows 1000
as $$
  with shared as (
    select c.record_id, c.rank, c.scheme, c.value, c.exclusivity, c.is_one_per_source, c.source, c.kind, e.juke_id,
      min(c.scheme) over same <> max(c.scheme) over same as is_seconded
    from unnest(p_claims) c
    join identity.external_id x on x.external_id = c.value and x.source = c.scheme and x.kind = c.kind
    join catalog.entity e on e.juke_id = x.juke_id and e.status = 'active'
    where c.record_id = any (p_record_ids)
      and not exists (select from identity.membership m where m.record_id = c.record_id)
    window same as (partition by c.record_id, e.juke_id)
  ),
  opposed as (
    select distinct on (o.record_id, o.juke_id, o.rank) o.*
    from (
      select h.record_id, h.juke_id, h.rank, b.scheme, b.rank as by_rank,
        jsonb_agg(distinct b.value) as own, jsonb_agg(distinct y.external_id) as theirs
      from shared h
      join unnest(p_claims) b on b.record_id = h.record_id and b.rank < h.rank and b.exclusivity = 'exclusive'
      join identity.external_id y on y.juke_id = h.juke_id and y.source = b.scheme
      group by h.record_id, h.juke_id, h.rank, b.scheme, b.rank
      having not bool_or(y.external_id = b.value)
    ) o
    order by o.record_id, o.juke_id, o.rank, o.by_rank
  )
  select h.record_id, h.juke_id, h.scheme, h.value, h.rank, h.is_one_per_source,
    case
      when o.record_id is not null
        then jsonb_build_object('because', 'opposed', 'by', o.scheme, 'own', o.own, 'theirs', o.theirs)
      when h.is_one_per_source and exists (
        select
        from identity.membership m
        join ingest.record r on r.record_id = m.record_id
        where m.juke_id = h.juke_id and r.source = h.source and r.kind = h.kind
      ) then jsonb_build_object('because', 'one per source', 'source', h.source)
      when h.exclusivity = 'unstable' and not h.is_seconded then jsonb_build_object('because', 'unstable')
    end
  from shared h
  left join opposed o on o.record_id = h.record_id and o.juke_id = h.juke_id and o.rank = h.rank
$$;

comment on function identity.link_options(identity.claim[], bigint[]) is
  'The entities that share an id with an unlinked record, and what speaks against each.';
