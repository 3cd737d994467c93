import { expect, test } from "vitest";
import { readAllowance, refusedAddress } from "../../lib/fetch/address.ts";
import { fetchedFile, quick, refused } from "./fetching.ts";
import { httpServer } from "./servers.ts";

const nothing = readAllowance(false);

test.each([
  ["127.0.0.1", "loopback"],
  ["127.255.255.254", "loopback"],
  ["0.0.0.0", "unspecified"],
  ["0.1.2.3", "unspecified"],
  ["10.0.0.1", "private"],
  ["172.16.0.1", "private"],
  ["172.31.255.255", "private"],
  ["192.168.1.1", "private"],
  ["169.254.169.254", "link local"],
  ["100.64.0.1", "carrier grade nat"],
  ["100.100.100.200", "carrier grade nat"],
  ["192.0.0.192", "reserved"],
  ["198.18.0.1", "reserved"],
  ["203.0.113.7", "reserved"],
  ["224.0.0.1", "multicast"],
  ["240.0.0.1", "reserved"],
  ["255.255.255.255", "broadcast"],
  ["168.63.129.16", "the host of the machine"],
  ["::", "unspecified"],
  ["::1", "loopback"],
  ["fe80::1", "link local"],
  ["fe80::1%2", "link local"],
  ["fc00::1", "unique local"],
  ["fd00:ec2::254", "unique local"],
  ["fec0::1", "deprecated site local"],
  ["ff02::1", "multicast"],
  ["2001:db8::1", "reserved"],
  ["3fff::1", "reserved"],
  ["100::1", "discard"],
  ["4000::1", "reserved"],
  // An IPv4 address inside: compatible, mapped, translated, NAT64, 6to4, Teredo.
  ["::127.0.0.1", "reserved"],
  ["::1.1.1.1", "reserved"],
  ["::7f00:1", "reserved"],
  ["::ffff:127.0.0.1", "loopback"],
  ["::ffff:a9fe:a9fe", "link local"],
  ["::ffff:0:127.0.0.1", "rfc6145"],
  ["64:ff9b::127.0.0.1", "loopback"],
  ["64:ff9b::a9fe:a9fe", "link local"],
  ["64:ff9b:1::a00:1", "rfc6052"],
  ["2002:7f00:1::", "6to4"],
  ["2002:a9fe:a9fe::1", "6to4"],
  ["2001:0:a00:1::1", "teredo"],
])("%s is not public: %s", (address, why) => {
  expect(refusedAddress("x.example", address, nothing)).toBe(why);
  expect(refusedAddress("x.example", address, readAllowance(true))).toBeUndefined();
});

test.each([
  "1.1.1.1",
  "9.255.255.255",
  "11.0.0.1",
  "100.63.255.255",
  "100.128.0.1",
  "126.255.255.255",
  "128.0.0.1",
  "169.253.255.255",
  "172.15.255.255",
  "172.32.0.1",
  "223.255.255.255",
  "2606:4700:4700::1111",
  "2a00:1450:4001::1",
  "::ffff:1.1.1.1",
  "64:ff9b::1.1.1.1",
])("%s is public", (address) => {
  expect(refusedAddress("x.example", address, nothing)).toBeUndefined();
});

test("hosts, addresses and ranges are allowed, and nothing beside them", () => {
  const allowance = readAllowance([
    "Files.Internal.",
    "10.1.0.0/16",
    "192.168.1.7",
    "fd00:1::/32",
    "[::1]",
  ]);
  const allowed = (host: string, address: string): boolean =>
    refusedAddress(host, address, allowance) === undefined;
  expect(allowed("files.internal", "127.0.0.1")).toBe(true);
  expect(allowed("FILES.internal.", "169.254.169.254")).toBe(true);
  expect(allowed("x.files.internal", "127.0.0.1")).toBe(false);
  expect(allowed("x.example", "10.1.2.3")).toBe(true);
  expect(allowed("x.example", "::ffff:10.1.2.3")).toBe(true);
  expect(allowed("x.example", "64:ff9b::10.1.2.3")).toBe(true);
  expect(allowed("x.example", "10.2.0.1")).toBe(false);
  expect(allowed("x.example", "192.168.1.7")).toBe(true);
  expect(allowed("x.example", "192.168.1.8")).toBe(false);
  expect(allowed("x.example", "fd00:1::7")).toBe(true);
  expect(allowed("x.example", "fd00:2::7")).toBe(false);
  expect(allowed("x.example", "::1")).toBe(true);
  expect(allowed("x.example", "1.1.1.1")).toBe(true);
});

test.each([
  "10.0.0.0/33",
  "10.0.0",
  "http://files.internal",
  "files internal",
  "",
  "*.internal",
  "a/8",
])("%s cannot be allowed", (entry) => {
  expect(() => readAllowance([entry])).toThrow(expect.objectContaining({ code: "JB001" }));
});

