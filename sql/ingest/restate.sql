-- ingest.restate(record, statement, stated_at, delivery_id, repeated) → the record after a delivery of that age has said this of it,
-- and whether it was an older full statement, which changes nothing (is_late).
-- The outcome does not depend on the order of calls: a key has the value of the statement with the greatest rank that speaks of it,
-- and a full statement speaks of all keys, of those it leaves out as well. Of ids each scheme is a key. Mentions are merged. At the same rank the new one wins:
-- it is the same statement, read anew.
-- The rank of a key is in ranks ("keys"), else that of the last full statement ("full"), else that of the record itself: then all
-- that it says is one full statement. repeated: the rank at which its statement with the highest rank was said again, or null.
create or replace function ingest.restate(
  p_record ingest.record, p_statement ingest.statement, p_stated_at timestamptz, p_delivery_id bigint, p_repeated jsonb,
  out restated ingest.record, out is_late boolean
)
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_highest jsonb := ingest.rank(p_record.stated_at, p_record.stated_in, p_record.position);
  v_full jsonb := case when p_record.ranks is null then v_highest else p_record.ranks -> 'full' end;
  v_keys jsonb := coalesce(p_record.ranks -> 'keys', '{}');
  v_rank jsonb;
  -- A partial statement speaks of the schemes of its ids one by one. Most records are one full statement: they are left as they are.
  v_is_flat constant boolean := p_statement.partial is not null or p_record.ranks is not null;
  v_before constant jsonb := case when v_is_flat then ingest.flat_ids(p_record.body) else p_record.body end;
  v_said constant jsonb := case when v_is_flat then ingest.flat_ids(p_statement.full) else p_statement.full end;
begin
  restated := p_record;
  restated.body := v_before;
  is_late := false;
  restated.mention := ingest.merge_mentions(p_record.mention, p_statement.mention);
  restated.mention_checksums := (
    -- So many are remembered. What is forgotten is said again to no effect.
    select array_agg(c.checksum order by c.checksum)
    from (
      select unnest(p_record.mention_checksums) union select unnest(p_statement.mention_checksums) order by 1 limit 16
    ) c (checksum)
  );

  if p_repeated > v_highest then
    -- It was said again: that is its rank now.
    if v_full = v_highest then
      v_full := p_repeated;
    end if;
    v_keys := coalesce((
      select jsonb_object_agg(k.key, case when k.value = v_highest then p_repeated else k.value end) from jsonb_each(v_keys) k
    ), '{}');
    v_highest := p_repeated;
    restated.stated_at := to_timestamp((p_repeated ->> 0)::numeric / 1000000);
    restated.stated_in := p_repeated ->> 1;
    restated.position := p_repeated ->> 2;
  end if;

  if p_statement.full_position is not null then
    v_rank := ingest.rank(p_stated_at, p_delivery_id, p_statement.full_position);
    if v_full > v_rank then
      is_late := v_said <> v_before;
    else
      select v_said || coalesce(jsonb_object_agg(k.key, v_before -> k.key), '{}'),
        coalesce(jsonb_object_agg(k.key, k.value), '{}')
      into restated.body, v_keys
      from jsonb_each(v_keys) k
      where k.value > v_rank;
      v_full := v_rank;
    end if;
  end if;

  if p_statement.partial is not null then
    select coalesce(restated.body, '{}') || coalesce(jsonb_object_agg(l.key, l.value), '{}'),
      v_keys || coalesce(jsonb_object_agg(l.key, l.rank), '{}')
    into restated.body, v_keys
    from (
      select p.key, p.value, ingest.rank(p_stated_at, p_delivery_id, (p_statement.partial_positions ->> p.key)::bigint) as rank
      from jsonb_each(p_statement.partial) p
    ) l
    where coalesce(l.rank >= coalesce(v_keys -> l.key, v_full), true);
  end if;

  if v_is_flat then
    restated.body := ingest.nested_ids(restated.body);
  end if;

  v_rank := ingest.rank(p_stated_at, p_delivery_id, p_statement.position);
  if coalesce(v_rank >= v_highest, v_rank is not null) then
    restated.stated_at := p_stated_at;
    restated.stated_in := p_delivery_id;
    restated.position := p_statement.position;
    restated.statement_checksum := p_statement.checksum;
  end if;
  restated.ranks := case
    when v_keys <> '{}' or v_full is null and p_statement.partial is not null
    then jsonb_strip_nulls(jsonb_build_object('full', v_full, 'keys', v_keys))
    when v_full < ingest.rank(restated.stated_at, restated.stated_in, restated.position)
    then jsonb_build_object('full', v_full) -- a partial statement that said nothing came after it
    when p_record.ranks is not null and v_full is null then p_record.ranks
  end;
  restated.checksum := md5(concat(restated.body, chr(10), restated.mention))::uuid;
end
$$;

comment on function ingest.restate(ingest.record, ingest.statement, timestamptz, bigint, jsonb) is
  'A record after its source has spoken again, in whatever order its statements arrive.';
