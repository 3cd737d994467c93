-- Statement trigger on what is computed: the kinds and their parts, from records; the names and redirects on the hub and the
-- bindings of ids, from records, claims and operations. Writing them directly would be lost when they are computed again, and
-- nobody would know who did it. Our own functions may, at any depth of calls; so may a transaction that says so
-- (catalog.writing). Errors: JB168 direct write to a projection.
create or replace function catalog.tg_projected__guard()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  v_callers text;
begin
  -- Rows that go with their entity are deleted by a foreign key, from within another statement.
  if current_setting('jukebase.writing', true) = 'catalog' or pg_trigger_depth() > 1 then
    return null;
  end if;
  -- Who called, a line for each function, this one first. A setting of the functions themselves (set jukebase.writing) would say it
  -- more plainly, but only a superuser may create functions with a setting of one's own. A line of a statement may name our
  -- functions as well; only that of a caller names its language, too, in every language of the server's messages.
  get diagnostics v_callers = pg_context;
  if regexp_replace(v_callers, '^[^\n]*', '') ~* '\n[^\n"]*pl/pgsql[^\n"]* (catalog|identity)[.][a-z_]+[(]' then
    return null;
  end if;
  raise exception '%.% is computed and cannot be written directly', tg_table_schema, tg_table_name
    using errcode = 'JB168',
      detail = format('This is a direct %s. ', lower(tg_op)) || case tg_table_name
        when 'entity' then 'It would leave no trace of who made it, and could not be undone.'
        when 'external_id' then 'It would leave no trace of who made it, and could not be undone.'
        else 'It would be lost when the entity is projected again.'
      end,
      hint = case tg_table_name
        when 'entity' then 'Call identity.merge, identity.split, identity.delete or catalog.edit.'
        when 'external_id' then 'Call identity.claim or identity.retract.'
        else 'Call catalog.edit(juke_id, patch, expected_version); claim ids with identity.claim.'
      end;
end
$$;
