import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { expect, onTestFinished, test } from "vitest";
import type { Binaries } from "../../lib/database/binaries.ts";
import { type ClusterOptions, startCluster } from "../../lib/database/cluster.ts";
import { endLeftovers } from "../../lib/database/leftovers.ts";
import { isAlive, serverProcesses } from "../../lib/database/processes.ts";
import { projectPath } from "../../lib/project.ts";
import { ownBinaries } from "../binaries.ts";

const binaries = ownBinaries();

const withServer = test.extend<{ directory: string }>({
  directory: async ({ skip, onTestFinished }, use) => {
    if (!binaries) skip("no Postgres programs on this machine");
    const directory = mkdtempSync(join(tmpdir(), "jukebase-cluster-"));
    onTestFinished(async () => {
      const data = join(directory, "data");
      if (existsSync(data)) await endLeftovers(data);
      rmSync(directory, { recursive: true, force: true });
    });
    await use(directory);
  },
});

function start(directory: string, options: Partial<ClusterOptions> = {}) {
  return startCluster({ binaries: binaries as Binaries, directory, durable: false, ...options });
}

async function query<T>(url: string, text: string): Promise<T> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    const [row] = await sql.unsafe(text);
    return Object.values(row ?? {})[0] as T;
  } finally {
    await sql.end();
  }
}

withServer(
  "a stopped server leaves no process, and its data is there next time",
  async ({ directory }) => {
    const first = await start(directory);
    await query(first.url, "create table kept as select 1");
    await first.stop();
    expect(serverProcesses(join(directory, "data"))).toEqual([]);
    expect(existsSync(join(directory, "owner.json"))).toBe(false);
    const second = await start(directory);
    expect(await query(second.url, "select count(*)::int from kept")).toBe(1);
    await second.stop();
  },
);

withServer(
  "the server listens on loopback alone and wants a password only we can read",
  async ({ directory }) => {
    const { url, stop } = await start(directory);
    expect(await query(url, "show listen_addresses")).toBe("127.0.0.1");
    expect(await query(url, "show unix_socket_directories")).toBe("");
    const stranger = new URL(url);
    stranger.password = "guess";
    await expect(query(stranger.href, "select 1")).rejects.toMatchObject({ code: "28P01" });
    expect(statSync(join(directory, "password")).mode & 0o777).toBe(0o600);
    await stop();
  },
);

withServer("the server never runs as root", async ({ directory }) => {
  const { stop } = await start(directory);
  expect(statSync(join(directory, "data")).uid).not.toBe(0);
  await stop();
});

withServer("upper and lower know Unicode, and sorting is by code point", async ({ directory }) => {
  const { url, stop } = await start(directory);
  expect(await query(url, "select lower('BJÖRK ÉTÉ')")).toBe("björk été");
  expect(await query(url, "select 'Z' < 'a' and 'z' < 'é'")).toBe(true);
  await stop();
});

withServer(
  "a server whose jukebase was killed is ended and started anew",
  async ({ directory }) => {
    const first = await start(directory);
    forgetOwner(directory);
    const second = await start(directory);
    expect(isAlive(first.pid)).toBe(false);
    expect(await query(second.url, "select 1")).toBe(1);
    await second.stop();
  },
);

withServer("backends that outlive a killed postmaster are ended", async ({ directory }) => {
  const first = await start(directory);
  const sql = postgres(first.url, { max: 1 });
  // Busy in a way that does not notice the death of the postmaster.
  const busy = sql`select count(*) from generate_series(1, 10000000000)`.catch(() => {});
  await expect
    .poll(() =>
      query(
        first.url,
        "select count(*)::int from pg_stat_activity where query like '%10000000000)' and state = 'active' and pid <> pg_backend_pid()",
      ),
    )
    .toBe(1);
  process.kill(first.pid, "SIGKILL");
  expect((await first.ended).message).toBe(
    "the database server ended by itself, killed by SIGKILL",
  );
  expect(serverProcesses(join(directory, "data"))).not.toEqual([]);
  forgetOwner(directory);
  const second = await start(directory);
  expect(await query(second.url, "select 1")).toBe(1);
  await busy;
  await sql.end({ timeout: 0 });
  await second.stop();
});

