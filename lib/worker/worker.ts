import { type Runner, run, Logger as WorkerLogger } from "graphile-worker";
import pg from "pg";
import type { Logger } from "pino";
import { listenToFeed } from "../feed-listener.ts";
import { projectPath } from "../project.ts";
import { startNotifier } from "./notifier.ts";

export type Worker = {
  /** Lets running jobs finish, then closes every connection. */
  stop(): Promise<void>;
  /** Resolves when the worker has ended, rejects when it died. */
  ended: Promise<void>;
};

/** Connections: jobs at once, plus one each for graphile-worker's LISTEN, the feed listener and the notifier. */
const CONCURRENCY = 4;

/**
 * Runs the tasks of tasks/ from the queue in the database, and with them the notifier of the feed. Whatever
 * changes in the catalog has its search document refreshed within moments.
 */
export async function startWorker(url: string, logger: Logger): Promise<Worker> {
  const pool = new pg.Pool({
    connectionString: url,
    max: CONCURRENCY + 1,
    application_name: "jukebase worker",
  });
  // A lost connection is reported by its client; the pool repeats it when the client was idle.
  pool.on("error", () => {});
  pool.on("connect", (client) =>
    client.on("error", (error) => logger.warn(`worker connection: ${error.message}`)),
  );

  const runner: Runner = await run({
    pgPool: pool,
    concurrency: CONCURRENCY,
    noHandleSignals: true,
    pollInterval: 2_000,
    taskDirectory: projectPath("tasks"),
    crontabFile: projectPath("crontab"),
    logger: new WorkerLogger((scope) => (level, message, meta) => {
      // A line for each job is for those who look for it.
      const severity = level === "warning" ? "warn" : level === "info" ? "debug" : level;
      logger[severity]({ ...scope, ...(level === "error" ? meta : {}) }, message);
    }),
  });

  const stopNotifier = startNotifier(url, logger);
  const stopListening = await listenToFeed(url, {
    logger,
    onChange: () => {
      // One waiting job is enough, however many changes: the key joins it. Writers never touch the queue.
      runner
        .addJob(
          "descriptor/refresh",
          {},
          { jobKey: "descriptor-refresh", jobKeyMode: "preserve_run_at" },
        )
        .catch((error) => logger.warn(`descriptor/refresh was not queued: ${error.message}`));
    },
  });

  return {
    ended: runner.promise,
    async stop() {
      await stopListening();
      await stopNotifier();
      await runner.stop().catch((error) => logger.warn(`worker stop: ${error.message}`));
      await pool.end();
    },
  };
}
