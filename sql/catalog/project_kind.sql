-- catalog.project_kind(kind, rows): makes the kind's table say exactly this. rows: a JSON array of objects whose keys are
-- its columns; other keys are passed over. Rows that say it already are not written.
create or replace function catalog.project_kind(p_kind catalog.entity_kind, p_rows jsonb)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  v_columns constant text := (
    select string_agg(format('%I', a.attname), ', ' order by a.attnum)
    from pg_attribute a
    where a.attrelid = format('catalog.%I', p_kind)::regclass and a.attnum > 0 and not a.attisdropped
  );
begin
  execute format($sql$
    insert into catalog.%1$I
    select w.*
    from jsonb_populate_recordset(null::catalog.%1$I, $1) w
    where not exists (select from catalog.%1$I t where t.juke_id = w.juke_id)
    order by w.juke_id
  $sql$, p_kind) using p_rows;

  execute format($sql$
    update catalog.%1$I t
    set (%2$s) = row (w.*)
    from jsonb_populate_recordset(null::catalog.%1$I, $1) w
    where t.juke_id = w.juke_id and t.* is distinct from w.*
  $sql$, p_kind, v_columns) using p_rows;
end
$$;

comment on function catalog.project_kind(catalog.entity_kind, jsonb) is
  'Writes the golden rows of one kind; rows that are right already are left alone.';
