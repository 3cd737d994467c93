import { readConfig } from "../lib/config.ts";
import { type Database, openDatabase } from "../lib/database/provider.ts";

/**
 * Runs the work on the database of the settings: DATABASE_URL, the server that `jukebase start` runs at the
 * moment, or one started for the occasion and stopped afterwards.
 */
export async function withDatabase<T>(work: (database: Database) => Promise<T>): Promise<T> {
  const database = await openDatabase({ purpose: "start", config: readConfig(), attach: true });
  try {
    return await work(database);
  } finally {
    await database.stop();
  }
}
