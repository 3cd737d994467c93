import pg from "pg";
import type { Logger } from "pino";

/** The connections of the API: its queries and its health check. */
export function createPool(url: string, logger: Logger): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: 10,
    connectionTimeoutMillis: 5_000,
    application_name: "jukebase api",
  });
  // A lost connection is reported by its client; the pool repeats it when the client was idle.
  pool.on("error", () => {});
  pool.on("connect", (client) =>
    client.on("error", (error) => logger.warn(`api connection: ${error.message}`)),
  );
  return pool;
}
