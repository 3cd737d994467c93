/**
 * SQL that makes a role which requests run as, when it is not there, and lets whoever migrates become it. Roles belong to the
 * cluster and may be shared with another jukebase database on it.
 */
export function requestRole(role: "jukebase_api" | "jukebase_editor"): string {
  return /* sql */ `
    do $do$
    begin
      if not exists (select from pg_catalog.pg_roles where rolname = '${role}') then
        create role ${role} nologin;
      end if;
    exception when duplicate_object or unique_violation then
      null; -- another database on this cluster created it at the same moment
    end
    $do$;
    -- PostGraphile connects as the migrating user and steps down to the role. From Postgres 16 on, whoever
    -- creates a role is a member of it and still may not become it.
    do $do$
    begin
      if current_setting('server_version_num')::int < 160000 then
        if not pg_has_role(current_user, '${role}', 'member') then
          execute format('grant ${role} to %I', current_user);
        end if;
      elsif not pg_has_role(current_user, '${role}', 'set') then
        execute format('grant ${role} to %I with set true', current_user);
      end if;
    end
    $do$;`;
}
