import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { Row, Sql } from "postgres";
import {
  type CatalogRecord,
  detectFormat,
  type Format,
  FormatError,
  fileInput,
  readItems,
} from "../../formats/index.ts";

/** What became of a file. Counts are records, except where the name says entities. */
export type DeliveryResult = {
  file: string;
  format: string;
  source: string;
  deliveryId: number;
  records: number;
  new: number;
  changed: number;
  unchanged: number;
  entitiesMinted: number;
  entitiesChanged: number;
  /** Entities that were only referred to when their batch was applied. */
  placeholders: number;
};

export type DeliveryOptions = {
  /** The name of a format; detected from the content without it. */
  format?: string | undefined;
  /** Who delivers; the format's own source, or `local`, without it. */
  source?: string | undefined;
  /** Records a transaction. */
  batchSize?: number;
  /** Called when the number of records is known, and after each batch. */
  onProgress?: (progress: { file: string; applied: number; total: number }) => void;
};

/** Larger files are not kept in the database; their checksum is. */
const KEPT_BYTES = 32 * 1024 * 1024;

/** How often a batch is applied before it fails, when others are in its way. */
const ATTEMPTS = 5;

const gzipped = promisify(gzip);

/**
 * Takes one file into the catalog: read and checked from end to end first, so that a file which cannot be
 * understood leaves nothing behind; then applied batch by batch, each in its own transaction. A second delivery
 * of the same bytes changes nothing. Throws FormatError, and what the database raises.
 */
export async function deliver(
  sql: Sql,
  file: string,
  options: DeliveryOptions = {},
): Promise<DeliveryResult> {
  const { batchSize = 1000, onProgress = () => {} } = options;
  const format = await chooseFormat(file, options.format);
  const source = options.source ?? format.source ?? "local";

  const total = await check(sql, file, format);
  onProgress({ file, applied: 0, total });

  const deliveryId = await open(sql, file, format, source);
  const result: DeliveryResult = {
    file,
    format: format.name,
    source,
    deliveryId,
    records: 0,
    new: 0,
    changed: 0,
    unchanged: 0,
    entitiesMinted: 0,
    entitiesChanged: 0,
    placeholders: 0,
  };
  try {
    let applied = 0;
    for await (const batch of batches(recordsOf(format, file), batchSize)) {
      const counts = await apply(sql, deliveryId, batch);
      result.records += counts?.records;
      result.new += counts?.new;
      result.changed += counts?.changed;
      result.unchanged += counts?.unchanged;
      result.entitiesMinted += counts?.entities_minted;
      result.entitiesChanged += counts?.entities_changed;
      result.placeholders += counts?.placeholders;
      applied += batch.length;
      onProgress({ file, applied, total });
    }
    await sql`select ingest.close_delivery(${deliveryId})`;
  } catch (error) {
    // The reason is kept with the delivery when the database can still be reached; the error itself is the caller's.
    const reason = error instanceof Error ? error.message : String(error);
    await sql`select ingest.close_delivery(${deliveryId}, ${reason})`.catch(() => {});
    throw error;
  }
  return result;
}

/** Applies a batch in a transaction, and again when the database gave it up for another one (40001, 40P01). */
async function apply(
  sql: Sql,
  deliveryId: number,
  batch: CatalogRecord[],
): Promise<Row | undefined> {
  for (let attempt = 1; ; attempt++) {
    try {
      const [counts] = await sql`
        select records, new, changed, unchanged, entities_minted, entities_changed, placeholders
        from ingest.apply(${deliveryId}, ${sql.json(batch as never)}) /* ingest:apply */`;
      return counts;
    } catch (error) {
      const { code } = error as { code?: string };
      if (attempt === ATTEMPTS || (code !== "40001" && code !== "40P01")) throw error;
    }
  }
}

async function chooseFormat(file: string, name: string | undefined): Promise<Format> {
  const { format } = await detectFormat(fileInput(file), name);
  return format;
}

async function* recordsOf(format: Format, file: string) {
  for await (const item of readItems(format, fileInput(file))) {
    if ("refused" in item) throw item.refused;
    if ("record" in item) yield item;
  }
}

/** Reads the file to its end and returns the number of records; throws at the first that cannot be taken. */
async function check(sql: Sql, file: string, format: Format): Promise<number> {
  const rows = await sql<{ scheme: string }[]>`select scheme from identity.scheme order by rank`;
  const schemes = new Set(rows.map(({ scheme }) => scheme));
  let total = 0;
  for await (const { record, pointer } of recordsOf(format, file)) {
    total += 1;
    const unknown = Object.keys(record.ids ?? {}).find((scheme) => !schemes.has(scheme));
    if (unknown !== undefined) {
      throw new FormatError({
        code: "JB246",
        file,
        ...(pointer.startsWith("line ") ? { line: Number(pointer.slice(5)) } : { pointer }),
        reason: `${record.kind} "${record.id}" has an id of the unknown scheme "${unknown}"`,
        hint: `schemes: ${[...schemes].join(", ")}; a new one is a row of identity.scheme`,
      });
    }
  }
  return total;
}

async function open(sql: Sql, file: string, format: Format, source: string): Promise<number> {
  const { size } = await stat(file);
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  const content = size <= KEPT_BYTES ? await gzipped(await readFile(file)) : null;
  const [row] = await sql`
    select ingest.open_delivery(
      ${source}, ${basename(file)}, ${format.name}, ${hash.digest()}, ${size}, ${content}
    ) as delivery_id`;
  return Number(row?.delivery_id);
}

async function* batches(
  located: AsyncIterable<{ record: CatalogRecord }>,
  size: number,
): AsyncGenerator<CatalogRecord[]> {
  let batch: CatalogRecord[] = [];
  for await (const { record } of located) {
    batch.push(record);
    if (batch.length === size) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}
