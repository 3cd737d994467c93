-- identity.decide(item, verdict, note) → the review. verdict: 'merge' (b becomes a), 'keep_apart' or 'skip'.
-- merge and keep_apart become facts that later runs obey (identity.link_fact).
-- Errors: JB164 no such review, JB165 decided already, JB166 unknown verdict; those of identity.merge.
-- Example: select status from identity.decide(7, 'keep_apart', 'father and son')
create or replace function identity.decide(item bigint, verdict text, note text default null)
returns identity.review
language plpgsql
volatile
security definer -- an editor needs no right to the tables
set search_path = ''
as $$
declare
  v_review identity.review;
  v_operation identity.operation;
begin
  if verdict not in ('merge', 'keep_apart', 'skip') or verdict is null then
    raise exception 'unknown verdict "%"', coalesce(verdict, 'null')
      using errcode = 'JB166', detail = 'A verdict is merge, keep_apart or skip.', hint = 'Say one of them.';
  end if;
  select v.* into v_review from identity.review v where v.review_id = item;
  if not found then
    raise exception 'no review %', coalesce(item::text, 'null')
      using errcode = 'JB164', detail = 'identity.review has no such id.',
        hint = 'identity.review_queue lists the open ones, those with the greatest worth first.';
  end if;
  if v_review.status = 'open' and verdict <> 'skip' then
    -- The entities before the review, as a merge does. What has become of them meanwhile has settled the review too.
    perform
    from catalog.entity e
    where e.juke_id = any (
      array[v_review.a_juke_id, v_review.b_juke_id] || identity.claimants(identity.member_keys(array[v_review.b_juke_id]))
    )
    order by e.juke_id
    for update;
  end if;
  select v.* into v_review from identity.review v where v.review_id = item for update;
  if v_review.status <> 'open' then
    raise exception 'review % is decided', item
      using errcode = 'JB165',
        detail = format('%s by %s on %s.', v_review.status, v_review.decided_by, v_review.decided_at::date),
        hint = 'To revise it, undo the merge or remove the row of identity.link_fact.';
  end if;

  -- Decided before it is carried out: what is still open between the two is settled by that.
  update identity.review v
  set status = case verdict when 'merge' then 'merged' when 'keep_apart' then 'kept_apart' else 'skipped' end
      ::identity.review_status,
    note = decide.note, decided_by = identity.actor(), decided_at = clock_timestamp()
  where v.review_id = item;
  if verdict = 'merge' then
    perform identity.rule(v_review.a_juke_id, v_review.b_juke_id, 'must_link', note);
    v_operation := identity.merge(v_review.a_juke_id, array[v_review.b_juke_id], coalesce(note, format('review %s', item)));
    update identity.review v set operation_id = v_operation.operation_id where v.review_id = item;
  elsif verdict = 'keep_apart' then
    perform identity.rule(v_review.a_juke_id, v_review.b_juke_id, 'cannot_link', note);
    update identity.review v
    set status = 'settled', decided_at = clock_timestamp(), decided_by = 'jukebase'
    where v.status = 'open' and v.a_juke_id in (v_review.a_juke_id, v_review.b_juke_id)
      and v.b_juke_id in (v_review.a_juke_id, v_review.b_juke_id);
  end if;
  select v.* into v_review from identity.review v where v.review_id = item;
  return v_review;
end
$$;

comment on function identity.decide(bigint, text, text) is
  E'@name decide\n@resultFieldName review\nDecides a review: `merge` (b becomes a), `keep_apart` or `skip`. The first two become facts that later runs obey. Errors: JB164 to JB166 and those of `merge`.';
