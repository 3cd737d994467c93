import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { AddressInfo, Socket } from "node:net";
import { createServer as createSocketServer } from "node:net";
import { pino } from "pino";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { follow as followSubscription } from "../../examples/subscription.ts";
import { follow as followEvents } from "../../examples/updates.ts";
import { createServer } from "../../lib/api/server.ts";
import { projectPath } from "../../lib/project.ts";
import { startNotifier } from "../../lib/worker/notifier.ts";
import { deliver } from "../catalog-builder.ts";
import { testDatabase } from "../database.ts";
import { terminate, until } from "../worker/until.ts";

const logger = pino({ level: "silent" });
const { sql, url } = await testDatabase();
await deliver(sql, "local", [{ kind: "artist", id: "first", name: "First" }]);
afterAll(startNotifier(url, logger));

/** A port that nobody has. */
async function freePort(): Promise<number> {
  const socket = createSocketServer().listen(0, "127.0.0.1");
  await once(socket, "listening");
  const { port } = socket.address() as AddressInfo;
  socket.close();
  return port;
}

async function serve(port: number) {
  const server = await createServer({ url, port, host: "127.0.0.1", logger });
  const sockets = new Set<Socket>();
  server.app.server.on("connection", (socket: Socket) => sockets.add(socket));
  await server.listen();
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return { ...server, cut };
}

const head = async () => String((await sql`select feed.head() as cursor`)[0]?.cursor);

let made = 0;
async function make(count: number) {
  const records = Array.from({ length: count }, () => ({
    kind: "artist" as const,
    id: `artist-${++made}`,
    name: `artist ${made}`,
  }));
  await deliver(sql, "local", records);
}

for (const [name, open] of [
  [
    "examples/updates.ts",
    async function* (port: number, after: string, signal: AbortSignal) {
      for await (const { cursor } of followEvents(`http://127.0.0.1:${port}`, { after, signal })) {
        yield cursor;
      }
    },
  ],
  [
    "examples/subscription.ts",
    async function* (port: number, after: string, signal: AbortSignal) {
      const at = `ws://127.0.0.1:${port}/graphql`;
      for await (const { nextCursor } of followSubscription(at, { after, signal })) {
        yield nextCursor;
      }
    },
  ],
] as const) {
  test(`${name} misses nothing and repeats nothing, whatever is lost`, {
    timeout: 120_000,
  }, async () => {
    const port = await freePort();
    const after = await head();
    const stopping = new AbortController();
    const cursors: string[] = [];
    let failure: unknown;
    let server = await serve(port);
    const following = (async () => {
      for await (const cursor of open(port, after, stopping.signal)) cursors.push(cursor);
    })().catch((error) => {
      failure = error;
    });
    onTestFinished(async () => {
      stopping.abort();
      await following;
      await server.close();
    });
    let total = 0;
    const more = async (count: number) => {
      await make(count);
      total += count;
    };
    const caughtUp = () =>
      until("it has all", () => {
        expect(failure).toBeUndefined();
        return cursors.length >= total;
      });

    await more(3);
    await caughtUp();
    // The connections of the server to the database.
    await terminate(sql, "jukebase listener");
    await more(3);
    await terminate(sql, "jukebase api");
    await more(3);
    await caughtUp();
    // The server, in the middle of what it has to say.
    await more(250);
    await server.close();
    await more(120);
    server = await serve(port);
    await more(3);
    await caughtUp();
    // The sockets, without a word.
    server.cut();
    await more(3);
    await caughtUp();

    expect(cursors).toHaveLength(total);
    expect(new Set(cursors).size).toBe(total);
    const [row] = await sql`select count(*)::int as events from feed.updates(${after}, 10000)`;
    expect(row?.events).toBe(total);
    const [rest] =
      await sql`select count(*)::int as events from feed.updates(${cursors.at(-1) ?? ""}, 10)`;
    expect(rest?.events).toBe(0);
  });
}

test("examples/updates.ts raises when its cursor can be used no more", async () => {
  const port = await freePort();
  const server = await serve(port);
  onTestFinished(server.close);
  const first = followEvents(`http://127.0.0.1:${port}`, { after: "nonsense" }).next();
  await expect(first).rejects.toMatchObject({ status: 400 });
  const other = followSubscription(`ws://127.0.0.1:${port}/graphql`, { after: "nonsense" }).next();
  await expect(other).rejects.toThrow("JB301");
});

test.each(["updates.ts", "subscription.ts"])("examples/%s prints each update", async (file) => {
  const port = await freePort();
  const server = await serve(port);
  onTestFinished(server.close);
  const scheme = file === "updates.ts" ? "http://127.0.0.1:" : "ws://127.0.0.1:";
  const path = file === "updates.ts" ? "" : "/graphql";
  const child = spawn(process.execPath, [projectPath("examples", file), `${scheme}${port}${path}`]);
  onTestFinished(() => void child.kill());
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  child.stderr.on("data", (chunk) => {
    output += chunk;
  });
  await until("it prints one", async () => {
    await make(1);
    return output.includes("\n");
  });
  expect(JSON.parse(output.split("\n", 1)[0] ?? "")).toMatchObject({
    version: 1,
    jukeId: expect.any(String),
  });
});

test.each(["updates.ts", "subscription.ts"])("examples/%s goes on after AFTER", async (file) => {
  const port = await freePort();
  const server = await serve(port);
  onTestFinished(server.close);
  const after = await head();
  await make(1);
  const url = file === "updates.ts" ? `http://127.0.0.1:${port}` : `ws://127.0.0.1:${port}/graphql`;
  const child = spawn(process.execPath, [projectPath("examples", file), url, "artist"], {
    env: { ...process.env, AFTER: after },
  });
  onTestFinished(() => void child.kill());
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  await until("it prints what came before it ran", () => output.includes("\n"));
  const [row] = await sql`select juke_id from feed.updates(${after}, 1)`;
  expect(JSON.parse(output.split("\n", 1)[0] ?? "")).toMatchObject({ jukeId: row?.juke_id });
});

test("the subscription of docs/reference/graphql.md runs as it is printed", async () => {
  const port = await freePort();
  const server = await serve(port);
  onTestFinished(server.close);
  const page = readFileSync(projectPath("docs/reference/graphql.md"), "utf8");
  const [, code = ""] = /```js\n(.*?)```/s.exec(page) ?? [];
  expect(code).toContain("127.0.0.1:5678");
  const after = await head();
  await make(1);
  const child = spawn(
    process.execPath,
    ["--input-type=module", "--eval", code.replace("127.0.0.1:5678", `127.0.0.1:${port}`)],
    { cwd: projectPath("."), env: { ...process.env, AFTER: after } },
  );
  onTestFinished(() => void child.kill());
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  await until("it prints one", () => output.includes("\n"));
  expect(JSON.parse(output.split("\n", 1)[0] ?? "")).toMatchObject({ op: "UPSERT", version: 1 });
});
