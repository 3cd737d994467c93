import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { constants, createGunzip, gzip, type ZlibOptions } from "node:zlib";
import type { Sql } from "postgres";
import { MOST_STORED_BYTES, storeObject } from "../fetch/s3/put.ts";
import type { S3Settings } from "../fetch/s3/settings.ts";
import { shownUrl } from "../fetch/url.ts";
import { Refused } from "./refused.ts";

/** More than this, in bytes, is not kept in the database: its place and its checksum are. */
export const KEPT_BYTES = 32 * 1024 * 1024;

const gzipped = promisify<Buffer, ZlibOptions, Buffer>(gzip);
/** Whoever delivers waits for it. */
const FAST = { level: constants.Z_BEST_SPEED };

/** A file as ingest.open_delivery wants it. */
export type Content = {
  sha256: Buffer;
  bytes: number;
  /** gzip of the bytes; null when they are too many, or kept already. */
  packed: Buffer | null;
  /** Where they are when they are too many. */
  url: string | null;
};

/**
 * Reads a file of a source for being kept. One that is too large for the database goes to the object storage, when there is a
 * bucket; else it stays where it can be read again: at its `url`, or at its own path.
 */
export async function contentOf(
  sql: Sql,
  source: string,
  path: string,
  { url, storage }: { url?: string | undefined; storage?: S3Settings | undefined } = {},
): Promise<Content> {
  const { size } = await stat(path);
  if (size > KEPT_BYTES) {
    const sha256 = await checksumOf(path);
    const isStored = storage?.bucket !== undefined && size <= MOST_STORED_BYTES;
    const place = isStored
      ? await storeObject(path, `deliveries/${sha256.toString("hex")}`, storage, { sha256 })
      : (url ?? pathToFileURL(path).href);
    return { sha256, bytes: size, packed: null, url: place };
  }
  // Read once: the checksum is that of what is kept, also when the file is changed meanwhile.
  const bytes = await readFile(path);
  const sha256 = checksum(bytes);
  const known = await sql`
    select from ingest.delivery where source = ${source} and sha256 = ${sha256}`;
  const packed = known.length > 0 ? null : await gzipped(bytes, FAST);
  return { sha256, bytes: bytes.length, packed, url: null };
}

function checksum(bytes: Buffer): Buffer {
  return createHash("sha256").update(bytes).digest();
}

/** The SHA-256 of a file. */
async function checksumOf(path: string): Promise<Buffer> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest();
}

/**
 * The path of a file with the bytes of a delivery as they came: written to `directory` when the database has them, else where they
 * were left. Raises JB209 when they are nowhere, JB208 when they are others by now.
 */
export async function materialise(
  sql: Sql,
  deliveryId: number,
  directory: string,
  fetchFrom: (url: string, directory: string) => Promise<string>,
): Promise<string> {
  const [row] = await sql<{ sha256: Buffer; content: Buffer | null; content_url: string | null }[]>`
    select sha256, content, content_url from ingest.delivery where delivery_id = ${deliveryId}`;
  if (row?.content) {
    const path = join(directory, `delivery-${deliveryId}`);
    // What arrived as text is kept as it is.
    const isPacked = !checksum(row.content).equals(row.sha256);
    const file = createWriteStream(path);
    await (isPacked
      ? pipeline([row.content], createGunzip(), file)
      : pipeline([row.content], file));
    return path;
  }
  const url = row?.content_url;
  if (!url) {
    throw new Refused({
      code: "JB209",
      message: `the bytes of delivery ${deliveryId} are not kept`,
      detail: "It was larger than what the database keeps.",
      hint: "deliver the file again",
    });
  }
  const path = url.startsWith("file:") ? fileURLToPath(url) : await fetchFrom(url, directory);
  const found = await checksumOf(path).catch((error: Error) => error.message);
  if (typeof found === "string" || !found.equals(row.sha256)) {
    throw new Refused({
      code: "JB208",
      message: `the bytes of delivery ${deliveryId} are no longer at ${shownUrl(url)}`,
      detail: typeof found === "string" ? found : "What is there has another checksum.",
      hint: "put the file back, or deliver it again",
    });
  }
  return path;
}
