import { expect, test } from "vitest";
import { retryAfter } from "../../lib/fetch/retry-after.ts";
import { fetchedFile, quick, refused } from "./fetching.ts";
import { httpServer, rawServer } from "./servers.ts";

test.each([408, 425, 429, 500, 502, 503, 504, 507])(
  "%i is tried again until it passes, and given up after the attempts there are",
  async (status) => {
    const server = await httpServer((request, response) => {
      if (request.url === "/passes" && server.requests.length === 3) response.end("there");
      else response.writeHead(status).end("not now");
    });
    expect((await fetchedFile(`${server.url}/passes`)).content.toString()).toBe("there");
    expect(server.requests).toHaveLength(3);
    const error = await refused(`${server.url}/stays`, { limits: { ...quick, attempts: 2 } });
    expect(error).toMatchObject({ code: "JB257", status, retryable: true });
    expect(server.requests).toHaveLength(5);
  },
);

test("a connection that is refused, or closed without an answer, is tried again", async () => {
  const server = await rawServer((socket) => {
    if (server.connections() < 3) socket.end();
    else socket.end("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nthere");
  });
  expect((await fetchedFile(server.url)).content.toString()).toBe("there");

  let looked = 0;
  // Port 1 of loopback: nothing listens there.
  const error = await refused("http://nobody.example:1/", {
    limits: { ...quick, attempts: 3 },
    resolver: async () => {
      looked++;
      return [{ address: "127.0.0.1", family: 4 }];
    },
  });
  expect(error).toMatchObject({ code: "JB252", retryable: true });
  expect(looked).toBe(3);
});

test("a host that there is not is asked for once; a resolver that cannot tell now, again", async () => {
  const codes = { ENOTFOUND: 1, EAI_AGAIN: 3 };
  for (const [code, times] of Object.entries(codes)) {
    let looked = 0;
    const error = await refused("https://nowhere.example/", {
      limits: { ...quick, attempts: 3 },
      resolver: async () => {
        looked++;
        throw Object.assign(new Error(`getaddrinfo ${code}`), { code });
      },
    });
    expect(error).toMatchObject({ code: "JB252", retryable: times > 1 });
    expect(looked).toBe(times);
  }
});

test("Retry-After is waited for, in seconds and as a date", async () => {
  for (const form of ["seconds", "date"]) {
    const asked: number[] = [];
    let named = 0;
    const server = await httpServer((_, response) => {
      asked.push(Date.now());
      if (asked.length > 1) return response.end("there");
      // A date has whole seconds: the one after next is at least one away.
      named = form === "date" ? (Math.floor(Date.now() / 1000) + 2) * 1000 : Date.now() + 1000;
      const value = form === "date" ? new Date(named).toUTCString() : "1";
      response.writeHead(429, { "Retry-After": value }).end();
    });
    expect((await fetchedFile(server.url)).content.toString()).toBe("there");
    // Timers may be early by the fraction of a millisecond that Date.now() leaves out.
    expect(asked[1]).toBeGreaterThanOrEqual(named - 2);
  }
});

test("who asks for a longer pause than is allowed is not asked again, and the moment is told", async () => {
  const server = await httpServer((_, response) =>
    response.writeHead(503, { "Retry-After": "3600" }).end(),
  );
  const before = Date.now();
  const error = await refused(server.url);
  expect(error).toMatchObject({ code: "JB257", status: 503, retryable: true });
  expect(error.retryAt?.getTime()).toBeGreaterThanOrEqual(before + 3_600_000);
  expect(server.requests).toHaveLength(1);
});

const now = Date.UTC(1994, 10, 6, 8, 0, 0);

test.each([
  ["120", "1994-11-06T08:02:00.000Z"],
  ["0", "1994-11-06T08:00:00.000Z"],
  [" 7 ", "1994-11-06T08:00:07.000Z"],
  ["Sun, 06 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37.000Z"],
  ["Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06T08:49:37.000Z"],
  ["Sun Nov  6 08:49:37 1994", "1994-11-06T08:49:37.000Z"],
])("Retry-After: %s is %s", (value, moment) => {
  expect(retryAfter(value, now)?.toISOString()).toBe(moment);
});

test.each([undefined, "", "-1", "1.5", "soon", "Sun, 99 Foo 1994", "1e9", "12345678901234567890"])(
  "Retry-After: %s names no moment",
  (value) => {
    expect(retryAfter(value, now)).toBeUndefined();
  },
);
