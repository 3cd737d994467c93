import { randomBytes, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import pino from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { FormatError } from "../../formats/index.ts";
import { deliver, receive } from "../../lib/ingest/delivery.ts";
import { createReader } from "../../lib/ingest/reader.ts";
import { startWorker, type Worker } from "../../lib/worker/worker.ts";
import { testDatabase } from "../database.ts";

const { sql, url } = await testDatabase();
const directory = mkdtempSync(join(tmpdir(), "jukebase-hostile-"));
const reader = createReader();
let worker: Worker;
beforeAll(async () => {
  worker = await startWorker(url, pino({ level: "silent" }));
});
afterAll(async () => {
  await worker.stop();
  await reader.close();
  rmSync(directory, { recursive: true });
});

const MIB = 1024 * 1024;
const artist = (name: unknown, id: string = randomUUID()) =>
  JSON.stringify({ kind: "artist", id, name });
const ERN =
  '<ern:NewReleaseMessage xmlns:ern="http://ddex.net/xml/ern/382" MessageSchemaVersionId="ern/382">';
const laughs = Array.from(
  { length: 9 },
  (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`,
).join("");

/** What is delivered, and with what code it, or the one record of it, is refused. */
const HOSTILE: [what: string, content: () => string | Buffer, code: string][] = [
  [
    "billion laughs",
    () =>
      `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">${laughs}]>${ERN}&l9;</ern:NewReleaseMessage>`,
    "JB248",
  ],
  [
    "an external entity",
    () =>
      `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY p SYSTEM "file:///etc/passwd">]>${ERN}&p;</ern:NewReleaseMessage>`,
    "JB248",
  ],
  ["2 MB of nesting", () => `${ERN}${"<a>".repeat(700_000)}`, "JB244"],
  [
    "a message that is cut short",
    () => `<?xml version="1.0"?>${ERN}<MessageHeader><MessageId>1`,
    "JB243",
  ],
  [
    "a feed with entities of its own",
    () =>
      `<!DOCTYPE rss [<!ENTITY l0 "ha">${laughs}]><rss version="2.0"><channel><title>&l9;</title></channel></rss>`,
    "JB248",
  ],
  ["a deep feed", () => `<rss version="2.0"><channel>${"<item>".repeat(300_000)}`, "JB244"],
  ["a gzip bomb of one line", () => gzipSync(Buffer.alloc(400 * MIB, "[")), "JB245"],
  [
    "a gzip bomb behind a record",
    () =>
      gzipSync(Buffer.concat([Buffer.from(`${artist("Front")}\n`), Buffer.alloc(400 * MIB, " ")])),
    "JB247",
  ],
  [
    "gzip that ends early",
    () => gzipSync(randomBytes(MIB).toString("base64")).subarray(0, 5000),
    "JB24",
  ],
  ["a binary file", () => randomBytes(100_000), "JB24"],
  [
    "a table whose quote never closes",
    () => `kind,id,name\nartist,1,"${"x".repeat(20 * MIB)}`,
    "JB24",
  ],
];
/** A line of a delivery of NDJSON that cannot be taken. */
const LINES: [what: string, line: () => string | Buffer, code: string][] = [
  ["a NUL", () => artist("A\0B"), "JB242"],
  ["a raw NUL", () => `${artist("raw").slice(0, -2)}\0"}`, "JB24"],
  ["half a surrogate pair", () => artist("A\ud83d"), "JB242"],
  ["Latin-1", () => Buffer.from(artist("Bj\u00f6rk"), "latin1"), "JB242"],
  [
    "20,000 arrays in each other",
    () => `{"kind":"artist","id":"deep","name":${"[".repeat(20_000)}${"]".repeat(20_000)}}`,
    "JB24",
  ],
  [
    "a million objects in each other",
    () => `${'{"a":'.repeat(1_000_000)}1${"}".repeat(1_000_000)}`,
    "JB24",
  ],
  ["a line of 20 MiB", () => artist("x".repeat(20 * MIB)), "JB244"],
  [
    "a number beyond all",
    () => '{"kind":"track","id":"far","title":"x","duration_ms":1e400}',
    "JB246",
  ],
  ["an id that no index takes", () => artist("x", "x".repeat(5000)), "JB246"],
  [
    "a key of the prototype",
    () => '{"kind":"artist","id":"p","name":"x","__proto__":{"a":1}}',
    "JB246",
  ],
];

test.for(HOSTILE)(
  "%s is refused, within bounds of time and memory, and the next delivery goes on",
  { timeout: 240_000 },
  async ([, content, code]) => {
    const path = join(directory, randomUUID());
    writeFileSync(path, content());
    const rss = process.memoryUsage().rss;
    const refused = await deliver(sql, path, { source: "hostile", reader }).then(
      (result) => ({
        code: result.quarantined > 0 ? "JB24" : "taken",
        hint: "in quarantine",
        reason: "in quarantine",
      }),
      (error: Error) => {
        if (error instanceof FormatError) return error;
        throw error;
      },
    );
    expect(refused.code).toMatch(code);
    expect(refused.hint).not.toBe("");
    expect(process.memoryUsage().rss - rss).toBeLessThan(1500 * MIB);
    const good = join(directory, randomUUID());
    writeFileSync(good, artist("Good"));
    expect(await deliver(sql, good, { source: "hostile", reader })).toMatchObject({ new: 1 });
  },
);

test("lines that no record can be are put aside one by one; the worker stays up and takes the others", {
  timeout: 240_000,
}, async () => {
  const parts = LINES.flatMap(([what, line], n) => [
    Buffer.from(line()),
    `\n${artist(what, `good-${n}`)}\n`,
  ]);
  const path = join(directory, "lines.ndjson");
  writeFileSync(
    path,
    Buffer.concat([
      Buffer.from(`${artist("First", "first")}\n`),
      ...parts.map((part) => Buffer.from(part)),
    ]),
  );
  const { deliveryId, runId } = await receive(sql, path, { source: "lines" });
  await sql`select ingest.enqueue(array[${runId ?? null}]::bigint[])`;
  await expect
    .poll(
      () =>
        sql`select status from ops.run where run_id = ${runId ?? null} and finished_at is not null`,
      { timeout: 180_000 },
    )
    .toEqual([{ status: "succeeded" }]);
  const taken =
    await sql`select from ingest.record where source = 'lines' and (source_record_id like 'good-%' or source_record_id = 'first')`;
  expect(taken).toHaveLength(LINES.length + 1);
  const aside = await sql`
    select pointer, code from ingest.quarantine where delivery_id = ${deliveryId} order by substr(pointer, 6)::int`;
  expect(aside.map(({ pointer }) => pointer)).toEqual(LINES.map((_, n) => `line ${2 * n + 2}`));
  for (const [n, [what, , code]] of LINES.entries()) {
    expect(`${what}: ${aside[n]?.code}`).toMatch(new RegExp(`^${what}: ${code}`));
  }
});

test("a thread that reads for ever, or beyond its memory, is ended, and the next delivery goes on", {
  timeout: 240_000,
}, async () => {
  const small = createReader({ memoryMiB: 64, silenceMs: 20_000 });
  try {
    const path = join(directory, "feed.rss");
    const item = "<item><title>x</title><guid>g</guid></item>";
    writeFileSync(
      path,
      `<rss version="2.0"><channel><title>t</title>${item.repeat(600_000)}</channel></rss>`,
    );
    await expect(deliver(sql, path, { source: "hostile", reader: small })).rejects.toMatchObject({
      code: "JB244",
    });
    const good = join(directory, randomUUID());
    writeFileSync(good, artist("Good"));
    expect(await deliver(sql, good, { source: "hostile", reader: small })).toMatchObject({
      new: 1,
    });
  } finally {
    await small.close();
  }
});
