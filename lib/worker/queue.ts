import { setTimeout as sleep } from "node:timers/promises";
import { type AddJobFunction, type Runner, run, Logger as WorkerLogger } from "graphile-worker";
import type { Pool } from "pg";
import type { Logger } from "pino";
import { projectPath } from "../project.ts";

export type Queue = {
  addJob: AddJobFunction;
  /** Lets running jobs finish. */
  stop(): Promise<void>;
  /** Resolves when the queue was stopped. */
  ended: Promise<void>;
};

/** How long until the queue is started again after it has ended by itself, in milliseconds. */
const RESTART_MS = 500;

/**
 * Runs the tasks of tasks/ and the crontab from the queue in the database. graphile-worker ends for good when the
 * connection on which it reports a job as done is lost; it is started again until `stop`. Rejects when it cannot be
 * started the first time.
 */
export async function startQueue(pool: Pool, concurrency: number, logger: Logger): Promise<Queue> {
  const stopping = new AbortController();
  let runner = await startRunner(pool, concurrency, logger);
  const ended = (async () => {
    for (;;) {
      await runner.promise.catch((error) => logger.warn(`queue: ${error.message}`));
      while (!stopping.signal.aborted) {
        await sleep(RESTART_MS, undefined, { signal: stopping.signal }).catch(() => {});
        if (stopping.signal.aborted) break;
        try {
          runner = await startRunner(pool, concurrency, logger);
          logger.warn("queue: started again");
          break;
        } catch (error) {
          logger.warn(`queue: ${(error as Error).message}`);
        }
      }
      if (stopping.signal.aborted) break;
    }
    await runner.stop().catch(() => {}); // it was started while the stop was on its way, or has stopped already
    await runner.promise.catch(() => {});
  })();
  return {
    addJob: (...args) => runner.addJob(...args),
    ended,
    async stop() {
      stopping.abort();
      await runner.stop().catch(() => {});
      await ended;
    },
  };
}

function startRunner(pool: Pool, concurrency: number, logger: Logger): Promise<Runner> {
  return run({
    pgPool: pool,
    concurrency,
    noHandleSignals: true,
    pollInterval: 2_000,
    taskDirectory: projectPath("tasks"),
    crontabFile: projectPath("crontab"),
    // Reported one by one, a job that cannot be is a rejection that nobody handles: it would end the process.
    preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
    logger: new WorkerLogger((scope) => (level, message, meta) => {
      // A line for each job is for those who look for it.
      const severity = level === "warning" ? "warn" : level === "info" ? "debug" : level;
      logger[severity]({ ...scope, ...(level === "error" ? meta : {}) }, message);
    }),
  });
}
