-- Statement trigger on the further claims: the entities that claim leave a trace (identity.touch).
create or replace function identity.tg_further_claim__touch()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if not exists (select from new_rows) then
    return null;
  end if;
  perform identity.touch(array(
    select m.juke_id from new_rows n join identity.membership m on m.record_id = n.record_id
  ));
  return null;
end
$$;

create or replace trigger _200_touch_insert after insert on identity.further_claim
  referencing new table as new_rows for each statement execute function identity.tg_further_claim__touch();
create or replace trigger _200_touch_update after update on identity.further_claim
  referencing new table as new_rows for each statement execute function identity.tg_further_claim__touch();
