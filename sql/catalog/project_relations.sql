-- catalog.project_relations(juke_ids, statements): what the records of artists say of other artists: all that any source knows, the
-- better source wins the details. A member that a group names and a group that a member names are written alike. Where two say
-- the same with different care (1968, 1968-03, no date), the more exact one stays.
create or replace function catalog.project_relations(p_juke_ids uuid[], p_statements catalog.statement[])
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
as $$
declare
  v_wanted catalog.artist_relation[];
begin
  if not exists (select from catalog.artist a where a.juke_id = any (p_juke_ids)) then
    return;
  end if;
  v_wanted := array(
    with said as materialized (
      select distinct on (s.juke_id, o.artist_id, o.related_id, o.relation, a.begin_date)
        s.juke_id, o.artist_id, o.related_id, o.relation, a.begin_date, a.end_date, a.ended
      from unnest(p_statements) with ordinality s (juke_id, kind, key, value, source, is_best, rank)
      cross join lateral rows from (
        jsonb_to_recordset(s.value) as (
          artist jsonb, relation text, begin_date catalog.partial_date, end_date catalog.partial_date, ended boolean
        )
      ) with ordinality a (artist, relation, begin_date, end_date, ended, n)
      cross join lateral catalog.referent(s.source, a.artist) r
      cross join lateral (
        select case when x.is_first then s.juke_id else r.juke_id end as artist_id,
          case when x.is_first then r.juke_id else s.juke_id end as related_id,
          case a.relation when 'group' then 'member' else a.relation end as relation
        from (
          select a.relation <> 'group' as is_first
        ) x
      ) o
      where s.key = 'relations' and s.kind = 'artist' and r.juke_id <> s.juke_id
      order by s.juke_id, o.artist_id, o.related_id, o.relation, a.begin_date, s.rank, a.n
    )
    select row (
      s.juke_id, s.artist_id, s.related_id, s.relation,
      row_number() over (
        partition by s.juke_id, s.artist_id, s.related_id, s.relation order by s.begin_date collate "C" nulls first
      ),
      s.begin_date, s.end_date, s.ended
    )::catalog.artist_relation
    from said s
    where not exists (
      select from said o
      where o.juke_id = s.juke_id and o.artist_id = s.artist_id and o.related_id = s.related_id
        and o.relation = s.relation and o.begin_date is distinct from s.begin_date
        and starts_with(o.begin_date, coalesce(s.begin_date, ''))
    )
  );
  -- Most have none: nothing is written then, and no trigger fires.
  if v_wanted = '{}' and not exists (select from catalog.artist_relation t where t.juke_id = any (p_juke_ids)) then
    return;
  end if;
  delete from catalog.artist_relation t
  where t.juke_id = any (p_juke_ids)
    and not exists (
      select from unnest(v_wanted) w
      where w.juke_id = t.juke_id and w.artist_id = t.artist_id and w.related_id = t.related_id
        and w.relation = t.relation and w.position = t.position and w is not distinct from t
    );
  insert into catalog.artist_relation
  select w.*
  from unnest(v_wanted) w
  where not exists (
    select from catalog.artist_relation t
    where t.juke_id = w.juke_id and t.artist_id = w.artist_id and t.related_id = w.related_id
      and t.relation = w.relation and t.position = w.position
  );
end
$$;

comment on function catalog.project_relations(uuid[], catalog.statement[]) is
  'Writes how artists are related to others: all that any source says in their records.';
