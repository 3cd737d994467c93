-- identity.decide(item, verdict, note, expected_versions) → the review. verdict: 'merge' (they are one: b becomes a),
-- 'keep_apart' (they are two) or 'skip'.
-- The first two become facts that later runs obey (identity.rule). Of an undo that was refused, the verdict that asks for the undo
-- tries it again: keep_apart that of a merge, merge that of a split. A question that has answered itself meanwhile, because the two have
-- become one or one of them was deleted, is settled and nothing is done.
-- expected_versions: entities and the versions of them that the person has seen, whether they are concerned or not; null to do it
-- whatever is there.
-- Errors: JB162 a stale version, JB164 no such review, JB165 decided already, JB166 unknown verdict; those of identity.merge and identity.undo.
-- Example: select status from identity.decide(7, 'keep_apart', 'father and son')
create or replace function identity.decide(
  item bigint, verdict text, note text default null, expected_versions catalog.entity_version[] default null
)
returns identity.review
language plpgsql
volatile
security definer -- an editor needs no right to the tables
set search_path = pg_catalog, pg_temp
as $$
declare
  v_review identity.review;
  v_all uuid[];
  v_a catalog.entity;
  v_b catalog.entity;
  v_status identity.review_status := case verdict
    when 'merge' then 'merged' when 'keep_apart' then 'kept_apart' when 'skip' then 'skipped'
  end;
  v_operation identity.operation;
begin
  if v_status is null then
    raise exception 'unknown verdict "%"', coalesce(verdict, 'null')
      using errcode = 'JB166', detail = 'A verdict is merge, keep_apart or skip.', hint = 'Say one of them.';
  end if;
  select v.* into v_review from identity.review v where v.review_id = item;
  if not found then
    raise exception 'no review %', coalesce(item::text, 'null')
      using errcode = 'JB164', detail = 'identity.review has no such id.',
        hint = 'identity.review_queue lists the open ones, those with the greatest worth first.';
  end if;

  perform identity.require_read_committed();
  -- The entities before the review, as a merge does; of those that were merged since, what they have become.
  v_all := array[v_review.a_juke_id, v_review.b_juke_id]
    || identity.claimants(identity.member_keys(array[v_review.b_juke_id]))
    || array(select x.juke_id from unnest(expected_versions) x);
  perform
  from catalog.entity e
  where e.juke_id = any (v_all)
  order by e.juke_id
  for update;
  select t.* into v_a
  from catalog.entity e join catalog.entity t on t.juke_id = coalesce(e.merged_into, e.juke_id)
  where e.juke_id = v_review.a_juke_id;
  select t.* into v_b
  from catalog.entity e join catalog.entity t on t.juke_id = coalesce(e.merged_into, e.juke_id)
  where e.juke_id = v_review.b_juke_id;

  select v.* into v_review from identity.review v where v.review_id = item for update;
  if v_review.status <> 'open' then
    raise exception 'review % is decided', item
      using errcode = 'JB165',
        detail = format('%s by %s on %s.', v_review.status, v_review.decided_by, v_review.decided_at::date),
        hint = 'To revise it, undo the merge, or take the verdict back: identity.rule without a verdict.';
  end if;
  perform catalog.refuse_stale(expected_versions);

  if (case v_review.topic
    when 'undo_refused' then not exists (
      select from identity.undo_scope((v_review.evidence ->> 'operation')::bigint) c where c.juke_id = v_review.b_juke_id
    )
    else v_a.juke_id = v_b.juke_id or v_a.status = 'deleted' or v_b.status = 'deleted'
  end) then
    v_status := 'settled';
  end if;
  -- Decided before it is carried out: what is still open between the two is settled by that.
  update identity.review v
  set status = v_status, note = decide.note, decided_at = clock_timestamp(),
    decided_by = case v_status when 'settled' then 'jukebase' else identity.actor() end
  where v.review_id = item;

  if v_review.topic = 'undo_refused' and v_status <> 'skipped' then
    if (v_review.evidence ->> 'op' = 'merge') = (v_status = 'kept_apart') then
      v_operation := identity.undo(
        (v_review.evidence ->> 'operation')::bigint,
        case v_review.evidence ->> 'op' when 'merge' then v_review.b_juke_id end,
        note
      );
    end if;
    perform identity.set_fact(v_review.a_juke_id, v_review.b_juke_id,
      case v_status when 'merged' then 'must_link' else 'cannot_link' end::identity.verdict, note);
  elsif v_status = 'merged' then
    perform identity.rule(v_a.juke_id, v_b.juke_id, 'must_link', note);
    v_operation := identity.merge(v_a.juke_id, array[v_b.juke_id], coalesce(note, format('review %s', item)));
  elsif v_status = 'kept_apart' then
    perform identity.rule(v_a.juke_id, v_b.juke_id, 'cannot_link', note);
  end if;

  update identity.review v
  set operation_id = v_operation.operation_id
  where v.review_id = item
  returning v.* into v_review;
  return v_review;
end
$$;

comment on function identity.decide(bigint, text, text, catalog.entity_version[]) is
  E'@name decide\n@resultFieldName review\nDecides a review: `merge` (they are one: b becomes a), `keep_apart` or `skip`. The first two become facts that later runs obey; of an undo that was refused, the one that asks for it tries again. Errors: JB162 one of `expectedVersions` is stale, JB164 to JB166, those of `merge` and `undo`.';
