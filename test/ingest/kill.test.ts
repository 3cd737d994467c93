import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres, { type Sql } from "postgres";
import { expect, test } from "vitest";
import type { Binaries } from "../../lib/database/binaries.ts";
import { startCluster } from "../../lib/database/cluster.ts";
import { endLeftovers } from "../../lib/database/leftovers.ts";
import { deliver, receive } from "../../lib/ingest/delivery.ts";
import { up } from "../../lib/migrate/migrate.ts";
import { ownBinaries } from "../binaries.ts";
import { jukebase } from "../command-line.ts";

const binaries = ownBinaries();
/** Records of a delivery: six batches. */
const COUNT = 6_000;
/** Artists they refer to. */
const ARTISTS = 97;

/** A server of the test's own, with a catalog: it is to be killed. */
const withServer = test.extend<{ directory: string }>({
  directory: async ({ skip, onTestFinished }, use) => {
    if (!binaries) skip("no Postgres programs on this machine");
    const directory = mkdtempSync(join(tmpdir(), "jukebase-kill-"));
    onTestFinished(async () => {
      const data = join(directory, "data");
      if (existsSync(data)) await endLeftovers(data);
      rmSync(directory, { recursive: true, force: true });
    });
    await use(directory);
  },
});

function server(directory: string, port?: number) {
  return startCluster({ binaries: binaries as Binaries, directory, durable: true, port });
}

function connect(url: string): Sql {
  return postgres(url, { max: 4, onnotice: () => {}, connection: { application_name: "test" } });
}

/** A file of tracks by artists: each artist is referred to by tracks of many batches. */
function delivery(directory: string): string {
  const lines = Array.from({ length: COUNT }, (_, n) =>
    JSON.stringify({
      kind: "track",
      id: `t${n}`,
      title: `Track ${n}`,
      ids: { isrc: `QZABC24${String(n).padStart(5, "0")}` },
      credits: [
        { contributor: { kind: "artist", id: `a${n % ARTISTS}` }, role: "artist", position: 1 },
      ],
    }),
  );
  const path = join(directory, "tracks.ndjson");
  writeFileSync(path, lines.join("\n"));
  return path;
}

function worker(url: string) {
  const child = jukebase(["worker"], { DATABASE_URL: url, LOG_LEVEL: "silent" });
  return {
    kill: async () => {
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}

/** Batches of the run that are done; -1 when it is over. */
async function progress(sql: Sql): Promise<number> {
  const [row] = await sql<[{ done: number }]>`
    select case when status = 'succeeded' then -1 else coalesce(upper(done), 1)::int / 1000 end as done
    from ops.run order by run_id desc limit 1`;
  return row.done;
}

async function until(sql: Sql, isReached: (done: number) => boolean): Promise<void> {
  await expect
    .poll(async () => isReached(await progress(sql).catch(() => 0)), {
      timeout: 240_000,
      interval: 50,
    })
    .toBe(true);
}

/** Everything is there, once, and the same delivery again changes nothing. */
async function verify(sql: Sql, path: string): Promise<void> {
  const [run] =
    await sql`select status, new::int, changed::int from ops.run order by run_id desc limit 1`;
  expect(run).toEqual({ status: "succeeded", new: COUNT, changed: 0 });
  const [counts] = await sql`
    select
      (select count(*)::int from ingest.record where kind = 'track' and body is not null and version = 1) as records,
      (select count(*)::int from catalog.track) as tracks,
      (select count(*)::int from catalog.artist) as artists,
      (select count(*)::int from catalog.credit) as credits,
      (select count(*)::int from identity.external_id where source = 'isrc') as isrcs,
      (select count(*)::int from feed.event where kind = 'track') as events,
      (select count(*)::int from ingest.record_version) as versions`;
  expect(counts).toEqual({
    records: COUNT,
    tracks: COUNT,
    artists: ARTISTS,
    credits: COUNT,
    isrcs: COUNT,
    events: COUNT,
    versions: 0,
  });
  expect(await deliver(sql, path)).toMatchObject({
    unchanged: COUNT,
    new: 0,
    changed: 0,
    entitiesChanged: 0,
  });
}

withServer(
  "a worker that is killed again and again: the next one goes on",
  { timeout: 600_000 },
  async ({ directory }) => {
    const { url, stop } = await server(directory);
    await up(url);
    const sql = connect(url);
    try {
      const path = delivery(directory);
      await receive(sql, path);
      for (const least of [1, 2, 3]) {
        const killed = worker(url);
        await until(sql, (done) => done >= least || done === -1);
        await killed.kill();
        expect(await progress(sql)).toBeGreaterThanOrEqual(least);
      }
      const last = worker(url);
      await until(sql, (done) => done === -1);
      await last.kill();
      await verify(sql, path);
      // It was not taken in by the first one: it was killed in the middle.
      expect(await sql`select from ops.run where attempts >= 2`).toHaveLength(1);
    } finally {
      await sql.end();
      await stop();
    }
  },
);

withServer(
  "a backend that is killed in the middle of a batch: the server recovers, the worker goes on",
  { timeout: 600_000 },
  async ({ directory }) => {
    const { url, stop } = await server(directory);
    await up(url);
    const sql = connect(url);
    try {
      const path = delivery(directory);
      await receive(sql, path);
      const living = worker(url);
      await until(sql, (done) => done >= 1 || done === -1);
      const [busy] = await sql<{ pid: number }[]>`
      select pid from pg_stat_activity where state = 'active' and query like '%ingest:apply%' and pid <> pg_backend_pid()`;
      expect(busy).toBeDefined();
      process.kill(busy?.pid ?? 0, "SIGKILL");
      await until(sql, (done) => done === -1);
      await living.kill();
      await verify(sql, path);
    } finally {
      await sql.end();
      await stop();
    }
  },
);

withServer(
  "a server that is killed and started again: the worker goes on",
  { timeout: 600_000 },
  async ({ directory }) => {
    const first = await server(directory);
    await up(first.url);
    const sql = connect(first.url);
    const path = delivery(directory);
    await receive(sql, path);
    const living = worker(first.url);
    await until(sql, (done) => done >= 1 || done === -1);
    process.kill(first.pid, "SIGKILL");
    await first.ended;
    await first.stop().catch(() => {});
    const second = await server(directory, Number(new URL(first.url).port));
    const again = connect(second.url);
    try {
      expect(await progress(again)).not.toBe(-1);
      await until(again, (done) => done === -1);
      await living.kill();
      await verify(again, path);
    } finally {
      await sql.end({ timeout: 1 });
      await again.end();
      await second.stop();
    }
  },
);
