import { setTimeout as sleep } from "node:timers/promises";
import { type Logger, pino } from "pino";
import type { Sql } from "postgres";
import { onTestFinished } from "vitest";
import { readConfig } from "../../lib/config.ts";
import type { KafkaSettings } from "../../lib/feed/kafka/settings.ts";
import { startWorker, type Worker } from "../../lib/worker/worker.ts";
import { deliver } from "../catalog-builder.ts";
import { type TestDatabase, testDatabase } from "../database.ts";
import { until } from "../worker/until.ts";
import type { Log, Received } from "./reading.ts";
import { values } from "./reading.ts";

export function settingsOf(address: string, topic: string, more: Record<string, string> = {}) {
  const { kafka } = readConfig({ KAFKA_BROKERS: address, KAFKA_TOPIC: topic, ...more });
  return kafka as KafkaSettings;
}

/** A database whose feed has its partition of today: at the moment that it is made a writer can be refused. */
export async function catalogDatabase(): Promise<TestDatabase> {
  const database = await testDatabase();
  await database.sql`select from feed.maintain()`;
  return database;
}

export type Line = { level: number; msg: string; code?: string; hint?: string; detail?: string };

/** A log, and what it has of Kafka. */
export function logged(): { logger: Logger; lines: Line[] } {
  const lines: Line[] = [];
  const write = (line: string) => {
    const parsed: Line = JSON.parse(line);
    if (parsed.msg.startsWith("kafka: ")) lines.push(parsed);
  };
  return { logger: pino({ level: "warn" }, { write }), lines };
}

/** A worker that publishes, until the test is over. */
export async function startPublishing(
  url: string,
  settings: KafkaSettings,
  logger: Logger = logged().logger,
): Promise<Worker> {
  const worker = await startWorker(url, logger, settings);
  worker.ended.catch(() => {});
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= worker.stop();
    return stopped;
  };
  onTestFinished(stop);
  return { ...worker, stop };
}

/** Everything that is in the feed. */
export async function truth(sql: Sql): Promise<Log[]> {
  return sql<Log[]>`select id::text, juke_id, version from feed.event order by id`;
}

/** The place of the publisher in the feed. */
export async function place(sql: Sql): Promise<string | undefined> {
  const [row] = await sql`select cursor from feed.consumer where consumer = 'kafka'`;
  return row?.cursor;
}

/** How many events are not published yet; undefined before the publisher has begun. */
export async function lag(sql: Sql): Promise<number | undefined> {
  const [row] = await sql`select events::int from feed.lag() where consumer = 'kafka'`;
  return row?.events;
}

/** Waits until everything is published, and what was published is read. */
export async function untilPublished(sql: Sql, received: readonly Received[]): Promise<void> {
  await until("all is published", async () => (await lag(sql)) === 0);
  const all = (await truth(sql)).map(({ id }) => id);
  await until("all is read", () => {
    const seen = new Set(values(received).map(({ id }) => id));
    return all.every((id) => seen.has(id));
  });
}

/**
 * Sources that deliver at the same time, each changing the same artists of its own again and again, until they are told
 * to stop. The function that stops them resolves when they have.
 */
export function startWriters(sql: Sql, writers: number, artists: number): () => Promise<void> {
  let stopped = false;
  const write = async (writer: number) => {
    for (let round = 0; !stopped; round++) {
      await deliver(
        sql,
        `writer-${writer}`,
        Array.from({ length: artists }, (_, n) => ({
          kind: "artist" as const,
          id: `w${writer}a${n}`,
          name: `artist ${n} of ${writer}, ${round % 3 === n % 3 ? round : "again"}`,
        })),
      );
      await sleep(Math.random() * 50);
    }
  };
  const running = Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
  const stop = async () => {
    stopped = true;
    await running;
  };
  onTestFinished(stop);
  return stop;
}
