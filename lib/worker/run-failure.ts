import type { Logger } from "graphile-worker";
import type { Sql } from "postgres";
import { FormatError } from "../../formats/index.ts";
import { FetchError } from "../fetch/error.ts";
import { Refused } from "../ingest/refused.ts";
import { coded } from "../problem.ts";

/** How often a run is tried before it is given up. */
const ATTEMPTS = 12;

/**
 * Whether the run is over although its job failed: the delivery is to blame, which trying again does not change, or it has been
 * tried often enough; then it is ended here. Otherwise the job is to be tried again.
 */
export async function endedByItself(
  sql: Sql,
  runId: number,
  error: unknown,
  logger: Logger,
): Promise<boolean> {
  const isFinal = error instanceof FetchError && !error.retryable;
  if (error instanceof FormatError || error instanceof Refused || isFinal) {
    logger.warn(`run ${runId}: ${error.message} (${error.code})`);
    return true;
  }
  const [run] = await sql<{ attempts: number }[]>`
    select attempts from ops.run where run_id = ${runId}`;
  if (run !== undefined && run.attempts < ATTEMPTS) return false;
  const { code, message } = coded(error);
  await sql`select ingest.finish_run(${runId}, ${code ?? null}, ${message}, ${`tried ${ATTEMPTS} times`})`;
  logger.error(`run ${runId} is given up: ${message}`);
  return true;
}
