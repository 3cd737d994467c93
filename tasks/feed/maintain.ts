import { setTimeout as sleep } from "node:timers/promises";
import type { Task } from "graphile-worker";

/** How long to wait for those who read or write the feed, try by try, in milliseconds. */
const PATIENCE_MS = [200, 200, 500, 1_000, 2_000, 4_000];
/** Between two tries, in milliseconds: who waited meanwhile goes first. */
const PAUSE_MS = 2_000;

/** Makes the partitions of the feed ahead of time and drops those that are older than it is kept. */
const maintain: Task = async (_payload, { withPgClient, logger, abortSignal }) => {
  for (const patience of PATIENCE_MS) {
    const { rows } = await withPgClient((client) =>
      client.query<{ done: string; partition: string }>(
        "select done, partition from feed.maintain($1 * interval '1 ms') /* feed:maintain */",
        [patience],
      ),
    );
    for (const { done, partition } of rows) logger.info(`${partition} ${done}`);
    if (!rows.some(({ done }) => done === "postponed") || abortSignal?.aborted) return;
    await sleep(PAUSE_MS, undefined, { signal: abortSignal }).catch(() => {});
  }
  logger.warn("a partition of the feed is still postponed: a transaction is open for long");
};

export default maintain;
