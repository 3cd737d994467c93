import postgres, { type Sql } from "postgres";
import { readConfig } from "../lib/config.ts";
import { type Database, openDatabase } from "../lib/database/provider.ts";
import { untilStopped } from "../lib/lifetime.ts";
import { requireMigrated } from "../lib/migrate/migrate.ts";

/**
 * Runs the work on the database of the settings: DATABASE_URL, the server that `jukebase start` runs at the
 * moment, or one started for the occasion and stopped afterwards. Raises JB610 when it must be `migrated`
 * and is not. Work cut short by a signal ends the
 * process with 130, as a shell expects.
 */
export async function withDatabase(
  work: (database: Database) => Promise<unknown>,
  { migrated = true } = {},
): Promise<void> {
  const interrupted = await untilStopped(async ({ defer }) => {
    const database = await openDatabase({ purpose: "start", config: readConfig(), attach: true });
    defer(database.stop);
    if (migrated) await requireMigrated(database.url);
    await work(database);
  });
  if (interrupted) process.exit(130);
}

/** The same, with connections to it: `most` at a time. */
export function withConnections(most: number, work: (sql: Sql) => Promise<unknown>): Promise<void> {
  return withDatabase(async ({ url }) => {
    const sql = postgres(url, {
      max: most,
      onnotice: () => {},
      connection: { application_name: "jukebase command" },
    });
    try {
      await work(sql);
    } finally {
      await sql.end();
    }
  });
}
