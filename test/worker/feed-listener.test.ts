import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import { listenToFeed } from "../../lib/feed-listener.ts";
import { testDatabase } from "../database.ts";
import { connections, terminate, until } from "./until.ts";

const { sql, url } = await testDatabase();
const logger = pino({ level: "silent" });

/** A listener that counts its calls. */
async function listen() {
  const calls = { count: 0 };
  const stop = await listenToFeed(url, { logger, onChange: () => calls.count++ });
  onTestFinished(() => stop().catch(() => {}));
  return { calls, stop };
}

const notify = () => sql`select pg_notify('jukebase_feed', '')`;

test("it calls on connect, when it listens already", async () => {
  const calls: Promise<number>[] = [];
  const stop = await listenToFeed(url, {
    logger,
    onChange: () => {
      // What is committed from here on is heard of: the connection has nothing left to send.
      calls.push(
        sql`select count(*)::int as n from pg_stat_activity
          where datname = current_database() and application_name = 'jukebase listener'
            and query like 'LISTEN%' and state = 'idle'`.then(([row]) => row?.n),
      );
    },
  });
  onTestFinished(stop);
  expect(await Promise.all(calls)).toEqual([1]);
});

test("it calls on each notification, and on none of another channel", async () => {
  const { calls } = await listen();
  await until("it has connected", () => calls.count === 1);
  await notify();
  await until("it has heard", () => calls.count === 2);
  await sql`select pg_notify('another', '')`;
  await notify();
  await until("it has heard again", () => calls.count >= 3);
  expect(calls.count).toBe(3);
});

test("it calls again when its connection was lost, and hears what comes then", {
  timeout: 60_000,
}, async () => {
  const { calls } = await listen();
  for (let round = 0; round < 3; round++) {
    const before = calls.count;
    expect(await terminate(sql, "jukebase listener")).toBe(1);
    await until("it has connected again", () => calls.count > before);
    const connected = calls.count;
    await notify();
    await until("it hears", () => calls.count > connected);
  }
});

test("when stopped it calls no more and leaves no connection", async () => {
  const { calls, stop } = await listen();
  await stop();
  await until("the connection is gone", async () => {
    return (await connections(sql, "jukebase listener")).length === 0;
  });
  const { count } = calls;
  await notify();
  await sql`select pg_sleep(0.1)`;
  expect(calls.count).toBe(count);
});

test("when stopped while it connects anew it stays away", { timeout: 60_000 }, async () => {
  const { stop } = await listen();
  for (let tries = 0; tries < 2; tries++) await terminate(sql, "jukebase listener");
  await stop();
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(await connections(sql, "jukebase listener")).toEqual([]);
});

test("what cannot be reached is an error, and nothing is left behind", async () => {
  const nowhere = new URL(url);
  nowhere.pathname = "/no_such_database";
  await expect(listenToFeed(nowhere.href, { logger, onChange: () => {} })).rejects.toMatchObject({
    code: "3D000",
  });
});
