import type { Stats } from "node:fs";
import { stat } from "node:fs/promises";
import type { Sql } from "postgres";
import { detectFormat, FormatError, fileInput, formatNamed } from "../../formats/index.ts";
import type { Mapping } from "../../formats/mapping.ts";
import { shownUrl } from "../fetch/url.ts";
import { materialise } from "./content.ts";
import { withDirectory } from "./directory.ts";
import type { Reader } from "./reader.ts";
import type { Batch, Description, ReadRecord } from "./reading.ts";
import { Refused } from "./refused.ts";
import { withRunLock } from "./run-lock.ts";

/** Counts of a run. Records, except where the name says entities. */
export type Counts = {
  records: number;
  new: number;
  changed: number;
  unchanged: number;
  entitiesMinted: number;
  entitiesChanged: number;
  /** Entities that were only referred to when their batch was applied. */
  placeholders: number;
  quarantined: number;
  warnings: number;
};

export type RunOptions = {
  reader: Reader;
  /** Items a transaction. */
  batchSize?: number | undefined;
  /** Transactions at a time; as many connections are used, and one more. */
  sideBySide?: number | undefined;
  /** Called after each batch: items dealt with so far, and the share of the file that was read, 0 to 1. */
  onProgress?: ((progress: { applied: number; share: number }) => void) | undefined;
  /** Brings the bytes of a URL other than file: into a directory; returns the path. */
  fetchFrom?: (url: string, directory: string) => Promise<string>;
  signal?: AbortSignal | undefined;
};

/** The format of what nobody has looked at yet. */
export const UNKNOWN = "unknown";

/** How often a batch is applied before it fails, when others are in its way. */
const ATTEMPTS = 5;

/**
 * Takes the delivery of a run in, from where it stopped: reads its bytes and applies them batch by batch, each in a transaction of
 * its own that notes how far the run has come. "busy" when another process is at it. A delivery that cannot be read ends as
 * failed and throws FormatError or Refused, what was read before stays; what else goes wrong leaves the run open, to be gone on with.
 */
export function takeIn(sql: Sql, runId: number, options: RunOptions): Promise<Counts | "busy"> {
  return withRunLock(sql, runId, async () => {
    try {
      await withDirectory("delivery", (directory) => readAndApply(sql, runId, directory, options));
      await sql`select ingest.finish_run(${runId})`;
    } catch (error) {
      if (error instanceof FormatError || error instanceof Refused) {
        const { code, message, hint = null } = error;
        await sql`select ingest.finish_run(${runId}, ${code}, ${message}, ${hint})`;
      }
      throw error;
    }
    return countsOf(sql, runId);
  });
}

type Delivery = {
  delivery_id: number;
  name: string;
  format: string;
  bytes: number;
  mapping: Mapping | null;
  status: string;
  done: { first: number; next: number }[];
};

