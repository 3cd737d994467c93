import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { Logger } from "pino";

/** How long a change may go unannounced, in milliseconds. */
const INTERVAL_MS = 50;
/** How long until another process looks whether the leader is gone, in milliseconds. */
const STANDBY_MS = 1_000;
/** A cluster-wide number for the lock, taken with the database: several catalogs on a server do not meet. */
const LOCK = 7_503_210;

/**
 * The one process that notifies: as long as it holds the lock it looks at the end of the feed and sends one NOTIFY for
 * all that is new. Others stand by and take over when its connection ends. Returns the function that ends it.
 */
export function startNotifier(url: string, logger: Logger): () => Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const running = (async () => {
    while (!signal.aborted) {
      await announceUntilLost(url, signal).catch((error) =>
        logger.warn(`notifier: ${error.message}`),
      );
      await pause(STANDBY_MS, signal);
    }
  })();
  return async () => {
    stopping.abort();
    await running;
  };
}

/** One connection's life: the lock is its session's, so losing the one is losing the other. */
async function announceUntilLost(url: string, signal: AbortSignal): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: "jukebase notifier" });
  // The query that is under way, or the next one, fails as well.
  client.on("error", () => {});
  await client.connect();
  try {
    while (!signal.aborted) {
      const { rows } = await client.query("select pg_try_advisory_lock($1) as leader", [LOCK]);
      if (rows[0].leader) break;
      await pause(STANDBY_MS, signal);
    }
    // From the beginning of the feed: what came while nobody notified is announced too.
    let cursor: string | null = null;
    while (!signal.aborted) {
      const { rows }: pg.QueryResult<{ cursor: string }> = await client.query(
        "select feed.announce($1) as cursor /* feed:announce */",
        [cursor],
      );
      cursor = rows[0]?.cursor ?? null;
      await pause(INTERVAL_MS, signal);
    }
  } finally {
    await client.end().catch(() => {});
  }
}

/** Sleeps; returns at once when the signal is raised. */
async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => {});
}
