import type { Logger } from "graphile-worker";
import type { Sql } from "postgres";
import { isFinal } from "../ingest/final.ts";
import { coded } from "../problem.ts";

/** How often a run is tried before it is given up. */
const ATTEMPTS = 12;

/**
 * Whether the run is over although its job failed: the delivery is to blame, which trying again does not change, or it has been
 * tried often enough; then it is ended here, unless it is already. Otherwise the job is to be tried again.
 */
export async function endedByItself(
  sql: Sql,
  runId: number,
  error: unknown,
  logger: Logger,
): Promise<boolean> {
  if (isFinal(error)) {
    const { code, message, hint = null } = error;
    await sql`select ingest.finish_run(${runId}, ${code}, ${message}, ${hint})`;
    logger.warn(`run ${runId}: ${message} (${code})`);
    return true;
  }
  if (isInterrupted(error)) return false;
  const [run] = await sql<{ attempts: number }[]>`
    select attempts from ops.run where run_id = ${runId}`;
  if (run !== undefined && run.attempts < ATTEMPTS) return false;
  const { code, message } = coded(error);
  await sql`select ingest.finish_run(${runId}, ${code ?? null}, ${message}, ${`tried ${ATTEMPTS} times`})`;
  logger.error(`run ${runId} is given up: ${message}`);
  return true;
}

/**
 * Whether something else ended the work: the worker stops, or the database was away (SQLSTATE classes 08 and 57P, and what
 * postgres.js and the system call it). However often that happens, the run is not to blame.
 */
function isInterrupted(error: unknown): boolean {
  const { code = "", name } = error as { code?: string; name?: string };
  return (
    name === "AbortError" ||
    /^(08...|57P..|CONNECTION_.*|CONNECT_TIMEOUT|ECONN.*|EPIPE|ENOTFOUND|EAI_AGAIN)$/.test(code)
  );
}
