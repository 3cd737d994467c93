import { spawn } from "node:child_process";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect as connectSocket, createServer as createSocketServer } from "node:net";
import { pino } from "pino";
import { expect, test } from "vitest";
import { createServer } from "../../lib/api/server.ts";
import { projectPath } from "../../lib/project.ts";
import { testDatabase } from "../database.ts";
import { fillCatalog } from "./catalog.ts";
import { testApi } from "./server.ts";

const { ask, sql, name, url, address, connect } = await testApi(fillCatalog);
const logger = pino({ level: "silent" });

test("livez and readyz say yes while all is well, and every answer carries a request id", async () => {
  for (const path of ["/livez", "/readyz"]) {
    const response = await fetch(address + path);
    expect([path, response.status, await response.json()]).toEqual([path, 200, { status: "ok" }]);
    expect(response.headers.get("x-request-id")).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
  }
});

test("GraphiQL is at the root, and off when it is not wanted", async () => {
  const page = await fetch(`${address}/`, { headers: { accept: "text/html" } });
  expect(page.status).toBe(200);
  expect(await page.text()).toContain("query Welcome");

  const server = await createServer({ url, port: 0, host: "127.0.0.1", logger, graphiql: false });
  const plain = await server.listen();
  expect((await fetch(`${plain}/`)).status).toBe(404);
  await server.close();
});

test("only POST is answered, and no other origin is let in", async () => {
  const response = await fetch(`${address}/graphql?query={feedHead}`, {
    headers: { accept: "application/json", origin: "https://elsewhere.example" },
  });
  expect(response.status).toBe(405);
  expect(response.headers.get("access-control-allow-origin")).toBeNull();
});

test("the API goes on when its connections are terminated", async () => {
  await ask("{ feedHead }");
  const ended = await sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = ${name} and application_name = 'jukebase api'`;
  expect(ended.length).toBeGreaterThan(0);
  await expect.poll(async () => (await ask("{ feedHead }")).errors).toBeUndefined();
});

test("readyz says 503 while the database does not answer, livez does not, and both recover", async () => {
  const admin = connect({ database: "postgres" });
  const readyz = async () => (await fetch(`${address}/readyz`)).status;
  await admin`alter database ${admin(name)} allow_connections false`;
  await admin`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = ${name} and application_name like 'jukebase%'`;
  await expect.poll(readyz, { timeout: 10_000 }).toBe(503);
  expect((await fetch(`${address}/livez`)).status).toBe(200);
  const { errors } = await ask('{ resolve(ref: "discogs:artist:3840") { jukeId } }');
  expect(errors?.[0]?.extensions.code).toBe("JB500");

  await admin`alter database ${admin(name)} allow_connections true`;
  await expect.poll(readyz, { timeout: 10_000 }).toBe(200);
  await expect.poll(async () => (await ask("{ feedHead }")).errors).toBeUndefined();
});

test("readyz says 503 with the reason while a migration is missing", async () => {
  await sql`create table kept as select * from ops.migration where name like '0007%'`;
  await sql`delete from ops.migration where name like '0007%'`;
  const readyz = async () => (await fetch(`${address}/readyz`)).json();
  await expect.poll(readyz, { timeout: 5_000 }).toMatchObject({
    status: "unavailable",
    code: "JB610",
    reason: "the database is not migrated to this version of jukebase",
  });
  await expect(createServer({ url, port: 0, host: "127.0.0.1", logger })).rejects.toMatchObject({
    code: "JB610",
  });
  await sql`insert into ops.migration select * from kept`;
  await expect.poll(readyz, { timeout: 5_000 }).toEqual({ status: "ok" });
});

test("it ends although a connection has sent nothing, and another half a request", async () => {
  const server = await createServer({
    url,
    port: 0,
    host: "127.0.0.1",
    logger,
  });
  const { port } = new URL(await server.listen());
  const sockets = [1, 2].map(() =>
    connectSocket({ port: Number(port), host: "127.0.0.1" })
      .on("error", () => {})
      .resume(),
  );
  sockets[1]?.write("POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{");
  await fetch(`http://127.0.0.1:${port}/livez`); // by then they are connected
  await server.close();
  for (const socket of sockets) socket.destroy();
});

test("whoever is refused a WebSocket is not left with half a connection", async () => {
  const { port } = new URL(address);
  const socket = connectSocket({ port: Number(port), host: "127.0.0.1", allowHalfOpen: true });
  socket.on("error", () => {}).resume();
  socket.write(
    `GET /graphql HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\norigin: http://elsewhere.example\r\nconnection: Upgrade\r\nupgrade: websocket\r\n` +
      "sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-protocol: graphql-transport-ws\r\n\r\n",
  );
  await once(socket, "end");
  // We keep our side open; the server has closed: what is written now is answered with a reset.
  const reset = once(socket, "error");
  const writing = setInterval(() => socket.write("x"), 20);
  expect(await reset).toMatchObject([{ code: expect.stringMatching(/EPIPE|ECONNRESET/) }]);
  clearInterval(writing);
});

test("a taken port is one sentence", async () => {
  const other = createSocketServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  const server = await createServer({ url, port, host: "127.0.0.1", logger });
  await expect(server.listen()).rejects.toMatchObject({
    code: "JB008",
    message: expect.stringMatching(`^port ${port} .*is taken`),
  });
  await server.close();
  other.close();
});

test("a database that is not migrated is one sentence", async () => {
  const empty = await testDatabase({ migrated: false });
  await expect(
    createServer({ url: empty.url, port: 0, host: "127.0.0.1", logger }),
  ).rejects.toMatchObject({ code: "JB610" });
});

test("server.ts serves the database of DATABASE_URL, and ends with 0 on SIGTERM", async () => {
  const server = spawn(process.execPath, [projectPath("server.ts")], {
    env: { ...process.env, DATABASE_URL: url, PORT: "0", LOG_LEVEL: "info" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  server.stderr.on("data", (chunk) => {
    log += chunk;
  });
  await expect.poll(() => log, { timeout: 20_000 }).toMatch(/http:\/\/127\.0\.0\.1:\d+/);
  const [own = ""] = /http:\/\/127\.0\.0\.1:\d+/.exec(log) ?? [];
  expect((await fetch(`${own}/readyz`)).status).toBe(200);
  server.kill("SIGTERM");
  const [code] = await once(server, "exit");
  expect([code, log]).toEqual([0, log]);
});

test("server.ts without DATABASE_URL says so and ends with the code of the problem", async () => {
  const { DATABASE_URL: _, ...env } = process.env;
  const server = spawn(process.execPath, [projectPath("server.ts")], {
    env,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  server.stderr.on("data", (chunk) => {
    log += chunk;
  });
  const [code] = await once(server, "exit");
  expect(code).toBe(10);
  expect(log).toMatch(/DATABASE_URL is not set \(JB001\)/);
});
