-- identity.review_contested(keys, claims): one open review for each pair of living entities that claim an exclusive id, the
-- one that is bound first; none for a pair that people have ruled on; those whose pair no longer meets are settled.
create or replace function identity.review_contested(p_keys identity.id_key[], p_claims identity.ranked_claim[])
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
as $$
begin
  update identity.review v
  set status = 'settled', decided_at = clock_timestamp(), decided_by = 'jukebase'
  from unnest(p_keys) k
  where v.status = 'open' and v.topic = 'contested'
    and v.external_id = k.external_id and v.source = k.source and v.kind = k.kind
    and not (
      exists (
        select from unnest(p_claims) c
        where c.external_id = k.external_id and c.source = k.source and c.kind = k.kind and c.is_active
          and c.nth = 1 and c.juke_id = v.a_juke_id
      )
      and exists (
        select from unnest(p_claims) c
        where c.external_id = k.external_id and c.source = k.source and c.kind = k.kind and c.is_active
          and c.juke_id = v.b_juke_id
      )
    );

  insert into identity.review (topic, kind, a_juke_id, b_juke_id, source, external_id, evidence, worth)
  select 'contested', w.kind, w.juke_id, o.juke_id, w.source, w.external_id,
    jsonb_build_object(
      'bound', jsonb_build_object('record_id', w.record_id, 'confidence', w.confidence, 'asserted_at', w.asserted_at),
      'claimed', jsonb_build_object('record_id', o.record_id, 'confidence', o.confidence, 'asserted_at', o.asserted_at)
    ),
    -- the closer the call, the likelier it is to fall otherwise
    identity.review_worth(array[w.juke_id, o.juke_id], least(o.confidence / greatest(w.confidence, 0.01), 1))
  from unnest(p_claims) w
  join identity.scheme s on s.scheme = w.source and s.exclusivity <> 'shared'
  join (
    -- the best claim of each entity
    select distinct on (c.external_id, c.source, c.kind, c.juke_id) c.*
    from unnest(p_claims) c
    where c.is_active
    order by c.external_id, c.source, c.kind, c.juke_id, c.nth
  ) o on o.external_id = w.external_id and o.source = w.source and o.kind = w.kind and o.juke_id <> w.juke_id
  where w.nth = 1 and w.is_active
    and not exists (select from identity.facts_on(w.juke_id, o.juke_id) f where f.verdict = 'cannot_link')
  on conflict do nothing;
end
$$;

comment on function identity.review_contested(identity.id_key[], identity.ranked_claim[]) is
  'Opens and settles the reviews of contested ids.';
