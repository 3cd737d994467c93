import type { Task } from "graphile-worker";
import { readConfig } from "../../lib/config.ts";
import { fetchRun } from "../../lib/ingest/fetch-run.ts";
import { createReader } from "../../lib/ingest/reader.ts";
import { connectionsFor } from "../../lib/worker/connections.ts";
import { endedByItself } from "../../lib/worker/run-failure.ts";

/** Fetches the location of a run and takes in what is new there. What cannot be fetched for good ends the run as failed; all else is tried again. */
const fetch: Task = async (payload, helpers) => {
  const { runId } = payload as { runId: number };
  await using sql = await connectionsFor(helpers, 4);
  const reader = createReader();
  try {
    const signal = helpers.abortSignal;
    const outcome = await fetchRun(sql, runId, { ...readConfig().fetch, reader, signal });
    helpers.logger.info(`run ${runId}: ${outcome}`);
  } catch (error) {
    if (!(await endedByItself(sql, runId, error, helpers.logger))) throw error;
  } finally {
    await reader.close();
  }
};

export default fetch;
