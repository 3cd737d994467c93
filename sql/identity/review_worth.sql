-- identity.review_worth(juke_ids, likelihood) → how much a decision on these entities is worth: how much hangs on them (a record
-- or a credit counts one, up to 1,000 of each) times how likely it is that the decision changes something, 0..1.
create or replace function identity.review_worth(p_juke_ids uuid[], p_likelihood double precision)
returns real
language sql
stable
parallel safe
as $$
  select (p_likelihood * (
    (select count(*) from (select from identity.membership m where m.juke_id = any (p_juke_ids) limit 1000) m)
    + (select count(*) from (select from catalog.credit c where c.contributor_id = any (p_juke_ids) limit 1000) c)
  ))::real
$$;

comment on function identity.review_worth(uuid[], double precision) is
  'The expected value of a decision: what hangs on the entities, times how likely it is to change something.';
