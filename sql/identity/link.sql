-- identity.link(record_ids) → every record belongs to an entity: linked by its ids, or minted; its ids are claimed.
-- Returns the entities whose members or ids changed and the number that is new. A claim never steals: when an id is bound
-- already, identity.rebind decides by precedence. What changed records no longer say is taken back first; then the
-- outcome is that of linking the records one by one in the order of their ids.
-- The number of rounds is one, plus one for each link of a chain of new records that share new ids, or of records that take ids from
-- entities that a later one has to do with.
-- Errors: JB174 not at read committed, JB109 when another session binds one of the ids at the same time; to be called again after a rollback.
create or replace function identity.link(p_record_ids bigint[], out juke_ids uuid[], out minted int)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
set enable_seqscan = on -- see catalog.plan_once
as $$
declare
  v_said constant identity.claim[] := array(select c from identity.record_claims(p_record_ids) c);
  v_at timestamptz;
  v_claims identity.claim[];
  v_held uuid[];
  v_pending bigint[] := p_record_ids;
  v_open identity.claim[];
  v_seats identity.seat[];
  v_seizing bigint[];
  v_unbound int;
begin
  perform identity.require_read_committed();
  minted := 0;
  -- Ids are bound before the hub row is written, so that an entity nobody needs is never minted.
  set constraints identity.external_id_juke_id_fkey deferred;

  -- Every entity that may change, locked in one order: writers that meet wait for each other instead of deadlocking.
  select coalesce(array_agg(l.juke_id), '{}') into v_held
  from (
    select e.juke_id
    from catalog.entity e
    where e.juke_id in (select s.juke_id from identity.link_scope(p_record_ids, v_said) s)
    order by e.juke_id
    for no key update
  ) l;
  if exists (select from identity.link_scope(p_record_ids, v_said) s where s.juke_id <> all (v_held)) then
    -- While they were waited for, records or ids have moved to an entity that is not locked. From the beginning, then.
    raise exception 'another session has moved records or ids at this moment'
      using errcode = 'JB109', detail = 'They belong to an entity now that is not locked.',
        hint = 'Call it again: ingest.apply does.';
  end if;

  v_at := clock_timestamp();
  v_claims := array(
    select c
    from unnest(v_said) c
    where c.value is not null
      -- What a person has taken back stays so, however often the source repeats it.
      and not exists (
        select
        from identity.changed_claim k
        join identity.operation o on o.operation_id = k.operation_id
        where k.record_id = c.record_id and k.source = c.scheme and k.external_id = c.value
          and o.op = 'retract' and o.undone_by is null
      )
  );
  juke_ids := identity.rebind(identity.retract_unsaid(p_record_ids, v_said));
  perform identity.keep_invalid(v_said);

  while v_pending <> '{}' loop
    -- The ids that nobody has yet.
    v_open := array(
      select c
      from unnest(v_claims) c
      where c.record_id = any (v_pending)
        and not exists (
          select from identity.external_id x
          where x.external_id = c.value and x.source = c.scheme and x.kind = c.kind
        )
    );

    -- A record has its turn when it shares no open id with an earlier one: that one comes first, it may then link to it.
    -- And it waits when an earlier one brings the entity it would link to an id that may speak against it.
    v_seats := array(
      with turn as (
        select p.record_id
        from unnest(v_pending) p (record_id)
        where p.record_id not in (
          select o.record_id
          from (
            select c.record_id, c.is_one_per_source,
              min(c.record_id) over id as first_id,
              min(c.source) over id <> max(c.source) over id as is_of_several_sources
            from unnest(v_open) c
            window id as (partition by c.value, c.scheme, c.kind)
          ) o
          where o.first_id < o.record_id and (not o.is_one_per_source or o.is_of_several_sources)
        )
      ),
      option as materialized (
        select o.* from identity.link_options(v_claims, array(select record_id from turn)) o
      ),
      wish as (
        select t.record_id, coalesce(m.juke_id, l.juke_id) as juke_id, l.rule, l.value, l.rank, l.is_one_per_source,
          b.brought_rank
        from turn t
        left join identity.membership m on m.record_id = t.record_id
        left join (
          select distinct on (o.record_id) o.*
          from option o
          where o.veto is null
          order by o.record_id, o.rank, o.value -- and not by juke_id, which is chance
        ) l on l.record_id = t.record_id
        left join (
          select o.record_id, min(o.rank) as brought_rank from unnest(v_open) o where o.exclusivity = 'exclusive' group by o.record_id
        ) b on b.record_id = t.record_id
      ),
      queue as (
        select w.record_id, w.juke_id, w.rule, w.value, w.rank, w.is_one_per_source, row_number() over earlier as place,
          min(w.brought_rank) over (earlier rows between unbounded preceding and 1 preceding) as brought_rank
        from wish w
        window earlier as (partition by w.juke_id order by w.record_id)
      )
      select row (
        q.record_id, coalesce(q.juke_id, identity.uuidv7()), case when q.juke_id is null then 'minted' else q.rule end,
        case
          when q.rule is not null then jsonb_build_object('scheme', q.rule, 'value', q.value)
          when q.juke_id is null then coalesce((
            select jsonb_build_object('vetoed', jsonb_agg(
              jsonb_build_object('scheme', o.rule, 'value', o.value, 'juke_id', o.juke_id) || o.veto order by o.rank, o.value
            ))
            from option o
            where o.record_id = q.record_id
            having count(*) > 0
          ), '{}')
        end
      )::identity.seat
      from queue q
      where q.rule is null
        or (q.place = 1 or not q.is_one_per_source and coalesce(q.brought_rank >= q.rank, true))
      order by q.record_id
    );

    -- Who takes an id from another entity: those after it that have to do with either wait, and find the id where it is then.
    v_seizing := '{}';
    if exists (
      select
      from unnest(v_seats) s
      join unnest(v_claims) c on c.record_id = s.record_id
      join identity.external_id x on x.external_id = c.value and x.source = c.scheme and x.kind = c.kind
      where x.juke_id <> s.juke_id
    ) then
      v_seizing := identity.seizing(v_seats, v_claims);
    end if;

    -- Nobody overtakes: with those that wait, whoever comes later and has an id or an entity in common with them.
    if cardinality(v_seats) < cardinality(v_pending) or v_seizing <> '{}' then
      v_seats := array(
        with recursive touch as materialized (
          select c.record_id, c.scheme || ':' || c.value as thing
          from unnest(v_claims) c
          where c.record_id = any (v_pending)
          union all
          select c.record_id, x.juke_id::text
          from unnest(v_claims) c
          join identity.external_id x on x.external_id = c.value and x.source = c.scheme and x.kind = c.kind
          where c.record_id = any (v_pending)
          union all
          select m.record_id, m.juke_id::text
          from identity.membership m
          where m.record_id = any (v_pending)
        ),
        waiting (record_id) as (
          (
            (select unnest(v_pending) except all select s.record_id from unnest(v_seats) s)
            union
            select later.record_id
            from touch earlier
            join touch later on later.thing = earlier.thing and later.record_id > earlier.record_id
            where earlier.record_id = any (v_seizing)
          )
          union
          select later.record_id
          from waiting w
          join touch earlier on earlier.record_id = w.record_id
          join touch later on later.thing = earlier.thing and later.record_id > earlier.record_id
        )
        select s from unnest(v_seats) s where s.record_id not in (select w.record_id from waiting w)
      );
    end if;

    with wanted as materialized (
      select distinct on (o.value, o.scheme, o.kind) o.value, o.scheme, o.kind, s.juke_id, o.record_id
      from unnest(v_open) o
      join unnest(v_seats) s on s.record_id = o.record_id
      order by o.value, o.scheme, o.kind, o.record_id
    ),
    bound as (
      insert into identity.external_id (external_id, source, kind, juke_id, record_id, since)
      select w.value, w.scheme, w.kind, w.juke_id, w.record_id, v_at
      from wanted w
      order by w.value, w.scheme, w.kind
      on conflict do nothing
      returning 1
    )
    select (select count(*) from wanted) - (select count(*) from bound) into v_unbound;

    if v_unbound > 0 then
      -- It may be that records belong to the entity of that session, which is not locked. From the beginning, then.
      raise exception 'another session has bound % of the ids at this moment', v_unbound
        using errcode = 'JB109', detail = 'A record of this batch may belong to its entity.',
          hint = 'Call it again: ingest.apply does.';
    end if;

    perform catalog.plan_once();
    insert into catalog.entity (juke_id, kind, display_name, mbid)
    select s.juke_id, r.kind, coalesce(f.said ->> 'name', f.said ->> 'title', r.source_record_id), c.mbid
    from unnest(v_seats) s
    join ingest.record r on r.record_id = s.record_id
    cross join lateral ingest.effective(r.body, r.mention) f (said)
    left join (
      select o.record_id, min(o.value)::uuid as mbid from unnest(v_open) o where o.scheme = 'mbid' group by o.record_id
    ) c on c.record_id = s.record_id
    where s.rule = 'minted'
    order by s.juke_id;

    insert into identity.membership (record_id, juke_id, rule, evidence, since)
    select s.record_id, s.juke_id, s.rule, s.evidence, v_at
    from unnest(v_seats) s
    where s.rule is not null;

    perform catalog.plan_anew();
    juke_ids := juke_ids || identity.rebind(identity.make_claims(array(
      select c from unnest(v_seats) s join unnest(v_claims) c on c.record_id = s.record_id
    ), v_at));

    minted := minted + (select count(*) from unnest(v_seats) s where s.rule = 'minted');
    v_pending := array(select unnest(v_pending) except select s.record_id from unnest(v_seats) s);
  end loop;

  perform catalog.plan_once();
  set constraints identity.external_id_juke_id_fkey immediate;
  perform catalog.plan_anew();
  perform identity.review_near_matches(p_record_ids);

  juke_ids := array(
    select unnest(juke_ids)
    union
    select m.juke_id from identity.membership m where m.record_id = any (p_record_ids)
  );
end
$$;

comment on function identity.link(bigint[]) is
  'Links records to entities by their ids, mints for the rest, and claims their ids; set-based, never steals an id.';
