import type { ServerResponse } from "node:http";
import { expect, test } from "vitest";
import { fetchedFile, fetching, refused } from "./fetching.ts";
import { authority, httpServer, httpsServer } from "./servers.ts";

function redirect(response: ServerResponse, status: number, location: string): void {
  response.writeHead(status, { Location: location }).end("moved");
}

test.each([301, 302, 303, 307, 308])("%i is followed, to relative places too", async (status) => {
  const server = await httpServer((request, response) => {
    if (request.url === "/a/old.json") redirect(response, status, "../b/new.json?x=1#y");
    else response.end(request.url);
  });
  const fetched = await fetchedFile(`${server.url}/a/old.json`, { etag: '"v1"' });
  expect(fetched.content.toString()).toBe("/b/new.json?x=1");
  expect(fetched.finalUrl).toBe(`${server.url}/b/new.json?x=1`);
  expect(fetched.name).toBe("old.json");
  expect(fetched.movedPermanentlyTo).toBe(
    status === 301 || status === 308 ? `${server.url}/b/new.json?x=1` : undefined,
  );
  expect(server.requests[1]?.headers["if-none-match"]).toBe('"v1"');
});

test("only the permanent redirects at the beginning have moved it", async () => {
  const server = await httpServer((request, response) => {
    if (request.url === "/1") redirect(response, 301, "/2");
    else if (request.url === "/2") redirect(response, 308, "/3");
    else if (request.url === "/3") redirect(response, 302, "/4");
    else if (request.url === "/4") redirect(response, 301, "/5");
    else if (request.headers["if-none-match"]) response.writeHead(304).end();
    else response.end("here");
  });
  const { finalUrl, movedPermanentlyTo } = await fetchedFile(`${server.url}/1`);
  expect(finalUrl).toBe(`${server.url}/5`);
  expect(movedPermanentlyTo).toBe(`${server.url}/3`);
  expect(await fetching(`${server.url}/1`, { etag: '"v1"' })).toEqual({
    status: "unchanged",
    movedPermanentlyTo: `${server.url}/3`,
  });
});

test("as many redirects as are allowed, and a loop is none that ends", async () => {
  const server = await httpServer((request, response) => {
    const step = Number(request.url?.slice(1));
    if (step === 5) response.end("here");
    else redirect(response, 302, step < 5 ? `/${step + 1}` : "/9");
  });
  expect((await fetchedFile(`${server.url}/0`)).content.toString()).toBe("here");
  expect(await refused(`${server.url}/0`, { limits: { redirects: 4 } })).toMatchObject({
    code: "JB254",
    retryable: false,
  });
  const before = server.requests.length;
  expect(await refused(`${server.url}/9`)).toMatchObject({ code: "JB254", retryable: false });
  expect(server.requests).toHaveLength(before + 6);
});

test("a redirect that does not say where to is refused", async () => {
  const server = await httpServer((_, response) => response.writeHead(302).end());
  expect(await refused(server.url)).toMatchObject({ code: "JB254", retryable: false });
});

test.each([
  ["ftp://127.0.0.1/x", "ftp"],
  ["file:///etc/passwd", "file"],
  ["s3://bucket/key", "s3"],
  ["data:text/plain,x", "data"],
  ["http://user:pass@127.0.0.1/", "credentials"],
  ["http://[::bad", "no URL"],
])("a redirect to %s is refused", async (location, reason) => {
  const server = await httpServer((_, response) => redirect(response, 302, location));
  const error = await refused(server.url);
  expect(error).toMatchObject({ code: "JB250", retryable: false });
  expect(error.reason).toContain(reason);
  expect(error.message).not.toContain("pass@");
});

test("a redirect from https to http is refused, even where http is allowed", async () => {
  const plain = await httpServer((_, response) => response.end("plain"));
  const server = await httpsServer((_, response) => redirect(response, 301, plain.url));
  const error = await refused(server.url, { allowHttp: true, ca: [authority] });
  expect(error).toMatchObject({ code: "JB250", retryable: false });
  expect(plain.requests).toEqual([]);
});

test("a redirect from http to https is followed, and to http where it is not allowed is not", async () => {
  const server = await httpsServer((_, response) => response.end("safe"));
  const plain = await httpServer((_, response) => redirect(response, 301, server.url));
  const { content } = await fetchedFile(plain.url, { ca: [authority] });
  expect(content.toString()).toBe("safe");
  expect(await refused(plain.url, { allowHttp: false })).toMatchObject({ code: "JB250" });
});
