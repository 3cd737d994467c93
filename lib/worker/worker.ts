import pg from "pg";
import type { Logger } from "pino";
import { startKafkaPublisher } from "../feed/kafka/publisher.ts";
import type { KafkaSettings } from "../feed/kafka/settings.ts";
import { listenToFeed } from "../feed-listener.ts";
import { startNotifier } from "./notifier.ts";
import { startQueue } from "./queue.ts";

export type Worker = {
  /** Lets running jobs finish, then closes every connection. */
  stop(): Promise<void>;
  /** Resolves when the worker was stopped. */
  ended: Promise<void>;
};

/** Jobs at once. Connections: one for each, plus graphile-worker's LISTEN, the feed listener, the notifier, the publisher. */
const CONCURRENCY = 4;

/**
 * Runs the tasks of tasks/ from the queue in the database, and with them the notifier of the feed. Whatever
 * changes in the catalog has its search document refreshed within moments, and is published to Kafka if there is one.
 */
export async function startWorker(
  url: string,
  logger: Logger,
  kafka?: KafkaSettings,
): Promise<Worker> {
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

  const queue = await startQueue(pool, CONCURRENCY, logger);
  // As the crontab says, and now, in case no worker has run for long.
  await queue.addJob("feed/maintain", {}, { jobKey: "feed-maintain" });
  await queue.addJob("ingest/poll", {}, { jobKey: "ingest-poll" });
  const stopNotifier = startNotifier(url, logger);
  const publisher = kafka && startKafkaPublisher(url, kafka, logger);
  const stopListening = await listenToFeed(url, {
    logger,
    onChange: () => {
      publisher?.wake();
      // One waiting job is enough, however many changes: the key joins it. Writers never touch the queue.
      queue
        .addJob(
          "descriptor/refresh",
          {},
          { jobKey: "descriptor-refresh", jobKeyMode: "preserve_run_at" },
        )
        .catch((error) => logger.warn(`descriptor/refresh was not queued: ${error.message}`));
    },
  });

  return {
    ended: queue.ended,
    async stop() {
      await stopListening();
      await publisher?.stop();
      await stopNotifier();
      await queue.stop();
      await pool.end();
    },
  };
}
