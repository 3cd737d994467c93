-- identity.review_duplicates(run_id): one open review for each pair of entities that may be the same: one that the run has minted, and another of the same kind
-- with the same title (case apart) by the same first artist, whose lengths, where both are known, differ by at most three seconds.
-- Not for two records of one source that knows them apart, nor for two that carry different MBIDs, nor for a pair that people have
-- ruled on. The thousand that most hangs on. Returns how many were opened.
create or replace function identity.review_duplicates(p_run_id bigint)
returns int
language sql
volatile
as $$
  with minted as materialized (
    select m.juke_id, e.kind, left(lower(e.display_name), 80) as title, e.mbid, r.source, c.contributor_id
    from ops.run n
    join ingest.record r on r.delivery_id = n.delivery_id and r.version = 1 and r.body is not null
    join identity.membership m on m.record_id = r.record_id and m.rule = 'minted' and m.since >= n.started_at
    join catalog.entity e on e.juke_id = m.juke_id and e.status = 'active'
    join catalog.credit c on c.juke_id = m.juke_id and c.role = 'artist' and c.position = 1
    where n.run_id = p_run_id and e.kind in ('album', 'track', 'video', 'work')
  ),
  -- Of a title that many have each is read once, however many of them the run has minted.
  candidate as materialized (
    select e.juke_id, e.kind, t.title, e.mbid, c.contributor_id
    from (select distinct n.kind, n.title from minted n) t
    join catalog.entity e
      on e.kind = t.kind and e.kind in ('album', 'track', 'video', 'work') and left(lower(e.display_name), 80) = t.title
    join catalog.credit c on c.juke_id = e.juke_id and c.role = 'artist' and c.position = 1
    where e.status = 'active'
  ),
  alike as (
    select distinct on (least(n.juke_id, o.juke_id), greatest(n.juke_id, o.juke_id))
      n.kind, n.juke_id as a_juke_id, o.juke_id as b_juke_id, n.contributor_id
    from minted n
    join candidate o
      on o.kind = n.kind and o.title = n.title and o.contributor_id = n.contributor_id and o.juke_id <> n.juke_id
    left join catalog.track s on s.juke_id = n.juke_id
    left join catalog.track t on t.juke_id = o.juke_id
    where (n.mbid = o.mbid) is not false
      and (abs(s.duration_ms - t.duration_ms) <= 3000) is not false
      and not exists (
        select
        from identity.membership m
        join ingest.record r on r.record_id = m.record_id
        join ingest.source d on d.source = r.source
        where m.juke_id = o.juke_id and r.source = n.source and d.duplicate_free
      )
      and not exists (select from identity.facts_on(n.juke_id, o.juke_id) f where f.verdict = 'cannot_link')
    order by least(n.juke_id, o.juke_id), greatest(n.juke_id, o.juke_id)
  ),
  opened as (
    insert into identity.review (topic, kind, a_juke_id, b_juke_id, evidence, worth)
    select 'near_match', a.kind, a.a_juke_id, a.b_juke_id,
      jsonb_build_object('alike', jsonb_build_array('title', 'artist', 'duration_ms'), 'contributor_id', a.contributor_id),
      identity.review_worth(array[a.a_juke_id, a.b_juke_id], 0.5) as worth
    from alike a
    where not exists (
      select
      from identity.review v
      where v.topic = 'near_match' and v.status = 'open'
        and v.a_juke_id in (a.a_juke_id, a.b_juke_id) and v.b_juke_id in (a.a_juke_id, a.b_juke_id)
    )
    order by worth desc, a.a_juke_id, a.b_juke_id
    limit 1000
    on conflict do nothing
    returning 1
  )
  select count(*)::int from opened
$$;

comment on function identity.review_duplicates(bigint) is 'Opens the reviews of entities that a run has made and that may be there already.';