test("loopback is refused in every spelling, and nothing connects to it", async () => {
  const server = await httpServer((_, response) => response.end("inside"));
  const hosts = [
    "127.0.0.1",
    "localhost",
    "2130706433",
    "0x7f.1",
    "0x7f000001",
    "0177.0.0.1",
    "017700000001",
    "127.1",
    "0",
    "１２７.0.0.1",
    "127。0。0。1",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[0:0:0:0:0:ffff:127.0.0.1]",
    "[64:ff9b::127.0.0.1]",
    "[2002:7f00:1::]",
    "[::127.0.0.1]",
  ];
  for (const host of hosts) {
    const error = await refused(`http://${host}:${server.port}/`, { allowPrivate: false });
    expect(error, host).toMatchObject({ code: "JB251", retryable: false });
  }
  expect(server.requests).toEqual([]);
  const { content } = await fetchedFile(`http://2130706433:${server.port}/`, {
    allowPrivate: ["127.0.0.0/8"],
  });
  expect(content.toString()).toBe("inside");
});

test("a redirect to a private address is refused", async () => {
  const inside = await httpServer((_, response) => response.end("secret"));
  const targets = ["http://169.254.169.254/latest/meta-data/", `http://[::1]:${inside.port}/`];
  for (const location of targets) {
    const server = await httpServer((_, response) => response.writeHead(302, { location }).end());
    const error = await refused(server.url, { allowPrivate: ["127.0.0.1"] });
    expect(error).toMatchObject({ code: "JB251", retryable: false });
  }
  const named = await httpServer((_, response) =>
    response.writeHead(302, { location: `http://inner.example:${inside.port}/` }).end(),
  );
  const error = await refused(`http://outer.example:${named.port}/`, {
    allowPrivate: ["outer.example"],
    resolver: async () => [{ address: "127.0.0.1", family: 4 }],
  });
  expect(error).toMatchObject({ code: "JB251", url: "inner.example" });
  expect(inside.requests).toEqual([]);
});

test("the address that is judged is the one that is connected to: a name is looked up once for a connection", async () => {
  const server = await httpServer((_, response) => response.end("once"));
  let looked = 0;
  // What is allowed at first, and then turns into what is not.
  const resolver = async () => [{ address: looked++ === 0 ? "127.0.0.1" : "10.0.0.1", family: 4 }];
  const url = `http://rebinding.example:${server.port}/`;
  const allowPrivate = ["127.0.0.1"];
  expect((await fetchedFile(url, { allowPrivate, resolver })).content.toString()).toBe("once");
  expect(looked).toBe(1);
});

test("a name that comes to mean a private address is refused at the next connection", async () => {
  let looked = 0;
  const server = await httpServer((_, response) =>
    response.writeHead(503, { Connection: "close" }).end(),
  );
  const resolver = async () => [{ address: looked++ === 0 ? "127.0.0.1" : "10.0.0.1", family: 4 }];
  const error = await refused(`http://rebinding.example:${server.port}/`, {
    allowPrivate: ["127.0.0.1"],
    limits: quick,
    resolver,
  });
  expect(error).toMatchObject({ code: "JB251", retryable: false });
  expect(error.reason).toContain("private");
  expect(looked).toBe(2);
  expect(server.requests).toHaveLength(1);
});

test("of the addresses of a name only those that are allowed are connected to", async () => {
  const server = await httpServer((_, response) => response.end("there"));
  const allowPrivate = ["127.0.0.1"];
  const resolver = async () => [
    { address: "::1", family: 6 },
    { address: "10.0.0.1", family: 4 },
    { address: "127.0.0.1", family: 4 },
  ];
  const url = `http://mixed.example:${server.port}/`;
  expect((await fetchedFile(url, { allowPrivate, resolver })).content.toString()).toBe("there");
  const error = await refused(url, { allowPrivate: ["127.0.0.2"], resolver });
  expect(error.reason).toContain("(loopback, private)");
  expect(error.message + error.detail).not.toContain("10.0.0.1");
  expect(server.requests).toHaveLength(1);
});

test.each([
  ["https://user@files.example/", "credentials"],
  ["https://user:pass@files.example/x", "credentials"],
  ["https://:pass@files.example/", "credentials"],
  ["ftp://files.example/", "ftp"],
  ["file:///etc/passwd", "file"],
  ["/etc/passwd", "no URL"],
  ["https://", "no URL"],
  ["https://a b/", "no URL"],
  ["http://127.0.0.1.1/", "no URL"],
])("%s is refused: %s", async (url, reason) => {
  const error = await refused(url);
  expect(error).toMatchObject({ code: "JB250", retryable: false });
  expect(error.reason).toContain(reason);
  expect(error.message).not.toContain("pass@");
});

test("plain http is refused unless it is allowed", async () => {
  const server = await httpServer((_, response) => response.end("plain"));
  expect(await refused(server.url, { allowHttp: false })).toMatchObject({ code: "JB250" });
  expect(server.requests).toEqual([]);
});

test("a proxy of the environment is not used", async () => {
  const proxy = await httpServer((_, response) => response.end("by proxy"));
  const server = await httpServer((_, response) => response.end("directly"));
  const before = { ...process.env };
  try {
    for (const name of ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"])
      process.env[name] = proxy.url;
    process.env.NODE_USE_ENV_PROXY = "1";
    expect((await fetchedFile(server.url)).content.toString()).toBe("directly");
    expect(proxy.requests).toEqual([]);
  } finally {
    process.env = before;
  }
});
