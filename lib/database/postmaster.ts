import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Problem } from "../problem.ts";
import { identity } from "./account.ts";
import { environment, type Installation } from "./installation.ts";
import { freePort } from "./port.ts";
import { statusFile } from "./status-file.ts";

export type Postmaster = {
  pid: number;
  port: number;
  /** Fast shutdown: sessions are ended, work in flight rolled back. Resolves when the server is gone. */
  stop(): Promise<void>;
  /** Resolves, with the reason, when the server ends without having been stopped. */
  ended: Promise<Problem>;
};

/**
 * Starts the server and returns when it takes connections. It runs in a session of its own, so that Ctrl-C
 * in the terminal reaches jukebase alone, which then stops it in order. Raises JB008, JB011.
 */
export async function startPostmaster(
  installation: Installation,
  wantedPort?: number,
): Promise<Postmaster> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort(wantedPort);
    const server = spawnServer(installation, port);
    const exit = takenAlong(server);
    if (await becomesReady(server, installation.data))
      return watched(server, exit, port, installation);
    // The free port may have been taken in the meantime.
    const portTaken = /Address already in use/.test(lastWords(installation.base));
    if (!(portTaken && attempt < 3)) throw deadServer(installation, "does not start");
  }
}

function spawnServer({ bin, base, data, account, durable }: Installation, port: number) {
  const log = join(base, "server.log");
  if (existsSync(log)) renameSync(log, `${log}.1`);
  const output = openSync(log, "a", 0o644);
  try {
    return spawn(join(bin, "postgres"), ["-D", data, ...flags(settings(port, durable))], {
      ...identity(account),
      cwd: data,
      env: environment(),
      detached: true,
      stdio: ["ignore", output, output],
    });
  } finally {
    closeSync(output);
  }
}

function settings(port: number, durable: boolean): Record<string, string | number> {
  return {
    listen_addresses: "127.0.0.1",
    port,
    unix_socket_directories: "",
    shared_buffers: "256MB",
    timezone: "UTC",
    log_timezone: "UTC",
    jit: "off",
    random_page_cost: 1.1,
    ...(durable
      ? { max_connections: 100, max_wal_size: "2GB" }
      : {
          max_connections: 200,
          fsync: "off",
          full_page_writes: "off",
          synchronous_commit: "off",
          max_wal_size: "4GB",
          checkpoint_timeout: "30min",
        }),
  };
}

function flags(values: Record<string, string | number>): string[] {
  return Object.entries(values).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

/**
 * Whatever ends this process, short of SIGKILL, takes the server along. Resolves when the server is gone.
 */
function takenAlong(server: ChildProcess): Promise<void> {
  const farewell = () => server.kill("SIGINT");
  process.once("exit", farewell);
  return new Promise((resolve) => {
    server.once("exit", () => {
      process.removeListener("exit", farewell);
      resolve();
    });
  });
}

/** True once the server takes connections, which after a crash waits for recovery; false when it ended. */
async function becomesReady(server: ChildProcess, data: string): Promise<boolean> {
  let failed = server.pid === undefined;
  server.once("error", () => {
    failed = true;
  });
  while (!failed && server.exitCode === null && server.signalCode === null) {
    const status = statusFile(data);
    if (status?.ready && status.pid === server.pid) return true;
    await sleep(20);
  }
  return false;
}

function watched(
  server: ChildProcess,
  exit: Promise<void>,
  port: number,
  installation: Installation,
): Postmaster {
  const pid = server.pid as number;
  let stopping = false;
  const ended = new Promise<Problem>((resolve) => {
    exit.then(() => {
      if (!stopping) resolve(deadServer(installation, `ended by itself${howItEnded(server)}`));
    });
  });
  const stop = async () => {
    if (!stopping) {
      stopping = true;
      server.kill("SIGINT");
    }
    await exit;
  };
  return { pid, port, stop, ended };
}

function howItEnded({ signalCode, exitCode }: ChildProcess): string {
  return signalCode ? `, killed by ${signalCode}` : `, with exit code ${exitCode}`;
}

function deadServer({ base }: Installation, what: string): Problem {
  return new Problem({
    code: "JB011",
    message: `the database server ${what}`,
    detail: lastWords(base),
    hint: `its log is ${join(base, "server.log")}`,
  });
}

function lastWords(base: string): string {
  try {
    return readFileSync(join(base, "server.log"), "utf8").trim().split("\n").slice(-5).join("\n");
  } catch {
    return "";
  }
}
