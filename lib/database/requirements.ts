import postgres, { type Sql } from "postgres";
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
  return connected(url, async (sql) => {
    const [row] = await sql<
      { version: string }[]
    >`select current_setting('server_version') version`;
    return row?.version.split(" ")[0] ?? "";
  });
}

/**
 * Checks that jukebase can live in the database: version 15 or later (JB005), a primary (JB014), UTF-8
 * (JB015), the extensions (JB006) and the rights to create schemas, extensions and roles (JB007); and
 * that it can be reached at all (JB003, JB004, JB016). Changes nothing.
 */
export async function checkRequirements(url: string): Promise<void> {
  await connected(url, async (sql) => {
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
  mayCreateRoles: boolean;
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
           (select rolcreaterole or rolsuper from pg_roles where rolname = current_user)
             or exists (select from pg_roles where rolname = 'jukebase_api') as "mayCreateRoles"`;
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
  if (!facts.mayCreateRoles) {
    throw new Problem({
      code: "JB007",
      message: `the user ${user} may not create roles, and the role jukebase_api is not there`,
      hint: `as a superuser: create role jukebase_api nologin; grant jukebase_api to ${user}`,
    });
  }
}

async function missingExtensions(sql: Sql): Promise<string[]> {
  const rows = await sql<{ name: string }[]>`
    select name from unnest(${extensions}::text[]) name
    where name not in (select name from pg_available_extensions) order by name`;
  return rows.map((row) => row.name);
}

async function connected<T>(url: string, ask: (sql: Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1, connect_timeout: 10, onnotice: () => {}, prepare: false });
  try {
    return await ask(sql);
  } catch (error) {
    throw connectionProblem(error, url);
  } finally {
    await sql.end({ timeout: 1 });
  }
}
