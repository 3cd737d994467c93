-- identity.link(record_ids) → every record belongs to an entity: linked by its ids, or minted; its ids are bound.
-- Returns the entities whose members or ids changed and the number that is new. A claim never steals: an id that is
-- bound to another entity stays there. The outcome is that of linking the records one by one in the order of their ids.
-- The number of rounds is one, plus one for each link of a chain of new records that share new ids.
create or replace function identity.link(p_record_ids bigint[], out juke_ids uuid[], out minted int)
language plpgsql
volatile
set search_path = ''
set plan_cache_mode = force_custom_plan
as $$
declare
  v_claims constant identity.claim[] := array(
    select c from identity.record_claims(p_record_ids) c where c.value is not null
  );
  v_pending bigint[] := array(
    select p.record_id
    from unnest(p_record_ids) p (record_id)
    where not exists (select from identity.membership m where m.record_id = p.record_id)
  );
  v_born bigint[];
  v_ids uuid[];
  v_raced bigint[];
  v_unbound int;
begin
  minted := 0;
  -- Ids are claimed before the hub row is written, so that an entity nobody needs is never minted.
  set constraints identity.external_id_juke_id_fkey deferred;

  -- What a changed record no longer says.
  with gone as (
    delete from identity.external_id x
    where x.record_id = any (p_record_ids)
      and not exists (
        select from unnest(v_claims) c
        where c.record_id = x.record_id and c.scheme = x.source and c.value = x.external_id
      )
    returning x.juke_id
  )
  select coalesce(array_agg(distinct g.juke_id), '{}') into juke_ids from gone g;

  loop
    insert into identity.membership (record_id, juke_id, rule)
    select l.record_id, l.juke_id, l.rule
    from identity.link_candidates(v_claims, v_pending) l;

    insert into identity.external_id (external_id, source, kind, juke_id, record_id)
    select distinct on (c.value, c.scheme, c.kind) c.value, c.scheme, c.kind, m.juke_id, c.record_id
    from unnest(v_claims) c
    join identity.membership m on m.record_id = c.record_id
    where not exists (
      select from identity.external_id x
      where x.external_id = c.value and x.source = c.scheme and x.kind = c.kind
    )
    order by c.value, c.scheme, c.kind, c.record_id
    on conflict do nothing;

    v_pending := array(
      select p.record_id
      from unnest(v_pending) p (record_id)
      where not exists (select from identity.membership m where m.record_id = p.record_id)
    );
    exit when v_pending = '{}';

    -- Mint for those that share no new id with an earlier one: that one comes first, the others may then link to it.
    select coalesce(array_agg(p.record_id), '{}'), coalesce(array_agg(identity.uuidv7()), '{}') into v_born, v_ids
    from unnest(v_pending) p (record_id)
    where p.record_id not in (
      select c.record_id
      from (
        select c.record_id, min(c.record_id) over (partition by c.value, c.scheme, c.kind) as first_id
        from unnest(v_claims) c
        where c.record_id = any (v_pending)
      ) c
      where c.first_id < c.record_id
    );

    with bound as (
      insert into identity.external_id (external_id, source, kind, juke_id, record_id)
      select c.value, c.scheme, c.kind, b.juke_id, c.record_id
      from unnest(v_claims) c
      join unnest(v_born, v_ids) b (record_id, juke_id) on b.record_id = c.record_id
      order by c.value, c.scheme, c.kind
      on conflict do nothing
      returning 1
    )
    select (select count(*) from unnest(v_claims) c where c.record_id = any (v_born)) - count(*) into v_unbound from bound;

    if v_unbound > 0 then
      -- Some id is taken. By an entity that has appeared since: then its record belongs there, in the next round.
      v_raced := array(select l.record_id from identity.link_candidates(v_claims, v_born) l);
      delete from identity.external_id x
      using unnest(v_born, v_ids) b (record_id, juke_id)
      where b.record_id = any (v_raced) and x.juke_id = b.juke_id;
    else
      v_raced := '{}';
    end if;

    insert into catalog.entity (juke_id, kind, display_name, mbid)
    select b.juke_id, r.kind, coalesce(f.said ->> 'name', f.said ->> 'title', r.source_record_id), c.mbid
    from unnest(v_born, v_ids) b (record_id, juke_id)
    join ingest.record r on r.record_id = b.record_id
    cross join lateral ingest.effective(r.body, r.mention) f (said)
    left join (
      select c.record_id, min(c.value)::uuid as mbid from unnest(v_claims) c where c.scheme = 'mbid' group by c.record_id
    ) c on c.record_id = b.record_id
    where b.record_id <> all (v_raced)
    order by b.juke_id;

    insert into identity.membership (record_id, juke_id, rule)
    select b.record_id, b.juke_id, 'minted'
    from unnest(v_born, v_ids) b (record_id, juke_id)
    where b.record_id <> all (v_raced);

    minted := minted + cardinality(v_born) - cardinality(v_raced);
    v_pending := array(
      select unnest(v_pending)
      except
      (select unnest(v_born) except select unnest(v_raced))
    );
    exit when v_pending = '{}';
  end loop;

  set constraints identity.external_id_juke_id_fkey immediate;

  juke_ids := array(
    select unnest(juke_ids)
    union
    select m.juke_id from identity.membership m where m.record_id = any (p_record_ids)
  );
end
$$;

comment on function identity.link(bigint[]) is
  'Links records to entities by their ids, mints for the rest, and binds their ids; set-based, never steals an id.';
