import pg from "pg";
import type { Logger } from "pino";
import { pause } from "../pause.ts";

/** How long a change may go unannounced, in milliseconds: while there is work, and when the database is idle. */
const INTERVAL_MS = 0.5; // Postgres sleeps whole milliseconds, and 2 when it is told 1: this is 1
const IDLE_INTERVAL_MS = 5;
/** How long the database looks by itself before it answers, in milliseconds. */
const ROUND_MS = 500;
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
    // What came is found by the index, however much the plan expects.
    await client.query("set enable_seqscan = off");
    // From nothing: what came while nobody notified is announced too.
    let seen: string | null = null;
    let interval = INTERVAL_MS;
    while (!signal.aborted) {
      const { rows }: pg.QueryResult<{ seen: string }> = await client.query(
        "call feed.watch($1::pg_snapshot, $2 * interval '1 ms', $3 * interval '1 ms') /* feed:watch */",
        [seen, ROUND_MS, interval],
      );
      // Not one transaction began: there is nothing to be quick for.
      interval = rows[0]?.seen === seen ? IDLE_INTERVAL_MS : INTERVAL_MS;
      seen = rows[0]?.seen ?? null;
    }
  } finally {
    await client.end().catch(() => {});
  }
}
