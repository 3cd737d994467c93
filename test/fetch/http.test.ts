import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { fetchedFile, fetching, refused, scratchDirectory } from "./fetching.ts";
import { httpServer } from "./servers.ts";

const ARTIST = '{"kind":"artist","name":"Radiohead"}\n';

test("a delivery becomes a file with its checksum, and what the server says of it", async () => {
  const server = await httpServer((_, response) => {
    response.setHeader("ETag", '"v1"');
    response.setHeader("Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT");
    response.setHeader("Content-Type", "application/x-ndjson");
    response.end(ARTIST);
  });
  const directory = scratchDirectory();
  const { content, path, ...fetched } = await fetchedFile(
    `${server.url}/dumps/art%20ists.ndjson?a=1#b`,
    {
      directory,
    },
  );
  expect(content.toString()).toBe(ARTIST);
  expect(readdirSync(directory)).toEqual([basename(path)]);
  expect(fetched).toEqual({
    status: "fetched",
    bytes: ARTIST.length,
    sha256: createHash("sha256").update(ARTIST).digest(),
    etag: '"v1"',
    lastModified: "Sun, 06 Nov 1994 08:49:37 GMT",
    contentType: "application/x-ndjson",
    finalUrl: `${server.url}/dumps/art%20ists.ndjson?a=1`,
    name: "art ists.ndjson",
  });
  const [request] = server.requests;
  expect(request?.headers["user-agent"]).toMatch(/^jukebase\/\d/);
  expect(request?.headers).not.toHaveProperty("if-none-match");
  expect(request?.headers).not.toHaveProperty("if-modified-since");
});

test("an empty delivery is an empty file, and two fetches are two files", async () => {
  const server = await httpServer((_, response) => response.end());
  const directory = scratchDirectory();
  await fetchedFile(server.url, { directory });
  const { bytes, name } = await fetchedFile(server.url, { directory });
  expect(bytes).toBe(0);
  expect(name).toBe(`127.0.0.1:${server.port}`);
  expect(readdirSync(directory)).toHaveLength(2);
});

test("a large delivery arrives whole, in chunks and by its length", async () => {
  const part = Buffer.alloc(1 << 20, "0123456789abcdef-");
  const server = await httpServer((request, response) => {
    if (request.url === "/length") response.setHeader("Content-Length", 40 * part.length);
    for (let count = 0; count < 40; count++) response.write(part);
    response.end();
  });
  const sha256 = createHash("sha256").update(Buffer.alloc(0));
  for (let count = 0; count < 40; count++) sha256.update(part);
  const expected = sha256.digest("hex");
  for (const path of ["/length", "/chunked"]) {
    const { bytes, sha256, path: file } = await fetchedFile(`${server.url}${path}`);
    expect(bytes).toBe(40 * part.length);
    expect(sha256.toString("hex")).toBe(expected);
    expect(createHash("sha256").update(readFileSync(file)).digest("hex")).toBe(expected);
  }
});

test("304 is unchanged: both validators are sent, and nothing is written", async () => {
  const server = await httpServer((_, response) => {
    response.statusCode = 304;
    response.end();
  });
  const directory = scratchDirectory();
  const lastModified = "Sun, 06 Nov 1994 08:49:37 GMT";
  const fetched = await fetching(server.url, { directory, etag: '"v1"', lastModified });
  expect(fetched).toEqual({ status: "unchanged" });
  expect(readdirSync(directory)).toEqual([]);
  expect(server.requests[0]?.headers["if-none-match"]).toBe('"v1"');
  expect(server.requests[0]?.headers["if-modified-since"]).toBe(lastModified);
});

test("the same ETag is unchanged without reading the body, weak or not; another one is not", async () => {
  let closed = false;
  const server = await httpServer((request, response) => {
    response.setHeader("ETag", 'W/"v1"');
    if (request.headers["if-none-match"] === '"v2"') return response.end(ARTIST);
    response.write(ARTIST);
    response.on("close", () => {
      closed = true;
    });
  });
  expect(await fetching(server.url, { etag: '"v1"' })).toEqual({ status: "unchanged" });
  await expect.poll(() => closed).toBe(true);
  expect(await fetching(server.url, { etag: '"v2"' })).toMatchObject({ status: "fetched" });
});

test("an empty ETag says nothing", async () => {
  const server = await httpServer((_, response) => {
    response.setHeader("ETag", "");
    response.end(ARTIST);
  });
  expect(await fetching(server.url)).toMatchObject({ status: "fetched" });
  expect(await fetching(server.url, { etag: "" })).toMatchObject({ status: "fetched" });
});

test("304 to a question without a condition is refused", async () => {
  const server = await httpServer((_, response) => {
    response.statusCode = 304;
    response.end();
  });
  expect(await refused(server.url)).toMatchObject({ code: "JB257", status: 304, retryable: false });
});

test("an ETag that no header can carry back is told, and not sent the next time", async () => {
  const server = await httpServer((_, response) => response.end(ARTIST));
  const fetched = await fetching(server.url, { etag: '"ünïcøde"', lastModified: "a\r\nb: c" });
  expect(fetched).toMatchObject({ status: "fetched" });
  expect(server.requests[0]?.headers).not.toHaveProperty("if-none-match");
  expect(server.requests[0]?.headers).not.toHaveProperty("if-modified-since");
});

test.each([400, 401, 403, 404, 410, 451, 204, 206, 300, 305])(
  "%i is refused at once",
  async (status) => {
    const server = await httpServer((_, response) => {
      response.statusCode = status;
      response.end(status === 204 ? undefined : "no");
    });
    const error = await refused(`${server.url}/x?token=secret`);
    expect(error).toMatchObject({ code: "JB257", status, retryable: false });
    expect(error.message).toContain(`${server.url}/x?…: the server answers ${status}`);
    expect(error.message + error.detail + error.hint).not.toContain("secret");
    expect(server.requests).toHaveLength(1);
  },
);

test("a directory that is not there is told, and asked for once", async () => {
  const server = await httpServer((_, response) => response.end(ARTIST));
  const directory = join(scratchDirectory(), "missing");
  await expect(fetching(server.url, { directory })).rejects.toMatchObject({ code: "JB258" });
  expect(server.requests).toHaveLength(1);
});

test("the signal stops a fetch with its own reason, in a body and in a pause", async () => {
  const reason = new Error("the worker stops");
  const stop = new AbortController();
  const dripping = await httpServer((_, response) => {
    response.write(ARTIST);
    setTimeout(() => stop.abort(reason), 20);
  });
  const directory = scratchDirectory();
  await expect(fetching(dripping.url, { directory, signal: stop.signal })).rejects.toBe(reason);
  expect(readdirSync(directory)).toEqual([]);

  const later = new AbortController();
  const busy = await httpServer((_, response) => {
    response.writeHead(503, { "Retry-After": "30" }).end();
    setTimeout(() => later.abort(reason), 20);
  });
  await expect(fetching(busy.url, { signal: later.signal })).rejects.toBe(reason);
  await expect(fetching(busy.url, { signal: later.signal })).rejects.toBe(reason);
  expect(busy.requests).toHaveLength(1);
});
