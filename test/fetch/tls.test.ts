import { expect, test } from "vitest";
import { fetchedFile, refused } from "./fetching.ts";
import { authority, httpServer, httpsServer } from "./servers.ts";

const loopback = async () => [{ address: "127.0.0.1", family: 4 }];

test("a server proves who it is by an authority that is given, by address and by name", async () => {
  const server = await httpsServer((_, response) => response.end("safe"));
  const options = { ca: [authority], allowHttp: false, resolver: loopback };
  expect((await fetchedFile(server.url, options)).content.toString()).toBe("safe");
  const named = `https://files.example:${server.port}/`;
  expect((await fetchedFile(named, options)).content.toString()).toBe("safe");
});

test("an authority that nobody knows, and a certificate for another name, prove nothing", async () => {
  const server = await httpsServer((_, response) => response.end("whoever"));
  const unknown = await refused(server.url);
  expect(unknown).toMatchObject({ code: "JB252", retryable: false });
  expect(unknown.hint).toContain("NODE_EXTRA_CA_CERTS");
  const other = await refused(`https://other.example:${server.port}/`, {
    ca: [authority],
    resolver: loopback,
  });
  expect(other).toMatchObject({ code: "JB252", retryable: false });
  expect(server.requests).toEqual([]);
});

test("certificates are verified whatever NODE_TLS_REJECT_UNAUTHORIZED says", async () => {
  const server = await httpsServer((_, response) => response.end("whoever"));
  const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
  try {
    expect(await refused(server.url)).toMatchObject({ code: "JB252" });
  } finally {
    if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before;
  }
});

test("https to a server that speaks no TLS is refused", async () => {
  const server = await httpServer((_, response) => response.end("plain"));
  const error = await refused(server.url.replace("http:", "https:"));
  expect(error).toMatchObject({ code: "JB252", retryable: false });
});
