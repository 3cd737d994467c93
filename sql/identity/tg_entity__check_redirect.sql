-- Constraint trigger on the hub, for the rows that are merged: a redirect is one hop. What an entity was merged into is not
-- merged itself, at the end of the transaction. The target is locked, so two merges that meet cannot make a chain or a
-- cycle: one of them fails.
-- Errors: JB107.
create or replace function identity.tg_entity__check_redirect()
returns trigger
language plpgsql
security definer -- below Postgres 18 it runs as whoever commits, an editor say, and not as the function that merges
set search_path = pg_catalog, pg_temp
as $$
declare
  v_next uuid;
begin
  -- The row as it is at the end: the transaction may have changed it again.
  select t.merged_into into v_next
  from catalog.entity e
  join catalog.entity t on t.juke_id = e.merged_into
  where e.juke_id = new.juke_id
  for share of t;
  if v_next is null then
    select new.juke_id into v_next
    from catalog.entity s
    where s.merged_into = new.juke_id
    limit 1;
  end if;
  if v_next is not null then
    raise exception 'entity % would redirect to a merged entity', new.juke_id
      using errcode = 'JB107', detail = 'A redirect is one hop: its target is never merged itself.',
        hint = 'Merge into the survivor, and point what was merged into this entity there as well.';
  end if;
  return null;
end
$$;

drop trigger if exists _200_check_redirect on catalog.entity;
create constraint trigger _200_check_redirect after insert or update of status, merged_into on catalog.entity
  deferrable initially deferred
  for each row when (new.status = 'merged') execute function identity.tg_entity__check_redirect();
