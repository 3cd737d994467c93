import { join } from "node:path";
import postgres from "postgres";
import type { Problem } from "../problem.ts";
import { serverAccount } from "./account.ts";
import type { Binaries } from "./binaries.ts";
import { claim } from "./claim.ts";
import { inspectData, prepareDirectory, reachableBinaries } from "./directory.ts";
import { makeData, savedPassword } from "./initdb.ts";
import { superuser } from "./installation.ts";
import { endLeftovers } from "./leftovers.ts";
import { startPostmaster } from "./postmaster.ts";

export type ClusterOptions = {
  binaries: Binaries;
  /** Where the cluster lives. */
  directory: string;
  /** The port to listen on; any free one without it. */
  port?: number | undefined;
  /** False for tests: commits do not wait for the disk. */
  durable: boolean;
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
  const account = serverAccount(join(options.directory, "data"));
  const base = prepareDirectory(options.directory, account);
  const release = claim(base);
  try {
    const data = join(base, "data");
    const state = inspectData(data, binaries.major);
    const bin = reachableBinaries(binaries, base, account);
    const installation = { bin, major: binaries.major, base, data, account, durable };
    if (state === "absent") makeData(installation);
    const password = savedPassword(base);
    await endLeftovers(data);
    const postmaster = await startPostmaster(installation, options.port);
    const stop = () => postmaster.stop().finally(release);
    const server = `postgres://${superuser}:${password}@127.0.0.1:${postmaster.port}`;
    await createDatabase(server).catch(async (error) => {
      await stop();
      throw error;
    });
    const { pid, ended } = postmaster;
    return { url: `${server}/${superuser}`, directory: base, pid, stop, ended };
  } catch (error) {
    release();
    throw error;
  }
}

async function createDatabase(server: string): Promise<void> {
  const sql = postgres(`${server}/postgres`, { max: 1, onnotice: () => {} });
  try {
    const [found] = await sql`select from pg_database where datname = ${superuser}`;
    if (!found) await sql`create database ${sql(superuser)}`;
  } finally {
    await sql.end({ timeout: 5 });
  }
}
