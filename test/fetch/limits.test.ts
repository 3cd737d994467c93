import { readFileSync } from "node:fs";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { saveBody } from "../../lib/fetch/body.ts";
import { defaultLimits } from "../../lib/fetch/limits.ts";
import { quick, refused, scratchDirectory } from "./fetching.ts";
import { httpServer, rawServer } from "./servers.ts";

const once = { ...quick, attempts: 1 };

test("a server that takes the connection and never answers is given up", async () => {
  const server = await rawServer(() => {});
  const error = await refused(server.url, { limits: { ...once, headersMs: 100 } });
  expect(error).toMatchObject({ code: "JB253", retryable: true });
  expect(error.reason).toContain("no answer");
});

test("a TLS handshake that never ends is given up, as is a name that is never found", async () => {
  const silent = await rawServer(() => {});
  const limits = { ...once, connectMs: 100 };
  const handshake = await refused(silent.url.replace("http:", "https:"), { limits });
  expect(handshake).toMatchObject({ code: "JB253", retryable: true });
  const lookup = await refused("http://slow.example/", {
    limits,
    resolver: () => new Promise(() => {}),
  });
  expect(lookup).toMatchObject({ code: "JB253", retryable: true });
});

test("a body that stands still is given up", async () => {
  const server = await httpServer((_, response) => response.write("the beginning"));
  const error = await refused(server.url, { limits: { ...once, idleMs: 100 } });
  expect(error).toMatchObject({ code: "JB253", retryable: true });
});

test("a body that drips is given up, however often a byte comes", async () => {
  const server = await httpServer((_, response) => {
    const timer = setInterval(() => response.write("."), 20);
    response.on("close", () => clearInterval(timer));
  });
  const error = await refused(server.url, { limits: { ...once, idleMs: 1000 } });
  expect(error).toMatchObject({ code: "JB253", retryable: true });
  expect(error.reason).toContain("bytes came in 1 s");
});

test("the time that we take ourselves is not held against the server", async () => {
  const { path } = await saveBody({
    url: "https://files.example/",
    body: Readable.from([Buffer.from("one"), Buffer.from("two")], { objectMode: false }),
    unpackers: [
      async function* slowly(source) {
        for await (const chunk of source) {
          await sleep(300);
          yield chunk;
        }
      },
    ],
    directory: scratchDirectory(),
    limits: { ...defaultLimits, idleMs: 100 },
  });
  expect(readFileSync(path, "utf8")).toBe("onetwo");
});

test("a head that drips is given up", async () => {
  const server = await rawServer((socket) => {
    socket.write("HTTP/1.1 200 OK\r\n");
    const timer = setInterval(() => socket.write("X-Y: z\r\n"), 20);
    socket.on("close", () => clearInterval(timer));
  });
  const error = await refused(server.url, { limits: { ...once, headersMs: 200, totalMs: 5000 } });
  expect(error).toMatchObject({ code: "JB253", retryable: true });
});

test("all together have a limit of their own: a steady body, and attempts without end", async () => {
  const steady = await httpServer((_, response) => {
    const timer = setInterval(() => response.write(Buffer.alloc(2000)), 10);
    response.on("close", () => clearInterval(timer));
  });
  const error = await refused(steady.url, { limits: { totalMs: 300 } });
  expect(error).toMatchObject({ code: "JB253", retryable: true });
  expect(error.reason).toContain("0.3 s");

  const failing = await httpServer((_, response) => response.writeHead(503).end());
  const limits = { totalMs: 300, attempts: 1_000_000, backoffMs: 1, longestPauseMs: 5 };
  expect(await refused(failing.url, { limits })).toMatchObject({ retryable: true });
  const asked = failing.requests.length;
  await sleep(50);
  expect(failing.requests).toHaveLength(asked);
});
