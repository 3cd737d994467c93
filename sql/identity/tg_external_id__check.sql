-- Statement trigger on identity.external_id: the scheme exists and can name this kind, and the entity is of that kind.
-- One anti-join per statement instead of a foreign key check per row.
create or replace function identity.tg_external_id__check()
returns trigger
language plpgsql
set search_path = ''
as $$
declare
  v_bad record;
begin
  select n.source, n.kind, s.kinds into v_bad
  from (select distinct r.source, r.kind from new_rows r) n
  left join identity.scheme s on s.scheme = n.source
  where s.scheme is null or n.kind <> all (s.kinds)
  limit 1;
  if found then
    if v_bad.kinds is null then
      raise exception 'unknown identifier scheme "%"', v_bad.source
        using errcode = 'JB105',
          detail = format('Known schemes: %s.', (select string_agg(s.scheme, ', ' order by s.rank) from identity.scheme s)),
          hint = 'Add a row to identity.scheme for a new one.';
    end if;
    raise exception 'scheme "%" does not name kind %', v_bad.source, v_bad.kind
      using errcode = 'JB106', detail = format('It names %s.', array_to_string(v_bad.kinds, ', ')),
        hint = 'Check the kind, or add it to identity.scheme.kinds.';
  end if;
  return null;
end
$$;

create or replace trigger _100_check_insert after insert on identity.external_id
  referencing new table as new_rows for each statement execute function identity.tg_external_id__check();
create or replace trigger _100_check_update after update on identity.external_id
  referencing new table as new_rows for each statement execute function identity.tg_external_id__check();