async function readAndApply(
  sql: Sql,
  runId: number,
  directory: string,
  {
    reader,
    batchSize = 1000,
    sideBySide = 2,
    onProgress,
    fetchFrom = noFetching,
    signal,
  }: RunOptions,
): Promise<void> {
  const [delivery] = await sql<Delivery[]>`
    select d.delivery_id::float8, d.name, d.format, greatest(d.byte_count, 1)::float8 as bytes, s.mapping, r.status,
      (
        select coalesce(jsonb_agg(jsonb_build_object('first', lower(p), 'next', upper(p))), '[]')
        from unnest(r.done) p
      ) as done
    from ops.run r
    join ingest.delivery d on d.delivery_id = r.delivery_id
    join ingest.source s on s.source = d.source
    where r.run_id = ${runId}`;
  if (!delivery || (delivery.status !== "queued" && delivery.status !== "running")) {
    const message = delivery
      ? `run ${runId} is over: it has ${delivery.status}`
      : `there is no run ${runId}`;
    throw new Refused({ code: "JB207", message, hint: "start another with jukebase replay" });
  }
  if (delivery.format !== UNKNOWN && !formatNamed(delivery.format)) {
    throw new Refused({
      code: "JB245",
      message: `nothing reads the format "${delivery.format}"`,
      hint: "deliver it again in another format",
    });
  }
  // Before anything can fail: a try that is not counted would be made for ever.
  await sql`select ingest.begin_run(${runId})`;
  const path = await materialise(sql, delivery.delivery_id, directory, fetchFrom);
  const before = await stat(path);
  const schemes = await sql<{ scheme: string }[]>`select scheme from identity.scheme order by rank`;
  if (delivery.format === UNKNOWN) {
    const { format, version } = await detectFormat(fileInput(path, delivery.name));
    delivery.format = format.name;
    await sql`
      select ingest.describe_delivery(${delivery.delivery_id}, ${version}, p_format => ${format.name})`;
  }

  let applied = delivery.done.reduce((sum, { first, next }) => sum + next - first, 0);
  const underWay = new Set<Promise<void>>();
  const keys = keysInWork();
  let failure: { error: unknown } | undefined;
  const request = {
    path,
    name: delivery.name,
    format: delivery.format,
    mapping: delivery.mapping ?? undefined,
    schemes: schemes.map(({ scheme }) => scheme),
    batchSize,
    done: delivery.done.map(({ first, next }): [number, number] => [first, next]),
  };
  // Reading may take minutes until it says something: it does not keep whoever stops waiting.
  const stopReading = () => void reader.close();
  signal?.addEventListener("abort", stopReading);
  try {
    for await (const reading of reader.read(request)) {
      signal?.throwIfAborted();
      if ("about" in reading) {
        await describe(sql, delivery.delivery_id, reading.about);
        continue;
      }
      const { batch, bytesRead } = reading;
      if (keys.overlaps(batch)) await Promise.all(underWay);
      keys.add(batch);
      const work: Promise<void> = applyBatch(sql, runId, delivery.delivery_id, batch)
        .then(() => {
          applied += batch.next - batch.first;
          onProgress?.({ applied, share: Math.min(1, bytesRead / delivery.bytes) });
        })
        .catch((error) => {
          failure ??= { error };
        })
        .finally(() => {
          keys.remove(batch);
          underWay.delete(work);
        });
      underWay.add(work);
      if (underWay.size >= sideBySide) await Promise.race(underWay);
      if (failure) throw failure.error;
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener("abort", stopReading);
    // What is on its way is applied also when the file turns out to be cut short.
    await Promise.all(underWay);
  }
  if (failure) throw failure.error;
  await requireUnchanged(path, delivery.name, before);
}

/** Raises JB208 when a file that was read where it lies was changed meanwhile: what was applied is not what its checksum says. */
async function requireUnchanged(path: string, name: string, before: Stats): Promise<void> {
  const after = await stat(path).catch(() => undefined);
  if (after?.mtimeMs === before.mtimeMs && after.size === before.size) return;
  throw new Refused({
    code: "JB208",
    message: `${name} was changed while it was read`,
    hint: "deliver it again when it is written to its end",
  });
}

async function describe(sql: Sql, deliveryId: number, about: Description): Promise<void> {
  const { version = null, messageId = null, sender = null, statedAt = "" } = about;
  const date = new Date(statedAt);
  const isDate = date.getUTCFullYear() > 0 && date.getUTCFullYear() < 10_000;
  const age = isDate ? date.toISOString() : null;
  await sql`
    select ingest.describe_delivery(
      ${deliveryId}, ${version}, ${messageId}, ${sender}, p_stated_at => ${age}::text::timestamptz
    )`;
}

/** Applies what differs of a batch in a transaction, and again when the database gave it up for another one (40001, 40P01). */
async function applyBatch(
  sql: Sql,
  runId: number,
  deliveryId: number,
  batch: Batch,
): Promise<void> {
  const { first, next, refused, warnings } = batch;
  for (let attempt = 1; ; attempt++) {
    try {
      const records = await differing(sql, runId, deliveryId, batch);
      await sql`
        select ingest.apply_run(
          ${runId}, ${first}, ${next}, ${`[${records.map(({ json }) => json).join(",")}]`}::text::jsonb,
          ${records.map(({ position }) => position)}::bigint[], ${records.map(({ pointer }) => pointer)}::text[],
          ${records.map(({ checksum }) => checksum)}::text[]::uuid[], ${batch.records.length - records.length},
          ${sql.json(refused as never)}, ${sql.json(warnings as never)}
        ) /* ingest:apply */`;
      return;
    } catch (error) {
      const { code } = error as { code?: string };
      if (attempt === ATTEMPTS || (code !== "40001" && code !== "40P01")) throw error;
    }
  }
}

/** The records of a batch that say something else than what is known of them. */
async function differing(
  sql: Sql,
  runId: number,
  deliveryId: number,
  { first, records }: Batch,
): Promise<ReadRecord[]> {
  if (records.length === 0) return records;
  const [row] = await sql<{ places: number[] }[]>`
    select ingest.differing(
      ${deliveryId}, ${records.map(({ kind }) => kind)}::text[], ${records.map(({ id }) => id)}::text[],
      ${records.map(({ checksum }) => checksum)}::text[]::uuid[],
      ingest.position_of(${runId}, ${records[0]?.position ?? first})
    ) as places /* ingest:differing */`;
  return (row?.places ?? []).flatMap((place) => records[place - 1] ?? []);
}

/**
 * Keeps batches apart that state the same record: asked about and applied at the same time, the earlier statement could stay.
 * Mentions have no order.
 */
function keysInWork() {
  const inWork = new Map<string, number>();
  const keysOf = ({ records }: Batch) =>
    records.filter(({ isMention }) => !isMention).map(({ kind, id }) => `${kind} ${id}`);
  return {
    overlaps: (batch: Batch) => keysOf(batch).some((key) => inWork.has(key)),
    add: (batch: Batch) => {
      for (const key of keysOf(batch)) inWork.set(key, (inWork.get(key) ?? 0) + 1);
    },
    remove: (batch: Batch) => {
      for (const key of keysOf(batch)) {
        const count = (inWork.get(key) ?? 1) - 1;
        if (count === 0) inWork.delete(key);
        else inWork.set(key, count);
      }
    },
  };
}

/** The counts of a run so far. */
export async function countsOf(sql: Sql, runId: number): Promise<Counts> {
  const [row] = await sql<[Counts]>`
    select records::float8, new::float8, changed::float8, unchanged::float8, entities_minted::float8 as "entitiesMinted",
      entities_changed::float8 as "entitiesChanged", placeholders::float8, quarantined::float8, warnings::float8
    from ops.run where run_id = ${runId}`;
  return row;
}

async function noFetching(url: string): Promise<string> {
  throw new Refused({
    code: "JB209",
    message: `the bytes are kept at ${shownUrl(url)}`,
    hint: "jukebase replay reads them from there",
  });
}
