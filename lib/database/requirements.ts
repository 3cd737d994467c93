import { setTimeout as sleep } from "node:timers/promises";
import postgres, { type Sql } from "postgres";
import { roles } from "../api/roles.ts";
import { Problem } from "../problem.ts";
import { oldestMajor } from "./binaries.ts";
import { connectionProblem } from "./failure.ts";
import { placeOf } from "./url.ts";

/** The contrib extensions the catalog is built on; each is trusted, so a superuser is not needed. */
export const extensions = ["pg_trgm", "unaccent", "fuzzystrmatch", "btree_gin"];

/**
 * Connects and returns the server's version ("18.4"). Raises JB003, JB004, JB007 or JB016 when that fails.
 */
export async function serverVersion(url: string): Promise<string> {
  return connected(url, 10_000, async (sql) => {
    const [row] = await sql<
      { version: string }[]
    >`select current_setting('server_version') version`;
    return row?.version.split(" ")[0] ?? "";
  });
}

/**
 * Checks that jukebase can live in the database: version 15 or later (JB005), a primary (JB014), UTF-8
 * (JB015), the extensions (JB006) and the rights to create schemas, extensions and roles (JB007); and
 * that it can be reached at all (JB003, JB004, JB016) within `patienceMs`. Changes nothing.
 */
export async function checkRequirements(url: string, { patienceMs = 10_000 } = {}): Promise<void> {
  await connected(url, patienceMs, async (sql) => {
    const place = placeOf(url);
    checkServer(await serverFacts(sql), place);
    const missing = await missingExtensions(sql);
    if (missing.length > 0) {
      throw new Problem({
        code: "JB006",
        message: `the server at ${place} lacks the extension${missing.length > 1 ? "s" : ""} ${missing.join(", ")}`,
        hint: "install the contrib package of that Postgres (postgresql-contrib)",
      });
    }
  });
}

type ServerFacts = {
  version: string;
  versionNumber: number;
  standby: boolean;
  encoding: string;
  user: string;
  database: string;
  mayCreate: boolean;
  /** Of the roles that GraphQL runs as, those that the user may neither have nor make. */
  rolesOutOfReach: string[];
};

async function serverFacts(sql: Sql): Promise<ServerFacts> {
  const [facts] = await sql<ServerFacts[]>`
    select current_setting('server_version') as version,
           current_setting('server_version_num')::int as "versionNumber",
           pg_is_in_recovery() as standby,
           current_setting('server_encoding') as encoding,
           current_user as user,
           current_database() as database,
           has_database_privilege(current_database(), 'create') as "mayCreate",
           array(
             select wanted
             from unnest(${Object.values(roles)}::text[]) wanted
             left join pg_roles r on r.rolname = wanted
             where not (
               own.rolsuper
               or case when r.oid is null then own.rolcreaterole
                    else pg_has_role(current_user, r.oid, 'member')
                      or own.rolcreaterole and current_setting('server_version_num')::int < 160000
                  end
             )
           ) as "rolesOutOfReach"
    from pg_roles own
    where own.rolname = current_user`;
  return facts as ServerFacts;
}

function checkServer(facts: ServerFacts, place: string): void {
  const { version, versionNumber, standby, encoding, user, database } = facts;
  if (versionNumber < oldestMajor * 10_000) {
    throw new Problem({
      code: "JB005",
      message: `the server at ${place} is version ${version}; jukebase needs ${oldestMajor} or later`,
    });
  }
  if (standby) {
    throw new Problem({
      code: "JB014",
      message: `the server at ${place} is a standby, and jukebase writes`,
      hint: "connect to the primary",
    });
  }
  if (encoding !== "UTF8") {
    throw new Problem({
      code: "JB015",
      message: `the database at ${place} is encoded in ${encoding}, and jukebase needs UTF8`,
      hint: `create it with: create database … encoding 'UTF8' template template0`,
    });
  }
  if (!facts.mayCreate) {
    throw new Problem({
      code: "JB007",
      message: `the user ${user} may not create schemas in the database ${database}`,
      hint: `as its owner: grant create on database ${database} to ${user}`,
    });
  }
  const [role] = facts.rolesOutOfReach;
  if (role) {
    throw new Problem({
      code: "JB007",
      message: `the user ${user} may neither use nor create the role ${role}`,
      hint: `as a superuser: create role ${role} nologin (once); grant ${role} to ${user}`,
    });
  }
}

async function missingExtensions(sql: Sql): Promise<string[]> {
  const rows = await sql<{ name: string }[]>`
    select name from unnest(${extensions}::text[]) name
    where name not in (select name from pg_available_extensions) order by name`;
  return rows.map((row) => row.name);
}

async function connected<T>(
  url: string,
  patienceMs: number,
  ask: (sql: Sql) => Promise<T>,
): Promise<T> {
  const sql = postgres(url, { max: 1, connect_timeout: 10, prepare: false, onnotice: () => {} });
  const deadline = new AbortController();
  try {
    // The client's own timeout starts anew each time the other side hangs up, as one that is not Postgres does.
    const silence = sleep(patienceMs, undefined, { signal: deadline.signal }).then(() => {
      throw Object.assign(new Error("it is not a Postgres server that answers"), {
        code: "ETIMEDOUT",
      });
    });
    return await Promise.race([ask(sql), silence]);
  } catch (error) {
    throw connectionProblem(error, url);
  } finally {
    deadline.abort();
    await sql.end({ timeout: 1 });
  }
}
