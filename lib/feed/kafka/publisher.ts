import pg from "pg";
import type { Logger } from "pino";
import { pause } from "../../pause.ts";
import { messagesOf, type PublishedEvent } from "./message.ts";
import { openSender, type Sender } from "./sender.ts";
import type { KafkaSettings } from "./settings.ts";
import { ensureTopic } from "./topic.ts";
import { type TroubleLog, troubleLog, troubleOf } from "./trouble.ts";

/** The consumer of the feed whose place is moved. */
export const CONSUMER = "kafka";
/** Events at once; after a failure one, then more again. */
const BATCH = 500;
/** How long until the feed is looked at without being woken, in milliseconds: what wakes us may itself be down. */
const IDLE_MS = 5_000;
/** How long until another process looks whether the leader is gone, in milliseconds. */
const STANDBY_MS = 1_000;
/** How long until it is tried again after a failure, in milliseconds: it doubles up to the second. */
const RETRY_MS = [250, 5_000] as const;
/** How long a batch that is under way may take when it is to stop, in milliseconds. */
const GRACE_MS = 5_000;
/** A cluster-wide number for the lock, taken with the database. */
const LOCK = 7_503_211;

export type KafkaPublisher = {
  /** The feed may have grown. */
  wake(): void;
  /** Lets the batch that is under way finish, then closes every connection. */
  stop(): Promise<void>;
};

/**
 * Publishes the feed to a topic: one process does, as long as it holds the lock; others stand by and take over when its
 * connection ends. Each event at least once, those of an entity in order: the place in the feed moves when the broker has
 * acknowledged everything before it. It goes on for ever; what stands in the way is told once.
 */
export function startKafkaPublisher(
  url: string,
  settings: KafkaSettings,
  logger: Logger,
): KafkaPublisher {
  const stopping = new AbortController();
  let bell = new AbortController();
  const trouble = troubleLog(logger);
  const idle = async (signal: AbortSignal) => {
    await pause(IDLE_MS, AbortSignal.any([signal, bell.signal]));
    bell = new AbortController();
  };
  const running = (async () => {
    while (!stopping.signal.aborted) {
      await publishUntilLost({ url, settings, logger, trouble, idle, stop: stopping.signal }).catch(
        (error) => stopping.signal.aborted || trouble.tell(troubleOf(error, CONSUMER)),
      );
      await pause(STANDBY_MS, stopping.signal);
    }
  })();
  return {
    wake: () => bell.abort(),
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

type Surroundings = {
  url: string;
  settings: KafkaSettings;
  logger: Logger;
  trouble: TroubleLog;
  idle(signal: AbortSignal): Promise<void>;
  stop: AbortSignal;
};

/** One connection's life: the lock is its session's, so losing the one is losing the other. */
async function publishUntilLost(surroundings: Surroundings): Promise<void> {
  const { url, settings, logger, trouble, idle, stop } = surroundings;
  const client = new pg.Client({
    connectionString: url,
    application_name: "jukebase kafka",
    keepAlive: true,
  });
  const losing = new AbortController();
  const lost = losing.signal;
  const over = AbortSignal.any([stop, lost]);
  client.on("error", (error) => losing.abort(error));
  client.on("end", () => losing.abort(new Error("the connection was ended")));
  let sender: Sender | undefined;
  const closeSender = async () => {
    await sender?.close().catch(() => {});
    sender = undefined;
  };
  // Whoever leads next sends the same batch: ours must not come after it.
  lost.addEventListener("abort", closeSender);
  const onStop = () => setTimeout(closeSender, GRACE_MS).unref();
  stop.addEventListener("abort", onStop);

  try {
    await client.connect();
    while (!over.aborted && !(await lead(client))) await pause(STANDBY_MS, over);
    if (over.aborted) return;
    const source = await sourceOf(client);
    let wait: number = RETRY_MS[0];
    let size = BATCH;
    while (!over.aborted) {
      try {
        if (!sender) {
          await client.query("select from feed.add_consumer($1)", [CONSUMER]);
          const made = await ensureTopic(settings);
          if (made) await tellOfNewTopic(client, settings.topic, logger);
          sender = openSender(settings, (error) => trouble.tell(troubleOf(error, CONSUMER)));
        }
        let more = true;
        while (more && !over.aborted) {
          more = await publishBatch(client, sender, source, size);
          // Not before it is past what stood in the way.
          if (size === BATCH || !more) trouble.over();
          size = Math.min(size * 4, BATCH);
          wait = RETRY_MS[0];
        }
        await idle(over);
      } catch (error) {
        await closeSender();
        // A batch that fails is sent again: what comes before the message that the broker refuses, only so often.
        size = 1;
        if (over.aborted) throw lost.aborted ? lost.reason : error;
        trouble.tell(troubleOf(error, CONSUMER));
        await pause(wait, over);
        wait = Math.min(wait * 2, RETRY_MS[1]);
      }
    }
  } finally {
    stop.removeEventListener("abort", onStop);
    await closeSender();
    await client.end().catch(() => {});
  }
}

async function lead(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query("select pg_try_advisory_lock($1) as leader", [LOCK]);
  return rows[0].leader;
}

/** The catalog as a URN: the cluster and the database, which number their events by themselves. */
async function sourceOf(client: pg.Client): Promise<string> {
  const { rows } = await client.query(
    "select 'urn:jukebase:' || replace(feed.catalog_name(), '.', ':') as source",
  );
  return rows[0].source;
}

/** A topic that is new while the feed is not read from its beginning has a part of it only. */
async function tellOfNewTopic(client: pg.Client, topic: string, logger: Logger): Promise<void> {
  const { rows } = await client.query(
    "select acked_at is not null as underway from feed.consumer where consumer = $1",
    [CONSUMER],
  );
  if (!rows[0]?.underway) return logger.info(`kafka: topic ${topic} was made`);
  const hint = `select feed.reset('${CONSUMER}') publishes everything that is kept once more.`;
  logger.warn({ hint }, `kafka: topic ${topic} was made, and lacks what was published before`);
}

type Polled = Omit<PublishedEvent, "entity"> & { next_cursor: string };

/** Publishes the next events and moves on behind them; false when there were none. No transaction is open meanwhile. */
async function publishBatch(
  client: pg.Client,
  sender: Sender,
  source: string,
  size: number,
): Promise<boolean> {
  const { rows: events } = await client.query<Polled>(
    `select next_cursor, id, at, kind, juke_id, op, version, changed, actor, delivery_id
    from feed.poll($1, $2) /* feed:publish */`,
    [CONSUMER, size],
  );
  const last = events.at(-1);
  if (!last) return false;
  const { rows: states } = await client.query<{ juke_id: string; state: { status: string } }>(
    "select juke_id, state from catalog.state($1) /* feed:publish */",
    [[...new Set(events.map(({ juke_id }) => juke_id))]],
  );
  const entities = new Map(states.map(({ juke_id, state }) => [juke_id, state]));
  const entityOf = (jukeId: string) => {
    const state = entities.get(jukeId);
    return state && state.status !== "deleted" ? state : null;
  };
  await sender.send(
    events.flatMap((event) => messagesOf({ ...event, entity: entityOf(event.juke_id) }, source)),
  );
  await client.query("select feed.ack($1, $2) /* feed:publish */", [CONSUMER, last.next_cursor]);
  return true;
}
