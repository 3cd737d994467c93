-- catalog.<kind>_external_id: the adapter of each kind, an insertable view of the one table of external ids.
-- The kind is filled in and kept; (source, external_id) is unique within it.
do $do$
declare
  v_kind text;
begin
  foreach v_kind in array enum_range(null::catalog.entity_kind)::text[] loop
    execute format($sql$
      create or replace view catalog.%1$I as
      select x.juke_id, x.source, x.external_id, x.kind, x.since
      from identity.external_id x
      where x.kind = %2$L
      with cascaded check option
    $sql$, v_kind || '_external_id', v_kind);
    execute format('alter view catalog.%I alter column kind set default %L', v_kind || '_external_id', v_kind);
    execute format('alter view catalog.%I alter column since set default now()', v_kind || '_external_id');
    -- GraphQL shows catalog.external_id instead: one type for all kinds.
    execute format('comment on view catalog.%I is %L', v_kind || '_external_id',
      format(E'@behavior -*\nThe ids under which others know this %s.', v_kind));
  end loop;
end
$do$;
