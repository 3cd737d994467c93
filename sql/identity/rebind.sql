-- identity.rebind(keys): makes the bindings of these ids what their standing claims say. The winner's claim lives in the
-- binding, the others in identity.further_claim. An exclusive id that a second living entity claims is contested, and
-- a review is open for the pair; when that is no longer so, it is settled. Returns the entities that won or lost an id.
-- An id that was written by hand and does not win any more becomes a claim of its entity's manual record.
create or replace function identity.rebind(p_keys identity.id_key[])
returns uuid[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
as $$
declare
  v_keys constant identity.id_key[] := array(select distinct k from unnest(p_keys) k);
  v_claims identity.ranked_claim[];
  v_touched uuid[];
  v_all_touched uuid[] := '{}';
  v_outrun bigint;
begin
  if v_keys = '{}' then
    return '{}';
  end if;

  loop
    -- Writers that meet on an id take turns.
    perform from identity.external_id x
    join unnest(v_keys) k on k.external_id = x.external_id and k.source = x.source and k.kind = x.kind
    order by x.external_id, x.source, x.kind
    for update of x;
    v_claims := array(select c from identity.standing_claims(v_keys) c);

    -- A bound claim that does not win any more steps back into the ledger.
    insert into identity.further_claim (
      external_id, source, kind, record_id, method, confidence, asserted_at, restored_at
    )
    select x.external_id, x.source, x.kind, coalesce(x.record_id, catalog.manual_record(x.juke_id)),
      case when x.record_id is null then 'manual' else x.method end, x.confidence, x.since, x.restored_at
    from identity.external_id x
    join unnest(v_claims) c on c.external_id = x.external_id and c.source = x.source and c.kind = x.kind
    where c.nth = 1 and c.record_id is distinct from x.record_id
    on conflict do nothing;

    delete from identity.further_claim f
    using unnest(v_claims) c
    where c.nth = 1 and f.record_id = c.record_id and f.source = c.source and f.external_id = c.external_id
      and f.retracted_at is null and f.status = 'valid';

    with contested as (
      select c.external_id, c.source, c.kind
      from unnest(v_claims) c
      join identity.scheme s on s.scheme = c.source and s.exclusivity <> 'shared'
      where c.is_active
      group by c.external_id, c.source, c.kind
      having count(distinct c.juke_id) > 1
    ),
    winner as (
      select c.*, exists (
        select from contested o
        where o.external_id = c.external_id and o.source = c.source and o.kind = c.kind
      ) as is_contested
      from unnest(v_claims) c
      where c.nth = 1
    ),
    fresh as (
      select w.*
      from winner w
      where not exists (
        select from identity.external_id x
        where x.external_id = w.external_id and x.source = w.source and x.kind = w.kind
      )
    ),
    lost as (
      delete from identity.external_id x
      using (
        -- A set operation hashes, however few winners the planner expects.
        select k.external_id, k.source, k.kind from unnest(v_keys) k
        except
        select w.external_id, w.source, w.kind from winner w
      ) k
      where x.external_id = k.external_id and x.source = k.source and x.kind = k.kind
      returning x.juke_id
    ),
    moved as (
      update identity.external_id x
      set juke_id = w.juke_id, record_id = w.record_id, method = w.method, confidence = w.confidence,
        since = w.asserted_at, restored_at = w.restored_at, is_contested = w.is_contested
      from winner w, identity.external_id o
      where x.external_id = w.external_id and x.source = w.source and x.kind = w.kind
        and o.external_id = x.external_id and o.source = x.source and o.kind = x.kind
        and (x.juke_id, x.record_id, x.method, x.confidence, x.since, x.restored_at, x.is_contested)
          is distinct from
            (w.juke_id, w.record_id, w.method, w.confidence, w.asserted_at, w.restored_at, w.is_contested)
      returning array[o.juke_id, x.juke_id] as juke_ids
    ),
    won as (
      insert into identity.external_id (
        external_id, source, kind, juke_id, record_id, method, confidence, since, restored_at, is_contested
      )
      select f.external_id, f.source, f.kind, f.juke_id, f.record_id, f.method, f.confidence, f.asserted_at,
        f.restored_at, f.is_contested
      from fresh f
      order by f.external_id, f.source, f.kind
      on conflict do nothing
      returning juke_id
    ),
    touched as (
      select l.juke_id from lost l
      union
      select unnest(m.juke_ids) from moved m
      union
      select w.juke_id from won w
    )
    select coalesce((select array_agg(t.juke_id) from touched t), '{}'),
      (select count(*) from fresh) - (select count(*) from won)
    into v_touched, v_outrun;
    v_all_touched := v_all_touched || v_touched;

    -- Another session has bound one of them first: now it is there, to be locked and compared.
    exit when v_outrun = 0;
    insert into identity.further_claim (
      external_id, source, kind, record_id, method, confidence, asserted_at, restored_at
    )
    select c.external_id, c.source, c.kind, c.record_id, c.method, c.confidence, c.asserted_at, c.restored_at
    from unnest(v_claims) c
    where c.nth = 1 and c.record_id is not null
      and not exists (
        select from identity.external_id x
        where x.external_id = c.external_id and x.source = c.source and x.record_id = c.record_id
      )
    on conflict do nothing;
  end loop;

  perform identity.review_contested(v_keys, v_claims);
  return array(select distinct t from unnest(v_all_touched) t);
end
$$;

comment on function identity.rebind(identity.id_key[]) is
  'Binds ids to the winners among their standing claims; opens and settles the reviews of contested ones.';
