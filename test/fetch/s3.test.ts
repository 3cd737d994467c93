import { createHash } from "node:crypto";
import { readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { fetchDelivery } from "../../lib/fetch/delivery.ts";
import { type PutOptions, putObject, storeObject } from "../../lib/fetch/s3/put.ts";
import type { S3Settings } from "../../lib/fetch/s3/settings.ts";
import { quick, refused, scratchDirectory } from "./fetching.ts";
import { type S3Server, s3Server } from "./s3-server.ts";
import { authority, httpServer, rawServer } from "./servers.ts";

const keys = { accessKeyId: "AKJUKEBASE", secretAccessKey: "se/cr+et=" };
const TEXT = Buffer.from('{"kind":"album","title":"OK Computer"}\n'.repeat(50_000));

function settingsOf(server: { url: string }): S3Settings {
  return {
    endpoint: server.url,
    region: "us-east-1",
    addressing: "path",
    bucket: "deliveries",
    login: keys,
  };
}

function fileOf(content: Buffer): string {
  const path = join(scratchDirectory(), "in.ndjson");
  writeFileSync(path, content);
  return path;
}

async function back(url: string, s3: S3Settings, options: object = {}) {
  const fetched = await fetchDelivery(url, {
    directory: scratchDirectory(),
    s3,
    limits: quick,
    ...options,
  });
  if (fetched.status !== "fetched") throw new Error(`it is ${fetched.status}`);
  return { ...fetched, content: readFileSync(fetched.path) };
}

function store(server: S3Server, key: string, options: PutOptions = {}): Promise<string> {
  return storeObject(fileOf(TEXT), key, settingsOf(server), { limits: quick, ...options });
}

test.each([
  "albums.ndjson",
  "2024/05/ålbums (new)!*'.ndjson",
  "a+b c%20d?e=f&g#h",
  "one//two/",
  "日本語/😀",
  "~tilde_under-score.dot/...",
])("a file that is stored as %s is read back by its URL, with its checksum", async (key) => {
  const server = await s3Server({ keys });
  const url = await store(server, key, { contentType: "application/x-ndjson" });
  expect(url).toBe(`s3://deliveries/${key}`);
  const sha256 = createHash("sha256").update(TEXT).digest();
  expect(server.objects.get(`deliveries/${key}`)).toEqual({
    body: TEXT,
    headers: {
      "x-amz-meta-sha256": sha256.toString("hex"),
      "content-type": "application/x-ndjson",
    },
  });
  const fetched = await back(url, settingsOf(server));
  expect(fetched.content.equals(TEXT)).toBe(true);
  expect(fetched).toMatchObject({
    bytes: TEXT.length,
    sha256,
    contentType: "application/x-ndjson",
    finalUrl: url,
  });
  const { etag } = fetched;
  const again = { directory: scratchDirectory(), s3: settingsOf(server), etag };
  expect(await fetchDelivery(url, again)).toEqual({ status: "unchanged" });
  expect(readdirSync(again.directory)).toEqual([]);
});

test("an empty file, a checksum that is known, a session token and another region", async () => {
  const token = { ...keys, sessionToken: "token/+=" };
  const server = await s3Server({ keys: token, region: "eu-central-1" });
  const settings = { ...settingsOf(server), region: "eu-central-1", login: token };
  const sha256 = createHash("sha256").update("").digest();
  const url = await storeObject(fileOf(Buffer.alloc(0)), "empty", settings, { sha256 });
  expect((await back(url, settings)).bytes).toBe(0);
});

test("buckets that are hosts, over TLS with an authority that is given", async () => {
  const server = await s3Server({ keys, tls: true, virtualHost: "example" });
  const settings: S3Settings = {
    ...settingsOf(server),
    endpoint: `https://example:${server.port}`,
    addressing: "virtual",
    bucket: "files",
  };
  // The certificate is for files.example.
  const network = {
    ca: [authority],
    resolver: async () => [{ address: "127.0.0.1", family: 4 }],
  };
  const url = await storeObject(fileOf(TEXT), "a/b", settings, network);
  expect([...server.objects.keys()]).toEqual(["files/a/b"]);
  expect((await back(url, settings, network)).content.equals(TEXT)).toBe(true);
});

test("an endpoint below a path", async () => {
  const server = await s3Server({ keys });
  const settings = { ...settingsOf(server), endpoint: `${server.url}/storage/v1/` };
  const url = await storeObject(fileOf(TEXT), "key", settings);
  expect([...server.objects.keys()]).toEqual(["storage/v1/deliveries/key"]);
  expect((await back(url, settings)).content.equals(TEXT)).toBe(true);
});

test("without keys requests are not signed", async () => {
  const server = await httpServer((_, response) => response.end("for everybody"));
  const fetched = await back("s3://open/x", { ...settingsOf(server), login: undefined });
  expect(fetched.content.toString()).toBe("for everybody");
  expect(server.requests[0]?.url).toBe("/open/x");
  expect(server.requests[0]?.headers).not.toHaveProperty("authorization");
});

test.each([
  ["another secret", { secretAccessKey: "other" }, "SignatureDoesNotMatch"],
  ["another key", { accessKeyId: "OTHER" }, "InvalidAccessKeyId"],
])("%s is refused, with what the storage says of it", async (_, wrong, said) => {
  const server = await s3Server({ keys });
  const url = await store(server, "x");
  const s3 = { ...settingsOf(server), login: { ...keys, ...wrong } };
  const error = await refused(url, { s3 });
  expect(error).toMatchObject({ code: "JB259", status: 403, retryable: false });
  expect(error.detail).toContain(said);
  await expect(storeObject(fileOf(TEXT), "y", s3)).rejects.toMatchObject({ code: "JB259" });
});

test("an object that there is not, no settings, no bucket", async () => {
  const server = await s3Server({ keys });
  const s3 = settingsOf(server);
  const missing = await refused("s3://deliveries/none", { s3 });
  expect(missing).toMatchObject({ code: "JB257", status: 404, retryable: false });
  expect(missing.url).toBe("s3://deliveries/none");
  expect(missing.detail).toContain("NoSuchKey");
  expect(await refused("s3://deliveries/none")).toMatchObject({ code: "JB259" });
  const { bucket: _, ...without } = s3;
  await expect(storeObject(fileOf(TEXT), "x", without)).rejects.toMatchObject({ code: "JB259" });
});

test("a redirect is not followed, so that nothing signed goes elsewhere", async () => {
  const elsewhere = await httpServer((_, response) => response.end("elsewhere"));
  const server = await httpServer((_, response) =>
    response.writeHead(307, { location: elsewhere.url }).end(),
  );
  const error = await refused("s3://deliveries/x", { s3: settingsOf(server) });
  expect(error).toMatchObject({ code: "JB259", status: 307, retryable: false });
  await expect(
    storeObject(fileOf(TEXT), "x", settingsOf(server), { limits: quick }),
  ).rejects.toMatchObject({ code: "JB259", status: 307 });
  expect(elsewhere.requests).toEqual([]);
});

test("what fails for a moment is tried again, reading and storing", async () => {
  const server = await s3Server({ keys });
  server.failures.push(503, 500);
  const url = await store(server, "x");
  server.failures.push(429, 503);
  expect((await back(url, settingsOf(server))).content.equals(TEXT)).toBe(true);
  expect(server.requests).toHaveLength(6);
});

test("a storage that refuses before it has taken the file is heard", async () => {
  const server = await rawServer((socket) => {
    socket.end("HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno");
    socket.resume();
  });
  const path = fileOf(Buffer.alloc(8 << 20));
  await expect(storeObject(path, "x", settingsOf(server), { limits: quick })).rejects.toMatchObject(
    {
      code: "JB259",
      status: 403,
      detail: "no",
    },
  );
  expect(server.connections()).toBe(1);
});

test("a connection that is reset in the middle of an upload is tried again", async () => {
  const large = Buffer.alloc(8 << 20, "x");
  const server = await rawServer((socket, head) => {
    if (server.connections() === 1) {
      socket.resetAndDestroy();
      return;
    }
    let bytes = head.length - head.indexOf("\r\n\r\n") - 4;
    socket.on("data", (chunk) => {
      bytes += chunk.length;
      if (bytes >= large.length) socket.end("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    });
  });
  await storeObject(fileOf(large), "x", settingsOf(server), { limits: quick });
  expect(server.connections()).toBe(2);
});

test("an object that is not what was stored is refused, and leaves no file", async () => {
  const server = await s3Server({ keys });
  const url = await store(server, "x");
  const stored = server.objects.get("deliveries/x");
  stored?.body.write("O", 3);
  const error = await refused(url, { s3: settingsOf(server) });
  expect(error).toMatchObject({ code: "JB259", retryable: false });
  expect(error.reason).toContain("not what was stored");
});

test("an object that is packed is unpacked, and one that somebody else stored has no checksum", async () => {
  const server = await s3Server({ keys });
  server.objects.set("other/packed", {
    body: gzipSync(TEXT),
    headers: { "content-encoding": "gzip", "x-amz-meta-sha256": "0".repeat(64) },
  });
  server.objects.set("other/plain", { body: TEXT, headers: {} });
  for (const url of ["s3://other/packed", "s3://other/plain"]) {
    expect((await back(url, settingsOf(server))).content.equals(TEXT)).toBe(true);
  }
});

test("the limits are those of every fetch", async () => {
  const server = await s3Server({ keys });
  const url = await store(server, "x");
  const s3 = settingsOf(server);
  expect(await refused(url, { s3, limits: { bytes: 1000 } })).toMatchObject({ code: "JB255" });
  server.objects.set("deliveries/bomb", {
    body: gzipSync(Buffer.alloc(1 << 20)),
    headers: { "content-encoding": "gzip" },
  });
  expect(await refused("s3://deliveries/bomb", { s3, limits: { bytes: 10_000 } })).toMatchObject({
    code: "JB255",
  });
});

test("an upload that nobody takes, or that nobody answers, is given up", async () => {
  const limits = { attempts: 1, idleMs: 200, headersMs: 200 };
  const stuck = await rawServer((socket) => socket.pause());
  const large = fileOf(Buffer.alloc(32 << 20));
  await expect(storeObject(large, "x", settingsOf(stuck), { limits })).rejects.toMatchObject({
    code: "JB253",
    retryable: true,
  });
  const silent = await rawServer((socket) => socket.resume());
  await expect(
    storeObject(fileOf(TEXT), "x", settingsOf(silent), { limits }),
  ).rejects.toMatchObject({ code: "JB253", retryable: true });
});

test("a file that is not there, and one that is not what its checksum says, are not stored", async () => {
  const server = await s3Server({ keys });
  const settings = settingsOf(server);
  await expect(storeObject("/nowhere/x", "x", settings)).rejects.toMatchObject({ code: "JB258" });
  await expect(
    putObject(fileOf(TEXT), { bucket: "deliveries", key: "x" }, settings, {
      sha256: Buffer.alloc(32),
    }),
  ).rejects.toMatchObject({ code: "JB259", status: 400 });
  expect(server.objects.size).toBe(0);
});

test("a file beyond 5 GiB is refused before it is read", async () => {
  const server = await s3Server({ keys });
  const path = fileOf(Buffer.alloc(0));
  // Sparse: it takes no room.
  truncateSync(path, 5 * 1024 ** 3 + 1);
  await expect(storeObject(path, "x", settingsOf(server))).rejects.toMatchObject({ code: "JB255" });
  expect(server.requests).toEqual([]);
});

test("the signal stops an upload with its own reason", async () => {
  const reason = new Error("the worker stops");
  const stop = new AbortController();
  const server = await rawServer((socket) => {
    socket.resume();
    setTimeout(() => stop.abort(reason), 20);
  });
  await expect(
    storeObject(fileOf(TEXT), "x", settingsOf(server), { signal: stop.signal }),
  ).rejects.toBe(reason);
});

test.each([
  "s3://",
  "s3://deliveries",
  "s3://deliveries/",
  "s3://AB/x",
  "s3://a..b/x",
  "s3://user:pass@deliveries/x",
  "s3://deliveries:80/x",
  "s3://169.254.169.254#/x",
  "s3://deliveries/a/../b",
  "s3://deliveries/./b",
  "s3://deliveries/..",
  `s3://deliveries/${"ü".repeat(513)}`,
  "s3://deliveries/\ud800",
])("%s is refused", async (url) => {
  const server = await s3Server({ keys });
  expect(await refused(url, { s3: settingsOf(server) })).toMatchObject({
    code: "JB250",
    retryable: false,
  });
  expect(server.requests).toEqual([]);
});
