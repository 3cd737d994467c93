import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { deliver } from "../catalog-builder.ts";
import { jukebase } from "../command-line.ts";
import type { TestDatabase } from "../database.ts";
import { until } from "../worker/until.ts";
import { newTopic, openBroker } from "./broker.ts";
import {
  catalogDatabase,
  lag,
  logged,
  place,
  settingsOf,
  startPublishing,
  startWriters,
  truth,
  untilPublished,
} from "./catalog.ts";
import { read, values, verdict } from "./reading.ts";

const broker = await openBroker();
const address = "address" in broker ? broker.address : "";
const crash = "crash" in broker ? broker.crash : undefined;

describe.skipIf("missing" in broker)("the process is killed", { timeout: 120_000 }, () => {
  /** `jukebase worker`, in a process of its own. */
  const startProcess = ({ url }: TestDatabase, topic: string) => {
    const child = jukebase(["worker"], {
      DATABASE_URL: url,
      KAFKA_BROKERS: address,
      KAFKA_TOPIC: topic,
      LOG_LEVEL: "error",
    });
    child.stderr?.pipe(process.stderr);
    return {
      kill: async () => {
        child.kill("SIGKILL");
        await once(child, "exit");
      },
    };
  };

  test("after a batch was sent and before it was acknowledged: it comes again, with the same ids", async () => {
    const database = await catalogDatabase();
    const { sql, connect } = database;
    const topic = newTopic();
    const stop = startWriters(sql, 2, 40);
    await until("there is a lot", async () => (await truth(sql)).length > 800);
    await stop();
    const keeper = connect({ max: 1 });
    // Who acknowledges waits for a minute.
    await keeper.unsafe(`
      create function public.tarry() returns trigger language plpgsql as 'begin perform pg_sleep(60); return new; end';
      create trigger tarry before update on feed.consumer for each row execute function public.tarry()`);
    const first = startProcess(database, topic);
    const [pid] = await until("a batch is to be acknowledged", async () => {
      const rows = await keeper`
        select pid from pg_stat_activity
        where datname = current_database() and application_name = 'jukebase kafka' and wait_event = 'PgSleep'`;
      return rows.length > 0 && rows.map((row) => row.pid);
    });
    const received = await read(address, topic);
    await until("the batch is read", () => values(received).length === 500);
    const sent = [...received];
    await first.kill();
    await keeper`select pg_terminate_backend(${pid})`;
    await keeper.unsafe("drop trigger tarry on feed.consumer");

    const second = startProcess(database, topic);
    await untilPublished(sql, received);
    await until("the batch is read again", () => received.length >= (sent.length ?? 0) + 800);
    const all = await truth(sql);
    expect(verdict(values(received), all)).toEqual({ missing: 0, twice: 500, disordered: 0 });
    // Nothing has changed meanwhile: the duplicates are the same to the byte.
    const once = new Map(received.map((message) => [message.headers.ce_id, message.value]));
    expect(sent.filter(({ headers, value }) => once.get(headers.ce_id) !== value)).toEqual([]);
    await second.kill();
  });

  test("again and again while others write: nothing is lost, and everything is in order", async () => {
    const database = await catalogDatabase();
    const { sql } = database;
    const topic = newTopic();
    const stop = startWriters(sql, 2, 40);
    for (let life = 0; life < 4; life++) {
      const before = await place(sql);
      const child = startProcess(database, topic);
      await until("it publishes", async () => (await place(sql)) !== before);
      await sleep(Math.random() * 300);
      await child.kill();
    }
    await stop();
    const last = startProcess(database, topic);
    await until("it has caught up", async () => (await lag(sql)) === 0);
    const received = await read(address, topic);
    await untilPublished(sql, received);
    expect(verdict(values(received), await truth(sql))).toMatchObject({
      missing: 0,
      disordered: 0,
    });
    await last.kill();
  });
});

describe.skipIf(!crash)("the broker is killed", { timeout: 180_000 }, () => {
  test("and comes back: publishing goes on by itself, nothing is lost, and everything is in order", async () => {
    const { sql, url } = await catalogDatabase();
    const topic = newTopic();
    const { logger, lines } = logged();
    await startPublishing(url, settingsOf(address, topic), logger);
    for (let round = 1; round <= 2; round++) {
      const stop = startWriters(sql, 2, 40);
      const before = await place(sql);
      await until("it publishes", async () => (await place(sql)) !== before);
      await crash?.kill();
      await until("it is told", () => lines.at(-1)?.code === "JB320");

      // Whatever is written meanwhile waits; the place does not move.
      const down = await place(sql);
      const behind = (await lag(sql)) ?? 0;
      await until("more waits", async () => ((await lag(sql)) ?? 0) > behind + 200);
      await stop();
      expect(await place(sql)).toBe(down);

      await crash?.restart();
      await until("it goes on", () => lines.at(-1)?.code === undefined);
    }
    await until("it has caught up", async () => (await lag(sql)) === 0);
    const received = await read(address, topic);
    await untilPublished(sql, received);
    expect(verdict(values(received), await truth(sql))).toMatchObject({
      missing: 0,
      disordered: 0,
    });
    // Each state once, however long it lasted.
    const down = "kafka: no broker is ready";
    const again = "kafka: the feed is being published again";
    expect(lines.map(({ msg }) => msg)).toEqual(lines.map((_, n) => (n % 2 === 0 ? down : again)));
  });

  test("before a batch is sent: the place does not move until the broker has acknowledged it", async () => {
    const { sql, url } = await catalogDatabase();
    const topic = newTopic();
    const { logger, lines } = logged();
    const artist = (name: string) => deliver(sql, "local", [{ kind: "artist", id: name, name }]);
    await artist("one");
    await startPublishing(url, settingsOf(address, topic), logger);
    await until("it is published", async () => (await lag(sql)) === 0);
    await untilPublished(sql, await read(address, topic));
    const before = await place(sql);
    await crash?.kill();
    try {
      await artist("two");
      await until("it is told", () => lines.at(-1)?.code === "JB320");
      expect(await place(sql)).toBe(before);
      expect(await lag(sql)).toBe(1);
    } finally {
      await crash?.restart();
    }
    await until("it is published", async () => (await lag(sql)) === 0);
    const received = await read(address, topic);
    await untilPublished(sql, received);
    expect(verdict(values(received), await truth(sql))).toMatchObject({
      missing: 0,
      disordered: 0,
    });
  });

  test("and is not there when the worker starts: it waits, and stops when it is told to", async () => {
    const { sql, url } = await catalogDatabase();
    const topic = newTopic();
    const { logger, lines } = logged();
    await crash?.kill();
    try {
      const stop = startWriters(sql, 1, 40);
      await until("there is something", async () => (await truth(sql)).length > 0);
      await stop();
      const waiting = await startPublishing(url, settingsOf(address, topic), logger);
      await until("it is told", () => lines.length > 0);
      await waiting.stop();
      expect(await lag(sql)).toBe((await truth(sql)).length);
    } finally {
      await crash?.restart();
    }
    await startPublishing(url, settingsOf(address, topic), logger);
    await until("it has caught up", async () => (await lag(sql)) === 0);
    const received = await read(address, topic);
    await untilPublished(sql, received);
    expect(verdict(values(received), await truth(sql))).toEqual({
      missing: 0,
      twice: 0,
      disordered: 0,
    });
  });
});
