import type { Task } from "graphile-worker";
import { readConfig } from "../../lib/config.ts";
import { fetcher } from "../../lib/ingest/fetch-run.ts";
import { createReader } from "../../lib/ingest/reader.ts";
import { takeIn } from "../../lib/ingest/run.ts";
import { connectionsFor } from "../../lib/worker/connections.ts";
import { endedByItself } from "../../lib/worker/run-failure.ts";

const SIDE_BY_SIDE = 2;

/** Takes the delivery of a run in, from where it stopped. What cannot be read ends the run as failed; all else is tried again. */
const normalise: Task = async (payload, helpers) => {
  const { runId } = payload as { runId: number };
  await using sql = await connectionsFor(helpers, SIDE_BY_SIDE + 2);
  const reader = createReader();
  try {
    const signal = helpers.abortSignal;
    const fetchFrom = fetcher(readConfig().fetch, signal);
    const counts = await takeIn(sql, runId, {
      reader,
      sideBySide: SIDE_BY_SIDE,
      fetchFrom,
      signal,
    });
    if (counts === "busy") helpers.logger.info(`run ${runId} is at work elsewhere`);
    else helpers.logger.info(`run ${runId}: ${counts.records} records, ${counts.new} new`);
  } catch (error) {
    if (!(await endedByItself(sql, runId, error, helpers.logger))) throw error;
  } finally {
    await reader.close();
  }
};

export default normalise;
