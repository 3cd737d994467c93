import { spawn } from "node:child_process";
import { closeSync, openSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { readConfig } from "../lib/config.ts";
import { identity, serverAccount } from "../lib/database/account.ts";
import { claim } from "../lib/database/claim.ts";
import { freePort } from "../lib/database/port.ts";
import { openDatabase } from "../lib/database/provider.ts";
import { Problem } from "../lib/problem.ts";

/** The settings of a server of our own: those of production on a machine of a few gigabytes. */
const settings = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  fsync: "on",
  full_page_writes: "on",
  synchronous_commit: "on",
  shared_buffers: "1GB",
  effective_cache_size: "3GB",
  work_mem: "16MB",
  maintenance_work_mem: "256MB",
  max_wal_size: "4GB",
  checkpoint_timeout: "15min",
  random_page_cost: "1.1",
  jit: "off",
};

const databaseName = "jukebase_bench";

export type BenchServer = {
  /** The URL of the bench's own database. */
  url: string;
  /** Drops the bench's database when it is there, and makes an empty one. */
  recreate(): Promise<void>;
  /** Without `keep` drops the database, or removes the server, and its data. */
  close(): Promise<void>;
};

/**
 * The server to measure on: that of BENCH_DATABASE_URL, in a database `jukebase_bench` of the bench's own, or
 * one of our own, in DATA_DIR/bench. Raises JB002 and what a server that will not start raises.
 */
export async function benchServer({ keep }: { keep: boolean }): Promise<BenchServer> {
  const url = process.env.BENCH_DATABASE_URL;
  if (url) return onServer(url, (drop) => (keep ? Promise.resolve() : drop()));

  const own = await ownServer();
  return onServer(own.url, async () => {
    await own.stop();
    if (!keep) rmSync(own.directory, { recursive: true, force: true });
  });
}

async function onServer(
  serverUrl: string,
  close: (drop: () => Promise<void>) => Promise<void>,
): Promise<BenchServer> {
  const url = new URL(serverUrl);
  url.pathname = `/${databaseName}`;
  const admin = postgres(serverUrl, { max: 1, onnotice: () => {} });
  const drop = async () => {
    await admin`drop database if exists ${admin(databaseName)} with (force)`;
  };
  const create = async () => {
    await admin`create database ${admin(databaseName)} template template0`;
  };
  const [found] = await admin`select from pg_database where datname = ${databaseName}`;
  if (!found) await create();
  return {
    url: url.href,
    recreate: () => drop().then(create),
    close: async () => {
      await close(drop);
      await admin.end({ timeout: 5 });
    },
  };
}

/**
 * A server with the settings above. The provider makes the data directory and starts it with the settings
 * of `jukebase start`, which are for a small machine; it is then started again with ours.
 */
async function ownServer(): Promise<{ url: string; directory: string; stop(): Promise<void> }> {
  const config = { ...readConfig(), databaseUrl: undefined, postgresPort: undefined };
  const made = await openDatabase({
    purpose: "start",
    config,
    directory: join(config.dataDir, "bench"),
  });
  const { directory } = made;
  if (!directory) {
    await made.stop();
    throw new Problem({
      code: "JB002",
      message: "there is no Postgres on this machine whose settings the bench can choose",
      hint: "set BENCH_DATABASE_URL to a server with 1 GB of shared buffers, as its superuser",
    });
  }
  const programs = await programsOf(made.url).finally(made.stop);

  const release = claim(directory);
  const data = join(directory, "data");
  const port = await freePort();
  const log = openSync(join(directory, "server.log"), "a", 0o644);
  const flags = Object.entries({ ...settings, port }).flatMap(([name, value]) => [
    "-c",
    `${name}=${value}`,
  ]);
  const server = spawn(join(programs, "postgres"), ["-D", data, ...flags], {
    ...identity(serverAccount(data)),
    cwd: data,
    detached: true,
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  const exit = new Promise<void>((resolve) => server.once("close", () => resolve()));
  const farewell = () => server.kill("SIGINT");
  process.once("exit", farewell);
  const stop = async () => {
    server.kill("SIGINT");
    await exit;
    process.removeListener("exit", farewell);
    release();
  };
  const url = new URL(made.url);
  url.port = String(port);
  try {
    await takesConnections(url.href);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: url.href, directory, stop };
}

async function programsOf(url: string): Promise<string> {
  const sql = postgres(url, { max: 1 });
  const [row] = await sql<{ setting: string }[]>`
    select setting from pg_config where name = 'BINDIR'`.finally(() => sql.end());
  return row?.setting ?? "";
}

async function takesConnections(url: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const sql = postgres(url, { max: 1, connect_timeout: 5 });
    try {
      await sql`select`;
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(50);
    } finally {
      await sql.end({ timeout: 1 });
    }
  }
}
