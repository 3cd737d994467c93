import { once } from "node:events";
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { deliver, receive } from "../../lib/ingest/delivery.ts";
import { createReader } from "../../lib/ingest/reader.ts";
import { withRunLock } from "../../lib/ingest/run-lock.ts";
import { jukebase, run } from "../command-line.ts";
import { testDatabase } from "../database.ts";
import { until } from "../worker/until.ts";

const directory = mkdtempSync(join(tmpdir(), "jukebase-interrupted-"));
afterAll(() => rmSync(directory, { recursive: true }));

/** A delivery of some seconds. */
function tracks(name: string, count = 30_000): string {
  const path = join(directory, name);
  const lines = Array.from({ length: count }, (_, n) =>
    JSON.stringify({ kind: "track", id: `${name}-${n}`, title: `Track ${n}` }),
  );
  writeFileSync(path, lines.join("\n"));
  return path;
}

function temporary(name: string): string {
  const path = join(directory, name);
  mkdirSync(path);
  return path;
}

test("the lock of a run is held however old its connection becomes", async () => {
  const { connect } = await testDatabase();
  const sql = connect({ max: 1, max_lifetime: 1 });
  const second = await withRunLock(sql, 1, async () => {
    await sleep(2_500);
    return withRunLock(sql, 1, async () => "mine");
  });
  expect(second).toBe("busy");
}, 60_000);

test("a reader that passes over what is dealt with is not taken for one that hangs", async () => {
  const count = 800_000;
  const reader = createReader({ silenceMs: 4_000 });
  const began = performance.now();
  const positions: number[] = [];
  try {
    for await (const reading of reader.read({
      path: tracks("long.ndjson", count),
      name: "long.ndjson",
      format: "ndjson",
      schemes: [],
      batchSize: 1000,
      done: [[1, count]],
    })) {
      if ("batch" in reading) positions.push(reading.batch.first);
    }
  } finally {
    await reader.close();
  }
  expect(positions).toEqual([count]);
  // Else it would not have been silent for long enough.
  expect(performance.now() - began).toBeGreaterThan(4_000);
}, 120_000);

test("ingest that is stopped leaves no files; those of one that was killed go with the next", async () => {
  const { url, sql } = await testDatabase();
  const TMPDIR = temporary("tmp");
  const path = tracks("stopped.ndjson");
  const ours = () => readdirSync(TMPDIR).filter((name) => name.startsWith("jukebase-"));
  const begun = async () => {
    const child = jukebase(["ingest", path], { DATABASE_URL: url, TMPDIR });
    await until("it applies", async () => {
      const [row] = await sql`
        select from ops.run where status = 'running' and heartbeat_at > now() - interval '1 second'`;
      return row !== undefined && ours().length > 0;
    });
    return child;
  };
  const stopped = await begun();
  stopped.kill("SIGINT");
  expect(await once(stopped, "exit")).toEqual([130, null]);
  expect(ours()).toEqual([]);

  const killed = await begun();
  killed.kill("SIGKILL");
  await once(killed, "exit");
  expect(ours()).toHaveLength(1);
  const [foreign = ""] = [`jukebase-delivery-${process.pid}-abcdef`];
  mkdirSync(join(TMPDIR, foreign));

  expect(await run(["ingest", path], { DATABASE_URL: url, TMPDIR })).toMatchObject({ code: 0 });
  // That of a process that is alive stays.
  expect(ours()).toEqual([foreign]);
  const runs = await sql`select status, records::int from ops.run`;
  expect(runs).toEqual([{ status: "succeeded", records: 30_000 }]);
}, 180_000);

test("a delivery that is read where it lies, and is changed meanwhile, has failed", async () => {
  const { sql } = await testDatabase();
  const path = join(directory, "grows.ndjson");
  const line = (n: number) =>
    `${JSON.stringify({ kind: "artist", id: `g${n}`, name: "G", disambiguation: "x".repeat(400) })}\n`;
  writeFileSync(path, Array.from({ length: 80_000 }, (_, n) => line(n % 500)).join(""));
  const reader = createReader();
  let isChanged = false;
  const onProgress = () => {
    if (!isChanged) appendFileSync(path, line(1));
    isChanged = true;
  };
  await expect(deliver(sql, path, { reader, onProgress })).rejects.toMatchObject({ code: "JB208" });
  await reader.close();
  const [run] = await sql`select status, error_code, error from ops.run`;
  expect(run).toEqual({
    status: "failed",
    error_code: "JB208",
    error: "grows.ndjson was changed while it was read",
  });
}, 180_000);

test("a worker that is stopped in the middle of a delivery ends within seconds, and the next one goes on", async () => {
  const { url, sql } = await testDatabase();
  const TMPDIR = temporary("tmp-worker");
  const settings = { DATABASE_URL: url, TMPDIR, LOG_LEVEL: "silent" };
  await receive(sql, tracks("worker.ndjson", 60_000));
  await sql`update ops.run set requested_at = now() - interval '1 minute'`;
  const applied = async () => {
    const [row] = await sql<{ records: number }[]>`select records::int from ops.run`;
    return row?.records ?? 0;
  };
  // Each batch takes its time, so that there is a middle.
  await sql.unsafe(`
    create function public.tarry() returns trigger language plpgsql as 'begin perform pg_sleep(0.5); return null; end';
    create trigger tarry after insert on ingest.record for each statement execute function public.tarry()`);
  const first = jukebase(["worker"], settings);
  await until("a batch is in", async () => (await applied()) > 0);
  first.kill("SIGTERM");
  const began = performance.now();
  await once(first, "exit");
  expect(performance.now() - began).toBeLessThan(15_000);
  expect(readdirSync(TMPDIR).filter((name) => name.startsWith("jukebase-"))).toEqual([]);
  expect(await applied()).toBeLessThan(60_000);

  await sql`drop function public.tarry cascade`;
  const second = jukebase(["worker"], settings);
  await expect.poll(applied, { timeout: 120_000 }).toBe(60_000);
  second.kill("SIGTERM");
  await once(second, "exit");
}, 240_000);