withServer(
  "a postmaster.pid whose id now belongs to another process is no obstacle",
  async ({ directory }) => {
    await (await start(directory)).stop();
    const data = join(directory, "data");
    const { uid, gid } = statSync(data);
    const other = spawn("sleep", ["60"], { uid, gid, cwd: "/" });
    onTestFinished(() => void other.kill());
    writeFileSync(join(data, "postmaster.pid"), `${other.pid}\n${data}\n`);
    const { stop } = await start(directory);
    expect(isAlive(other.pid as number)).toBe(true);
    await stop();
  },
);

withServer(
  "a second jukebase on the same directory is refused, or attaches when it asks to",
  async ({ directory }) => {
    const first = await start(directory);
    await expect(start(directory)).rejects.toMatchObject({
      code: "JB010",
      message: `another jukebase runs on ${directory}, as process ${process.pid}`,
    });
    const attached = await start(directory, { attach: true });
    expect(attached.url).toBe(first.url);
    await attached.stop();
    expect(await query(first.url, "select 1")).toBe(1);
    await first.stop();
  },
);

withServer(
  "a data directory of another major version is refused with JB009",
  async ({ directory }) => {
    mkdirSync(join(directory, "data"));
    writeFileSync(join(directory, "data", "PG_VERSION"), "9\n");
    await expect(start(directory)).rejects.toMatchObject({ code: "JB009" });
  },
);

withServer(
  "a directory that holds something else is refused with JB012 and not touched",
  async ({ directory }) => {
    mkdirSync(join(directory, "data"));
    writeFileSync(join(directory, "data", "thesis.txt"), "ten years of work");
    await expect(start(directory)).rejects.toMatchObject({ code: "JB012" });
    expect(readFileSync(join(directory, "data", "thesis.txt"), "utf8")).toBe("ten years of work");
  },
);

withServer("a directory that cannot be made is refused with JB012", async ({ directory }) => {
  writeFileSync(join(directory, "file"), "");
  for (const place of [join(directory, "file", "below"), "/dev/null/below", "/proc/none/below"]) {
    await expect(start(place)).rejects.toMatchObject({ code: "JB012" });
  }
});

withServer("an initdb cut short is started over", async ({ directory }) => {
  mkdirSync(join(directory, "initdb", "data"), { recursive: true });
  writeFileSync(join(directory, "initdb", "data", "PG_VERSION"), "");
  const { stop } = await start(directory);
  await stop();
  expect(existsSync(join(directory, "initdb"))).toBe(false);
});

withServer(
  "a wanted port is used, and refused with JB008 when it is taken",
  async ({ directory }) => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as { port: number };
    await expect(start(directory, { port })).rejects.toMatchObject({ code: "JB008" });
    await new Promise((resolve) => taken.close(resolve));
    const { url, stop } = await start(directory, { port });
    expect(new URL(url).port).toBe(String(port));
    await stop();
  },
);

withServer("a server that cannot start is told with the end of its log", async ({ directory }) => {
  await (await start(directory)).stop();
  writeFileSync(join(directory, "data", "postgresql.auto.conf"), "no_such_setting = 1\n");
  await expect(start(directory)).rejects.toMatchObject({
    code: "JB011",
    detail: expect.stringContaining("no_such_setting"),
  });
});

withServer("a process that ends without a word takes its server along", async ({ directory }) => {
  const script = `
    import { embeddedBinaries, installedBinaries } from ${JSON.stringify(projectPath("lib/database/binaries.ts"))};
    import { startCluster } from ${JSON.stringify(projectPath("lib/database/cluster.ts"))};
    const cluster = await startCluster(JSON.parse(process.argv[1]));
    console.log(cluster.pid);
    process.exit(3);`;
  const options = JSON.stringify({ binaries, directory, durable: false });
  const child = spawn(process.execPath, ["--input-type=module-typescript", "-e", script, options], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [[output]] = await Promise.all([once(child.stdout, "data"), once(child, "exit")]);
  expect(child.exitCode).toBe(3);
  await expect.poll(() => isAlive(Number(output)), { timeout: 10_000 }).toBe(false);
});

/** Makes the claim look like that of a process that is gone: this one's, but started at another time. */
function forgetOwner(directory: string): void {
  const owner = { pid: process.pid, startedAt: "long ago" };
  writeFileSync(join(directory, "owner.json"), JSON.stringify(owner));
}
