import { Command } from "commander";
import { readConfig } from "../lib/config.ts";
import { untilStopped } from "../lib/lifetime.ts";
import { createLogger } from "../lib/log.ts";
import { startWorker } from "../lib/worker/worker.ts";
import { withDatabase } from "./database.ts";
import { describeTopic } from "./kafka.ts";

export const workerCommand = new Command("worker")
  .description("run the jobs, the feed's notifier and its publishing to Kafka, until stopped")
  .action(() =>
    withDatabase(({ url }) =>
      untilStopped(async ({ defer }) => {
        const { logLevel, kafka } = readConfig();
        const logger = createLogger(logLevel);
        const worker = await startWorker(url, logger, kafka);
        defer(worker.stop);
        logger.info("worker is running");
        if (kafka) logger.info(`publishing ${describeTopic(kafka)}`);
        await worker.ended;
      }),
    ),
  );
