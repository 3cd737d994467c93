import { randomBytes } from "node:crypto";
import {
  brotliCompressSync,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from "node:zlib";
import { expect, test } from "vitest";
import { fetchedFile, quick, refused } from "./fetching.ts";
import { httpServer, rawServer } from "./servers.ts";

const TEXT = Buffer.from('{"kind":"album","title":"OK Computer"}\n'.repeat(5000));

test.each([
  ["gzip", gzipSync],
  ["x-gzip", gzipSync],
  ["GZIP", gzipSync],
  ["br", brotliCompressSync],
  ["zstd", zstdCompressSync],
  ["deflate", deflateSync],
  ["deflate", deflateRawSync],
  ["identity", (bytes: Buffer) => bytes],
  ["deflate, gzip", (bytes: Buffer) => gzipSync(deflateSync(bytes))],
])(
  "a body packed as %s is unpacked, and its checksum is that of the file",
  async (encoding, pack) => {
    const server = await httpServer((_, response) => {
      response.setHeader("Content-Encoding", encoding);
      response.end(pack(TEXT));
    });
    const { content, bytes } = await fetchedFile(server.url);
    expect(content.equals(TEXT)).toBe(true);
    expect(bytes).toBe(TEXT.length);
    expect(server.requests[0]?.headers["accept-encoding"]).toBe("gzip, br, zstd, deflate");
  },
);

test.each(["compress", "aws-chunked", "gzip, gzip, gzip", "gzip, toString", "constructor"])(
  "a body packed as %s is refused unread",
  async (encoding) => {
    const server = await httpServer((_, response) => {
      response.setHeader("Content-Encoding", encoding);
      response.end(TEXT);
    });
    const error = await refused(server.url);
    expect(error).toMatchObject({ code: "JB256", retryable: false });
    expect(error.reason).toContain(encoding);
  },
);

test.each([
  ["gzip", randomBytes(4000)],
  ["br", Buffer.alloc(4000, 0xff)],
  ["zstd", randomBytes(4000)],
  ["deflate", Buffer.concat([Buffer.from([0x78, 0x9c]), Buffer.alloc(4000, 0xff)])],
])("a body that is not in its encoding, %s, is refused once", async (encoding, body) => {
  const server = await httpServer((_, response) => {
    response.setHeader("Content-Encoding", encoding);
    response.end(body);
  });
  expect(await refused(server.url)).toMatchObject({ code: "JB256", retryable: false });
  expect(server.requests).toHaveLength(1);
});

test.each([
  ["gzip", gzipSync],
  ["br", brotliCompressSync],
  ["zstd", zstdCompressSync],
  ["deflate", deflateSync],
] as const)("a packed body, %s, that lacks its end is no short file", async (encoding, pack) => {
  const random = randomBytes(200_000);
  const server = await httpServer((_, response) => {
    response.setHeader("Content-Encoding", encoding);
    response.end(pack(random).subarray(0, 150_000));
  });
  expect(await refused(server.url)).toMatchObject({ code: "JB256" });
});

test("gzip may have several members and zeros behind them, and nothing else", async () => {
  const tails: Record<string, Buffer> = {
    "/member": gzipSync(TEXT),
    "/zeros": Buffer.alloc(3_000_000),
    "/other": Buffer.alloc(3_000_000, 1),
  };
  const server = await httpServer((request, response) => {
    response.setHeader("Content-Encoding", "gzip");
    response.end(Buffer.concat([gzipSync(TEXT), tails[request.url ?? ""] ?? Buffer.alloc(0)]));
  });
  expect((await fetchedFile(`${server.url}/member`)).bytes).toBe(2 * TEXT.length);
  expect((await fetchedFile(`${server.url}/zeros`)).content.equals(TEXT)).toBe(true);
  expect(await refused(`${server.url}/other`)).toMatchObject({ code: "JB256", retryable: false });
});

test("a bomb is stopped at the limit of what is unpacked", async () => {
  const bomb = gzipSync(Buffer.alloc(64 << 20));
  const twice = gzipSync(bomb);
  let sent = 0;
  const server = await httpServer((request, response) => {
    const body = request.url === "/twice" ? twice : bomb;
    response.setHeader("Content-Encoding", request.url === "/twice" ? "gzip, gzip" : "gzip");
    sent = body.length;
    response.end(body);
  });
  for (const path of ["/once", "/twice"]) {
    const error = await refused(`${server.url}${path}`, { limits: { bytes: 1 << 20 } });
    expect(sent).toBeLessThan(1 << 20);
    expect(error).toMatchObject({ code: "JB255", retryable: false });
    expect(error.reason).toContain("unpacks to more than");
  }
  expect(server.requests).toHaveLength(2);
});

test("a body that is declared too large is refused before a byte of it is read", async () => {
  const server = await rawServer((socket) => {
    socket.write("HTTP/1.1 200 OK\r\nContent-Length: 1099511627776\r\n\r\n");
  });
  const error = await refused(server.url);
  expect(error).toMatchObject({ code: "JB255", retryable: false });
  expect(error.reason).toContain("1099511627776 bytes");
  expect(server.connections()).toBe(1);
});

test("a body without a length is stopped at the limit, and one of exactly that size is not", async () => {
  const server = await httpServer((request, response) => {
    if (request.url === "/exact") return response.end(Buffer.alloc(100_000));
    const timer = setInterval(() => response.write(Buffer.alloc(20_000)), 1);
    response.on("close", () => clearInterval(timer));
  });
  const limits = { bytes: 100_000 };
  expect(await refused(`${server.url}/endless`, { limits })).toMatchObject({
    code: "JB255",
    retryable: false,
  });
  expect((await fetchedFile(`${server.url}/exact`, { limits })).bytes).toBe(100_000);
});

test.each([
  ["by its length", "Content-Length: 1000\r\n\r\nonly this"],
  ["in chunks", "Transfer-Encoding: chunked\r\n\r\n9\r\nonly this\r\n"],
  ["by two lengths", "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello"],
  ["in a chunk", "Transfer-Encoding: chunked\r\n\r\nff\r\nonly this"],
])("a body that ends too soon, %s, is no short file", async (_, rest) => {
  const server = await rawServer((socket) => socket.end(`HTTP/1.1 200 OK\r\n${rest}`));
  const error = await refused(server.url, { limits: { ...quick, attempts: 3 } });
  expect(error).toMatchObject({ code: "JB256", retryable: true });
  expect(server.connections()).toBe(3);
});

test("a connection that is reset in the middle is tried again, from the beginning", async () => {
  const server = await rawServer((socket) => {
    if (server.connections() < 3) {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${TEXT.length}\r\n\r\n`);
      socket.write(TEXT.subarray(0, 1000));
      setTimeout(() => socket.resetAndDestroy(), 10);
    } else {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${TEXT.length}\r\n\r\n`);
      socket.end(TEXT);
    }
  });
  const { content } = await fetchedFile(server.url);
  expect(content.equals(TEXT)).toBe(true);
  expect(server.connections()).toBe(3);
});

test.each([
  ["no HTTP at all", "SSH-2.0-OpenSSH_9.7\r\n", "JB252"],
  ["chunks of no size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "JB252"],
  ["a length that is none", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nhello", "JB252"],
  ["an endless head", `HTTP/1.1 200 OK\r\nX: ${"x".repeat(100_000)}\r\n\r\n`, "JB255"],
])("a server that answers %s is refused once", async (_, answer, code) => {
  const server = await rawServer((socket) => socket.write(answer));
  expect(await refused(server.url)).toMatchObject({ code, retryable: false });
  expect(server.connections()).toBe(1);
});
