import type { Task } from "graphile-worker";

const CHUNK = 500;

/**
 * Drains descriptor.dirty chunk by chunk, each in its own transaction, until nothing is left or the worker stops.
 * Any number of these may run at once; running it again does nothing.
 */
const refresh: Task = async (_payload, { withPgClient, logger, abortSignal }) => {
  let refreshed = 0;
  while (!abortSignal?.aborted) {
    const { rows } = await withPgClient((client) =>
      client.query(
        "select refreshed, remaining > 0 as more from descriptor.refresh($1) /* descriptor:refresh */",
        [CHUNK],
      ),
    );
    refreshed += rows[0].refreshed;
    if (!rows[0].more) break;
  }
  if (refreshed > 0) logger.info(`${refreshed} documents refreshed`);
};

export default refresh;
