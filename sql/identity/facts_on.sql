-- identity.facts_on(a, b) → what was ruled of two entities, or of entities that have become them: what was said of a merged one holds
-- for its survivor.
create or replace function identity.facts_on(p_a uuid, p_b uuid)
returns setof identity.link_fact
language sql
stable
parallel safe
rows 1
as $$
  with a as (
    select p_a as juke_id union all select e.juke_id from catalog.entity e where e.merged_into = p_a
  ),
  b as (
    select p_b as juke_id union all select e.juke_id from catalog.entity e where e.merged_into = p_b
  )
  select f.*
  from a
  join identity.link_fact f on f.a_juke_id = a.juke_id
  join b on b.juke_id = f.b_juke_id
  union all
  select f.*
  from b
  join identity.link_fact f on f.a_juke_id = b.juke_id
  join a on a.juke_id = f.b_juke_id
$$;

comment on function identity.facts_on(uuid, uuid) is 'What was ruled of two entities, or of those that have become them.';
