-- catalog.project_credits(juke_ids, statements, are_new): the credits of the best source that gives any.
-- Positions are counted anew within each role: 1, 2, 3…
-- are_new: nothing of the kind is written for them yet.
create or replace function catalog.project_credits(
  p_juke_ids uuid[], p_statements catalog.statement[], p_are_new boolean default false
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
set enable_seqscan = on -- see catalog.plan_once
as $$
declare
  v_wanted constant catalog.credit[] := array(
    with said as materialized (
      select s.juke_id, s.source, c.*
      from unnest(p_statements) s
      cross join lateral rows from (
        jsonb_to_recordset(s.value) as (
          contributor jsonb, role text, position int, credited_as text, join_phrase text, share numeric, attributes text[],
          mechanical_share numeric, synchronization_share numeric
        )
      ) with ordinality c (
        contributor, role, position, credited_as, join_phrase, share, attributes, mechanical_share, synchronization_share, n
      )
      where s.key = 'credits' and s.is_best
    ),
    contributor as (
      -- Whom many records name is looked up once.
      select d.source, d.contributor, r.juke_id
      from (select distinct s.source, s.contributor from said s) d
      cross join lateral catalog.referent(d.source, d.contributor) r
    )
    select row (
      s.juke_id, s.role, row_number() over (partition by s.juke_id, s.role order by s.position, s.n), c.juke_id,
      s.credited_as, s.join_phrase, s.share, s.attributes, s.mechanical_share, s.synchronization_share
    )::catalog.credit
    from said s
    join contributor c on c.contributor = s.contributor and c.source = s.source
  );
begin
  if p_are_new then
    perform catalog.plan_once();
    insert into catalog.credit select w.* from unnest(v_wanted) w;
  else
    delete from catalog.credit t
    where t.juke_id = any (p_juke_ids)
      and not exists (
        select from unnest(v_wanted) w
        where w.juke_id = t.juke_id and w.role = t.role and w.position = t.position and w is not distinct from t
      );
    perform catalog.plan_once();
    insert into catalog.credit
    select w.*
    from unnest(v_wanted) w
    where not exists (
      select from catalog.credit t where t.juke_id = w.juke_id and t.role = w.role and t.position = w.position
    );
  end if;
end
$$;

comment on function catalog.project_credits(uuid[], catalog.statement[], boolean) is
  'Writes the credits of entities, as the best source that gives any has them.';
