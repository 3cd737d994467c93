import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { S3Settings } from "../../lib/fetch/s3/settings.ts";
import { KEPT_BYTES } from "../../lib/ingest/content.ts";
import { deliver } from "../../lib/ingest/delivery.ts";
import { fetcher } from "../../lib/ingest/fetch-run.ts";
import { createReader } from "../../lib/ingest/reader.ts";
import { takeIn } from "../../lib/ingest/run.ts";
import { testDatabase } from "../database.ts";
import { s3Server } from "../fetch/s3-server.ts";

const { sql } = await testDatabase();
const directory = mkdtempSync(join(tmpdir(), "jukebase-storage-"));
const reader = createReader();
afterAll(async () => {
  await reader.close();
  rmSync(directory, { recursive: true });
});

/** A file that is too large for the database, most of it blank. */
function largeFile(name: string): string {
  const path = join(directory, name);
  const record = `${JSON.stringify({ kind: "artist", id: name, name })}\n`;
  writeFileSync(path, record + `${" ".repeat(65_535)}\n`.repeat(KEPT_BYTES / 65_536));
  return path;
}

test("a delivery that is too large for the database is kept in the object storage, and read back from there", async () => {
  const keys = { accessKeyId: "AKJUKEBASE", secretAccessKey: "se/cr+et=" };
  const server = await s3Server({ keys });
  const s3: S3Settings = {
    endpoint: server.url,
    region: "us-east-1",
    addressing: "path",
    bucket: "deliveries",
    login: keys,
  };
  const fetchFrom = fetcher({ s3 });
  const path = largeFile("stored");
  const { deliveryId, new: added } = await deliver(sql, path, { reader, storage: s3, fetchFrom });
  expect(added).toBe(1);
  const [row] = await sql`
    select content, content_url, encode(sha256, 'hex') as sha256 from ingest.delivery where delivery_id = ${deliveryId}`;
  expect(row).toMatchObject({
    content: null,
    content_url: `s3://deliveries/deliveries/${row?.sha256}`,
  });

  rmSync(path);
  const [run] = await sql<{ id: number }[]>`
    select ingest.start_run(${deliveryId}, 'replay')::float8 as id`;
  expect(await takeIn(sql, run?.id ?? 0, { reader, fetchFrom })).toMatchObject({
    records: 1,
    unchanged: 1,
  });
}, 120_000);

test("without a bucket it is read where it lies; gone from there it is missed with its place", async () => {
  const path = largeFile("left");
  const { deliveryId } = await deliver(sql, path, { reader });
  const replay = async () => {
    const [run] = await sql<{ id: number }[]>`
      select ingest.start_run(${deliveryId}, 'replay')::float8 as id`;
    return takeIn(sql, run?.id ?? 0, { reader });
  };
  expect(await replay()).toMatchObject({ records: 1 });
  rmSync(path);
  expect(existsSync(path)).toBe(false);
  await expect(replay()).rejects.toMatchObject({ code: "JB208", hint: expect.any(String) });
}, 120_000);
