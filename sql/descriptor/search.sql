-- descriptor.search(query, kinds, limit) → the entities that fit, the best first.
-- query: what people type: words, "a phrase", -without, or. kinds: null for all. limit: 1 to 100.
-- score: ts_rank_cd over the weighted document (name 1, aliases and credits .4, genres and containers .2, prose .1), brought
-- into 0 to 1, and 1 more when the query is the whole name: that comes first, even where it has no letters: '!!!'.
-- Of the others at most 1,000 are ranked, so a common word costs no more than a rare one.
-- Errors: JB401 limit out of range.
-- Example: select display_name, kind, score from descriptor.search('paranoid android radiohead')
create or replace function descriptor.search(
  query text, kinds catalog.entity_kind[] default null, "limit" int default 20
)
returns setof descriptor.hit
language plpgsql
stable
rows 20
security definer -- @@ is not leakproof: under row security the index could not be used; visibility is decided here
set search_path = pg_catalog, pg_temp
as $$
declare
  v_query constant tsquery := descriptor.query_of(query);
  v_name constant text := lower(btrim(query));
begin
  if "limit" is null or "limit" not between 1 and 100 then
    raise exception 'limit is out of range: %', coalesce("limit"::text, 'null')
      using errcode = 'JB401', detail = 'One call gives 1 to 100 results.', hint = 'Ask for 1 to 100 results.';
  end if;
  return query
    select r.juke_id, r.kind, r.name, r.score
    from (
      select c.juke_id, c.kind, c.name,
        (ts_rank_cd('{.1,.2,.4,1}', c.tsv, v_query, 1 | 32) + case when c.is_name then 1 else 0 end)::real as score
      from (
        (
          select d.juke_id, d.kind, d.name, d.tsv, true as is_name
          from descriptor.document d
          where lower(d.name) = v_name and (kinds is null or d.kind = any (kinds))
          limit 1000
        )
        union all
        (
          select d.juke_id, d.kind, d.name, d.tsv, false
          from descriptor.document d
          where d.tsv @@ v_query and lower(d.name) <> v_name and (kinds is null or d.kind = any (kinds))
          limit 1000
        )
      ) c
    ) r
    order by r.score desc, r.juke_id
    limit "limit";
end
$$;

comment on function descriptor.search(text, catalog.entity_kind[], int) is
  E'@fieldName search\n@behavior -connection +list\n@notNull\nFull-text search over every kind, the best fit first: words, "a phrase", -without, or. A track is found by its artist, album and genre too. `limit`: 1 to 100, default 20. Errors: JB401 limit out of range.';
