-- catalog.project_rights(juke_ids, statements): the terms of the best source that gives any list; an empty one is that nothing holds
-- any more, and is written as a term that is excluded everywhere: so it is known that somebody has said it. Everywhere is null. Codes that were renamed are written as today's (UK: GB); what a term lists is in order and once.
create or replace function catalog.project_rights(p_juke_ids uuid[], p_statements catalog.statement[])
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
as $$
declare
  v_wanted constant catalog.usage_right[] := array(
    select row (
      s.juke_id, t.n,
      case when t.territories = '{}' then '{}' when not t.territories @> '{Worldwide}' then c.territories end, -- a list of none is nowhere
      c.excluded_territories,
      case
        when t.usages = '{}' then '{}'
        else (select array_agg(distinct u collate "C" order by u collate "C") from unnest(t.usages) u)
      end,
      (select array_agg(distinct m collate "C" order by m collate "C") from unnest(t.commercial_models) m),
      catalog.moment(t.valid_from, false), catalog.moment(t.valid_until, true)
    )::catalog.usage_right
    from unnest(p_statements) s
    cross join lateral rows from (
      jsonb_to_recordset(
        case when s.value = '[]' then '[{"excluded_territories": ["Worldwide"]}]' else s.value end
      ) as (
        territories text[], excluded_territories text[], usages text[], commercial_models text[], valid_from text,
        valid_until text
      )
    ) with ordinality t (territories, excluded_territories, usages, commercial_models, valid_from, valid_until, n)
    cross join lateral (
      select
        array_agg(distinct k.code collate "C" order by k.code collate "C") filter (where not k.is_excluded) as territories,
        array_agg(distinct k.code collate "C" order by k.code collate "C") filter (where k.is_excluded) as excluded_territories
      from (
        select l.is_excluded, coalesce(o.renamed_to || substr(l.code, 3), l.code) as code
        from (
          select false as is_excluded, i.code from unnest(t.territories) i (code)
          union all
          select true, x.code from unnest(t.excluded_territories) x (code)
        ) l
        left join catalog.territory o on o.territory = left(l.code, 2) and l.code <> 'Worldwide'
      ) k
    ) c
    where s.key = 'rights' and s.is_best
  );
begin
  -- Most have none: nothing is written then, and no trigger fires.
  if v_wanted = '{}' and not exists (select from catalog.usage_right t where t.juke_id = any (p_juke_ids)) then
    return;
  end if;
  delete from catalog.usage_right t
  where t.juke_id = any (p_juke_ids)
    and not exists (
      select from unnest(v_wanted) w where w.juke_id = t.juke_id and w.position = t.position and w is not distinct from t
    );
  insert into catalog.usage_right
  select w.*
  from unnest(v_wanted) w
  where not exists (select from catalog.usage_right t where t.juke_id = w.juke_id and t.position = w.position);
end
$$;

comment on function catalog.project_rights(uuid[], catalog.statement[]) is
  'Writes the terms on which entities may be used, as the best source that gives any list has them.';
