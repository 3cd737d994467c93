import type { JobHelpers } from "graphile-worker";
import postgres, { type Sql } from "postgres";

/** Connections of postgres.js to the database that a job comes from: as many as are asked for, closed at the end of the scope. */
export async function connectionsFor(
  { withPgClient }: Pick<JobHelpers, "withPgClient">,
  max: number,
): Promise<Sql & AsyncDisposable> {
  const { host, port, user, password, database, ssl } = await withPgClient(
    async (client) =>
      (client as unknown as { connectionParameters: Parameters }).connectionParameters,
  );
  const sql = postgres({
    host,
    port,
    user,
    ...(password === null ? {} : { password }),
    database,
    ...(ssl ? { ssl: ssl as never } : {}),
    max,
    onnotice: () => {},
    connection: { application_name: "jukebase worker ingest" },
  });
  return Object.assign(sql, { [Symbol.asyncDispose]: () => sql.end({ timeout: 5 }) });
}

/** What pg has made of the connection string. */
type Parameters = {
  host: string;
  port: number;
  user: string;
  password: string | null;
  database: string;
  ssl: unknown;
};
