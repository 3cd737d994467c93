-- catalog.related_artist: how artists are related, from the side of each: what either of the two says, once. Where they say the same
-- with different care (1968, 1968-03, no date), the more exact one is shown.
create or replace view catalog.related_artist as
select distinct on (d.juke_id, d.relation, d.related_id, d.begin_date)
  d.juke_id, d.relation, d.related_id, d.begin_date, d.end_date, d.ended
from (
  select r.artist_id as juke_id, r.relation, r.related_id, r.begin_date, r.end_date, r.ended,
    r.artist_id, r.related_id as other_id, r.relation as told, r.juke_id as told_by
  from catalog.artist_relation r
  union all
  select r.related_id, case r.relation when 'member' then 'group' else r.relation end, r.artist_id, r.begin_date, r.end_date, r.ended,
    r.artist_id, r.related_id, r.relation, r.juke_id
  from catalog.artist_relation r
) d
where not exists (
  select from catalog.artist_relation o
  where (
      o.artist_id = d.artist_id and o.related_id = d.other_id
      or o.artist_id = d.other_id and o.related_id = d.artist_id and d.told = 'alias'
    )
    and o.relation = d.told
    and o.begin_date is distinct from d.begin_date and starts_with(o.begin_date, coalesce(d.begin_date, ''))
)
order by d.juke_id, d.relation, d.related_id, d.begin_date, num_nonnulls(d.end_date, d.ended) desc, d.told_by = d.artist_id desc;
