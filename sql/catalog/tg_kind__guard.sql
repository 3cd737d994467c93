-- Statement trigger on the kinds and their parts: they are computed from records, so writing them directly would be lost at the
-- next projection. Those who compute them say so (catalog.writing). Errors: JB168 direct write to a projection.
create or replace function catalog.tg_kind__guard()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  -- Rows that go with their entity are deleted by a foreign key, from within another statement.
  if current_setting('jukebase.writing', true) = 'catalog' or pg_trigger_depth() > 1 then
    return null;
  end if;
  raise exception 'catalog.% is computed and cannot be written directly', tg_table_name
    using errcode = 'JB168', detail = format('This %s would be lost when the entity is projected again.', lower(tg_op)),
      hint = 'Call catalog.edit(juke_id, patch, expected_version); claim ids with identity.claim.';
end
$$;
