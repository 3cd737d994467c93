import { Command } from "commander";
import { readConfig } from "../lib/config.ts";
import { untilStopped } from "../lib/lifetime.ts";
import { createLogger } from "../lib/log.ts";
import { startWorker } from "../lib/worker/worker.ts";
import { withDatabase } from "./database.ts";

export const workerCommand = new Command("worker")
  .description("run the jobs and the feed's notifier, until stopped")
  .action(() =>
    withDatabase(({ url }) =>
      untilStopped(async ({ defer }) => {
        const logger = createLogger(readConfig().logLevel);
        const worker = await startWorker(url, logger);
        defer(worker.stop);
        logger.info("worker is running");
        await worker.ended;
      }),
    ),
  );
