import { pino } from "pino";
import { afterEach, expect, test } from "vitest";
import { startWorker, type Worker } from "../../lib/worker/worker.ts";
import { deliver, insertEntity } from "../catalog-builder.ts";
import { testDatabase } from "../database.ts";
import { found } from "../descriptor/documents.ts";
import { connections, terminate, until } from "./until.ts";

const { sql, url } = await testDatabase();
const silent = pino({ level: "silent" });
const limit = { timeout: 120_000 };

let running: Worker[] = [];
async function start(): Promise<Worker> {
  const worker = await startWorker(url, silent);
  worker.ended.catch(() => {});
  running.push(worker);
  return worker;
}
afterEach(async () => {
  await Promise.all(running.map((worker) => worker.stop()));
  running = [];
});

const searchable = (name: string, kinds: string[] | null = null) =>
  until(`${name} is found`, async () => (await found(sql, name, kinds)).length > 0);

/** The process ids of the notifiers that lead. */
async function leaders(): Promise<number[]> {
  const rows = await sql`
    select a.pid
    from pg_locks l
    join pg_stat_activity a on a.pid = l.pid
    where l.locktype = 'advisory' and l.granted
      and a.datname = current_database() and a.application_name = 'jukebase notifier'`;
  return rows.map(({ pid }) => pid);
}

test("what was there before the worker is searchable by itself", limit, async () => {
  await insertEntity(sql, "artist", "early bird");
  await start();
  await searchable("early bird");
});

test(
  "what changes while the worker runs is searchable by itself, dependents too",
  limit,
  async () => {
    await start();
    const artist = (name: string) => ({ kind: "artist" as const, id: "a", name });
    await deliver(sql, "local", [
      artist("first name"),
      {
        kind: "track",
        id: "t",
        title: "a song",
        credits: [{ contributor: { kind: "artist", id: "a" }, role: "artist" }],
      },
    ]);
    await searchable("first name", ["track"]);
    await deliver(sql, "local", [artist("second name")]);
    await searchable("second name", ["track"]);
    expect(await found(sql, "first name")).toEqual([]);
  },
);

test("more than one chunk of changes is drained", limit, async () => {
  await start();
  await deliver(
    sql,
    "local",
    Array.from({ length: 1300 }, (_, n) => ({
      kind: "work" as const,
      id: `w${n}`,
      title: `work ${n}`,
    })),
  );
  await until("all are built", async () => {
    const [row] = await sql`
      select (select count(*)::int from descriptor.dirty) as marks,
        (select count(*)::int from descriptor.document where kind = 'work') as documents`;
    return row?.marks === 0 && row.documents === 1300;
  });
});

test(
  "of two workers one leads, and when its connection ends the other takes over",
  limit,
  async () => {
    await Promise.all([start(), start()]);
    const [leader] = await until("somebody leads", async () => {
      const found = await leaders();
      return found.length > 0 && found;
    });
    await until(
      "both are there",
      async () => (await connections(sql, "jukebase notifier")).length === 2,
    );
    expect(await leaders()).toEqual([leader]);

    let heard = 0;
    const listening = await sql.listen("jukebase_feed", () => {
      heard += 1;
    });
    await sql`select pg_terminate_backend(${leader ?? null})`;
    const [next] = await until("somebody else leads", async () => {
      const found = await leaders();
      return found.length > 0 && !found.includes(leader ?? 0) && found;
    });
    expect(next).not.toBe(leader);
    await until(
      "both are there again",
      async () => (await connections(sql, "jukebase notifier")).length === 2,
    );
    expect(await leaders()).toHaveLength(1);

    // A new leader announces the feed from its beginning, once: only what comes after that counts here.
    await until("the feed is announced anew", () => heard > 0);
    const before = heard;
    await insertEntity(sql, "artist", "later change");
    await until("a later change is announced", () => heard > before);
    await searchable("later change");
    await listening.unlisten();
  },
);

test("a worker goes on when all of its connections are ended", limit, async () => {
  await start();
  await insertEntity(sql, "artist", "before the cut");
  await searchable("before the cut");
  for (let round = 1; round <= 5; round++) {
    // Cut in the middle of the work: the queue must not take the process with it.
    for (let n = 0; n < 5; n++) {
      await insertEntity(sql, "artist", `during cut ${round}`);
      await terminate(sql);
    }
    await insertEntity(sql, "artist", `after cut ${round}`);
    await searchable(`after cut ${round}`);
    await searchable(`during cut ${round}`);
  }
});

test("work that is done leaves no job behind, however many changes there were", limit, async () => {
  await start();
  for (let n = 0; n < 20; n++) await insertEntity(sql, "artist", `burst ${n}`);
  await searchable("burst 19");
  await until("the queue is empty", async () => {
    const [row] =
      await sql`select count(*)::int as jobs from graphile_worker.jobs where locked_at is null`;
    return row?.jobs === 0;
  });
});

test("stop ends every connection", limit, async () => {
  const workers = await Promise.all([start(), start()]);
  await insertEntity(sql, "artist", "last words");
  await searchable("last words");
  expect((await connections(sql)).length).toBeGreaterThan(4);
  await Promise.all(workers.map((worker) => worker.stop()));
  running = [];
  await Promise.all(workers.map((worker) => worker.ended));
  await until("no connection is left", async () => (await connections(sql)).length === 0);
});

test("stop ends every connection when they have just been cut", limit, async () => {
  const worker = await start();
  await insertEntity(sql, "artist", "nearly done");
  await searchable("nearly done");
  await terminate(sql);
  await worker.stop();
  running = [];
  await until("no connection is left", async () => (await connections(sql)).length === 0);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(await connections(sql)).toEqual([]);
});
