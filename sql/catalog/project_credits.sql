-- catalog.project_credits(juke_ids, statements): the credits of the best source that gives any.
-- Positions are counted anew within each role: 1, 2, 3…
create or replace function catalog.project_credits(p_juke_ids uuid[], p_statements catalog.statement[])
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
as $$
declare
  v_wanted constant catalog.credit[] := array(
    select row (
      s.juke_id, c.role, row_number() over (partition by s.juke_id, c.role order by c.position, c.n), r.juke_id,
      c.credited_as, c.join_phrase, c.share, c.attributes, c.mechanical_share, c.synchronization_share
    )::catalog.credit
    from unnest(p_statements) s
    cross join lateral rows from (
      jsonb_to_recordset(s.value) as (
        contributor jsonb, role text, position int, credited_as text, join_phrase text, share numeric, attributes text[],
        mechanical_share numeric, synchronization_share numeric
      )
    ) with ordinality c (
      contributor, role, position, credited_as, join_phrase, share, attributes, mechanical_share, synchronization_share, n
    )
    cross join lateral catalog.referent(s.source, c.contributor) r
    where s.key = 'credits' and s.is_best
  );
begin
  delete from catalog.credit t
  where t.juke_id = any (p_juke_ids)
    and not exists (
      select from unnest(v_wanted) w
      where w.juke_id = t.juke_id and w.role = t.role and w.position = t.position and w is not distinct from t
    );
  insert into catalog.credit
  select w.*
  from unnest(v_wanted) w
  where not exists (
    select from catalog.credit t where t.juke_id = w.juke_id and t.role = w.role and t.position = w.position
  );
end
$$;

comment on function catalog.project_credits(uuid[], catalog.statement[]) is
  'Writes the credits of entities, as the best source that gives any has them.';
