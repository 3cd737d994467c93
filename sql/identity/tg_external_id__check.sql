-- Statement trigger on identity.external_id: the scheme exists and can name this kind. What is written by hand is looked
-- at closely as well: the entity is of that kind, and the id is in its canonical form. (What records claim is both by
-- its making: see identity.record_claims. What only changes hands is in its form already.) One anti-join per statement
-- instead of a foreign key check per row.
-- Errors: JB101 entity of another kind, JB105 unknown scheme, JB106 scheme of other kinds, JB108 not canonical.
create or replace function identity.tg_external_id__check()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  v_bad record;
begin
  select n.source, n.kind, s.kinds into v_bad
  from (select distinct r.source, r.kind from new_rows r) n
  left join identity.scheme s on s.scheme = n.source
  where s.scheme is null or n.kind <> all (s.kinds) or n.source = 'juke_id'
  limit 1;
  if found then
    if v_bad.kinds is null then
      raise exception 'unknown identifier scheme "%"', v_bad.source
        using errcode = 'JB105',
          detail = format('Known schemes: %s.', (select string_agg(s.scheme, ', ' order by s.rank) from identity.scheme s)),
          hint = 'Add a row to identity.scheme for a new one.';
    end if;
    if v_bad.source = 'juke_id' then
      raise exception 'a juke_id is not an external id'
        using errcode = 'JB106', detail = 'It is the key of the entity itself: every entity has one, and nobody gives it another.',
          hint = 'Choose a scheme of your own for a key of your own.';
    end if;
    raise exception 'scheme "%" does not name kind %', v_bad.source, v_bad.kind
      using errcode = 'JB106', detail = format('It names %s.', array_to_string(v_bad.kinds, ', ')),
        hint = 'Check the kind, or add it to identity.scheme.kinds.';
  end if;

  select n.juke_id, n.kind, e.kind as own_kind into v_bad
  from new_rows n
  join catalog.entity e on e.juke_id = n.juke_id
  where (tg_op = 'UPDATE' or n.record_id is null) and e.kind <> n.kind
  limit 1;
  if found then
    raise exception 'entity % is not of kind %', v_bad.juke_id, v_bad.kind
      using errcode = 'JB101', detail = format('catalog.entity has it as %s.', v_bad.own_kind),
        hint = format('Use catalog.%s_external_id.', v_bad.own_kind);
  end if;

  if tg_op = 'UPDATE' then
    select n.source, n.external_id, c.canonical into v_bad
    from (
      select r.external_id, r.source, r.kind from new_rows r
      except
      select r.external_id, r.source, r.kind from old_rows r
    ) n
    cross join lateral identity.canonical(n.source, n.external_id) c (canonical)
    where n.external_id is distinct from c.canonical
    limit 1;
  else
    select n.source, n.external_id, c.canonical into v_bad
    from new_rows n
    cross join lateral identity.canonical(n.source, n.external_id) c (canonical)
    where n.record_id is null and n.external_id is distinct from c.canonical
    limit 1;
  end if;
  if found then
    raise exception 'not the canonical form of an id of scheme "%": "%"', v_bad.source, left(v_bad.external_id, 100)
      using errcode = 'JB108', detail = 'Only one way of writing an id is looked up.',
        hint = coalesce(format('Write it "%s".', v_bad.canonical), 'The value is not valid in this scheme.');
  end if;
  return null;
end
$$;

create or replace trigger _100_check_insert after insert on identity.external_id
  referencing new table as new_rows for each statement execute function identity.tg_external_id__check();
create or replace trigger _100_check_update after update on identity.external_id
  referencing new table as new_rows old table as old_rows
  for each statement execute function identity.tg_external_id__check();
