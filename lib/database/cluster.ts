import { join } from "node:path";
import postgres from "postgres";
import { Problem } from "../problem.ts";
import { serverAccount } from "./account.ts";
import type { Binaries } from "./binaries.ts";
import { claim, livingOwner } from "./claim.ts";
import { inspectData, prepareDirectory, reachableBinaries } from "./directory.ts";
import { makeData, savedPassword } from "./initdb.ts";
import { superuser } from "./installation.ts";
import { endLeftovers } from "./leftovers.ts";
import { startPostmaster } from "./postmaster.ts";
import { eventually } from "./processes.ts";
import { statusFile } from "./status-file.ts";

export type ClusterOptions = {
  binaries: Binaries;
  /** Where the cluster lives. */
  directory: string;
  /** The port to listen on; any free one without it. */
  port?: number | undefined;
  /** False for tests: commits do not wait for the disk. */
  durable: boolean;
  /** Use the server another jukebase runs on the directory, where there is one. */
  attach?: boolean;
};

export type Cluster = {
  /** The superuser's URL of the database `jukebase`. */
  url: string;
  /** The directory in use: another than the wanted one when the server's account cannot enter that. */
  directory: string;
  /** The postmaster's process id. */
  pid: number;
  /** Fast shutdown; resolves when the server is gone. */
  stop(): Promise<void>;
  /** Resolves, with the reason, when the server ends without having been stopped. */
  ended: Promise<Problem>;
};

/**
 * Starts a Postgres server on a data directory of our own, made on first use, and returns when it takes
 * connections. It listens on 127.0.0.1 alone, wants a password that only this user can read, and runs as
 * an unprivileged account when this process is root. What a killed process left behind is ended first.
 * Raises JB008 to JB013.
 */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { binaries, durable } = options;
  const base = prepareDirectory(options.directory, serverAccount(join(options.directory, "data")));
  const data = join(base, "data");
  const account = serverAccount(data);
  if (options.attach && livingOwner(base)) return attach(base, data);
  const release = claim(base);
  try {
    const state = inspectData(data, binaries.major);
    const bin = reachableBinaries(binaries, base, account);
    const installation = { bin, major: binaries.major, base, data, account, durable };
    if (state === "absent") makeData(installation);
    await endLeftovers(data);
    const postmaster = await startPostmaster(installation, options.port);
    const stop = () => postmaster.stop().finally(release);
    await createDatabase(urlOf(base, postmaster.port, "postgres")).catch(async (error) => {
      await stop();
      throw error;
    });
    const { pid, port, ended } = postmaster;
    return { url: urlOf(base, port, superuser), directory: base, pid, stop, ended };
  } catch (error) {
    release();
    throw error;
  }
}

/** The server another process runs on the directory. Raises JB003 when it takes no connections in time. */
async function attach(base: string, data: string): Promise<Cluster> {
  const ready = await eventually(() => statusFile(data)?.ready === true, 60_000);
  const status = statusFile(data);
  if (!ready || !status) {
    throw new Problem({
      code: "JB003",
      message: `the server that jukebase runs on ${base} does not take connections`,
      hint: `its log is ${join(base, "server.log")}`,
    });
  }
  return {
    url: urlOf(base, status.port, superuser),
    directory: base,
    pid: status.pid,
    stop: async () => {},
    ended: new Promise(() => {}),
  };
}

function urlOf(base: string, port: number, database: string): string {
  return `postgres://${superuser}:${savedPassword(base)}@127.0.0.1:${port}/${database}`;
}

async function createDatabase(url: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    const [found] = await sql`select from pg_database where datname = ${superuser}`;
    if (!found) await sql`create database ${sql(superuser)}`;
  } finally {
    await sql.end({ timeout: 5 });
  }
}
