-- identity.review_near_matches(record_ids): one open review for each pair of entities that a shared or unstable id (ISRC, VIAF) would have
-- joined, had nothing spoken against it (identity.link_options). Not for two records of one source, which knows them apart; nor for an
-- exclusive id: that one is contested; nor for a pair that people have ruled on.
create or replace function identity.review_near_matches(p_record_ids bigint[])
returns void
language sql
volatile
as $$
  insert into identity.review (topic, kind, a_juke_id, b_juke_id, evidence, worth)
  select distinct on (w.a_juke_id, w.b_juke_id) 'near_match', w.kind, w.a_juke_id, w.b_juke_id,
    jsonb_build_object('record_id', w.record_id, 'vetoed', w.veto),
    identity.review_worth(array[w.a_juke_id, w.b_juke_id], 0.25)
  from (
    select m.record_id, o.kind, o.juke_id as a_juke_id, m.juke_id as b_juke_id, v.veto
    from identity.membership m
    cross join lateral jsonb_array_elements(m.evidence -> 'vetoed') v (veto)
    join identity.scheme s on s.scheme = v.veto ->> 'scheme' and s.exclusivity in ('shared', 'unstable')
    join catalog.entity o on o.juke_id = (v.veto ->> 'juke_id')::uuid and o.status = 'active'
    where m.record_id = any (p_record_ids)
      and m.rule = 'minted'
      and v.veto ->> 'because' <> 'one per source'
      and o.juke_id <> m.juke_id
  ) w
  where not exists (select from identity.facts_on(w.a_juke_id, w.b_juke_id) f where f.verdict = 'cannot_link')
  order by w.a_juke_id, w.b_juke_id, w.record_id
  on conflict do nothing
$$;

comment on function identity.review_near_matches(bigint[]) is
  'Opens the reviews of entities that a shared id would have joined, had nothing spoken against it.';
