import { fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import postgres, { type ReservedSql, type Sql } from "postgres";
import { listenToFeed } from "../lib/feed-listener.ts";
import { randomSource } from "./random.ts";

const consumer = "bench";
/** A writer rests so long between two transactions, in milliseconds. */
const rest = { least: 1, most: 9 };
/** How long an event may be under way, in milliseconds, before the run is given up. */
const patience = 10_000;

/** How an event gets from a writer to somebody else, in microseconds from the moment in which COMMIT was sent. */
export type Courier = {
  /** To a durable consumer: the notifier wakes it, it polls (then it has the event) and acks. */
  feed(count: number): Promise<number[]>;
  /** To a listener, by a notification of the transaction itself, without a word of what has changed. */
  notification(count: number): Promise<number[]>;
  /** A transaction that has written events and stays open until it is taken back. */
  openTransaction(events: number): Promise<() => Promise<void>>;
  close(): Promise<void>;
};

/** Opens the connections: a writer of these artists, a listener and a consumer, in this process, and a notifier in one of its own. */
export async function openCourier(url: string, artists: string[]): Promise<Courier> {
  const connection = { "jukebase.writing": "catalog" };
  const options = { max: 1, max_lifetime: null, onnotice: () => {}, connection };
  const [writing, reading, holding] = [
    postgres(url, options),
    postgres(url, options),
    postgres(url, options),
  ];
  const writer = await writing.reserve();
  await reading`select feed.add_consumer(${consumer}, feed.head())`;
  const random = randomSource(artists.length);
  const nextArtist = () => artists[Math.floor(random() * artists.length)] as string;

  let onWake = () => {};
  const stopListening = await listenToFeed(url, {
    onChange: () => onWake(),
    logger: pino({ level: "silent" }),
  });
  const notifier = fork(fileURLToPath(new URL("notifier.ts", import.meta.url)), [url]);
  const tell = async (message: "start" | "stop") => {
    const answered = once(notifier, "message");
    notifier.send(message);
    await answered;
  };

  const measure = async (
    count: number,
    write: (artist: string) => Promise<unknown>,
    arrival: (artist: string) => Promise<number>,
  ): Promise<number[]> => {
    const taken: number[] = [];
    const warmUp = Math.ceil(count / 10);
    for (let done = -warmUp; done < count; done++) {
      await sleep(rest.least + random() * (rest.most - rest.least));
      const artist = nextArtist();
      await writer`begin`;
      await write(artist);
      const arrived = arrival(artist);
      const sent = performance.now();
      const committed = writer`commit`.execute();
      const at = await within(patience, arrived);
      await committed;
      if (done >= 0) taken.push((at - sent) * 1_000);
    }
    return taken;
  };

  return {
    feed: async (count) => {
      await reading`select feed.reset(${consumer}, feed.head())`;
      await tell("start");
      const waiting = new Map<string, (at: number) => void>();
      const consume = wakened(async () => {
        const events = await reading<{ juke_id: string; next_cursor: string }[]>`
          select * from feed.poll(${consumer}, 100)`;
        const at = performance.now();
        for (const { juke_id } of events) waiting.get(juke_id)?.(at);
        const last = events.at(-1);
        if (last) await reading`select feed.ack(${consumer}, ${last.next_cursor})`;
      });
      onWake = consume.wake;
      const taken = await measure(
        count,
        (artist) => change(writer, artist),
        (artist) => new Promise((resolve) => waiting.set(artist, resolve)),
      );
      onWake = () => {};
      await consume.ended();
      await tell("stop");
      return taken;
    },
    notification: (count) =>
      measure(
        count,
        async (artist) => {
          await change(writer, artist);
          await writer`select pg_notify('jukebase_feed', '')`;
        },
        () =>
          new Promise((resolve) => {
            onWake = () => {
              onWake = () => {};
              resolve(performance.now());
            };
          }),
      ),
    openTransaction: async (events) => {
      const holder = await holding.reserve();
      await holder`begin`;
      await holder`
        insert into catalog.entity (kind, display_name) select 'label', 'of the bench' from generate_series(1, ${events}::int)`;
      return async () => {
        await holder`rollback`;
        holder.release();
      };
    },
    close: async () => {
      notifier.disconnect();
      await stopListening();
      writer.release();
      await reading`select feed.remove_consumer(${consumer})`;
      await Promise.all([writing, reading, holding].map((sql) => sql.end({ timeout: 5 })));
    },
  };
}

/** So many artists that are not merged, in a random but repeatable order. */
export async function someArtists(sql: Sql, count: number): Promise<string[]> {
  const found = await sql<{ juke_id: string }[]>`
    select e.juke_id from catalog.entity e
    where e.kind = 'artist' and e.status = 'active'
    order by md5(e.juke_id::text)
    limit ${count}`;
  return found.map(({ juke_id }) => juke_id);
}

/** A change of one row of an artist, always another value. */
export function change(session: Sql | ReservedSql, artist: string): Promise<unknown> {
  return session`
    update catalog.artist set sort_name = gen_random_uuid()::text where juke_id = ${artist}`;
}

/** Work that is done when it is wakened, and once more when it was wakened meanwhile. */
function wakened(work: () => Promise<void>): { wake: () => void; ended: () => Promise<void> } {
  let isWakened = false;
  let running: Promise<void> | undefined;
  const run = async () => {
    while (isWakened) {
      isWakened = false;
      await work();
    }
    running = undefined;
  };
  return {
    wake: () => {
      isWakened = true;
      running ??= run();
    },
    ended: async () => running,
  };
}

async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T> {
  const giveUp = new AbortController();
  try {
    return await Promise.race([
      promise,
      sleep(milliseconds, undefined, { signal: giveUp.signal }).then(() => {
        throw new Error(`nothing came within ${milliseconds} ms`);
      }),
    ]);
  } finally {
    giveUp.abort();
  }
}
