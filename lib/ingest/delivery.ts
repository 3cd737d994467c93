import { basename } from "node:path";
import type { Sql } from "postgres";
import { detectFormat, fileInput } from "../../formats/index.ts";
import type { S3Settings } from "../fetch/s3/settings.ts";
import { contentOf } from "./content.ts";
import { createReader } from "./reader.ts";
import { Refused } from "./refused.ts";
import { type Counts, type RunOptions, takeIn } from "./run.ts";

/** What became of a file. */
export type DeliveryResult = Counts & {
  file: string;
  format: string;
  version: string;
  source: string;
  deliveryId: number;
  /** False when it was in already under this delivery id: nothing was done. */
  isNew: boolean;
  /** The run that took it in: ingest.warning has what it warned of. */
  runId?: number;
};

export type ReceiveOptions = {
  /** The name of a format; seen from the content without it. */
  format?: string | undefined;
  /** Who delivers; the format's own source, or `local`, without it. */
  source?: string | undefined;
  /** The deliverer's own id of the delivery. */
  deliveryKey?: string | undefined;
  /** What the deliverer calls the file; the file's name without it. */
  name?: string | undefined;
  /** Where it was fetched from, and where it can be read again when it is too large to be kept in the database. */
  url?: string | undefined;
  /** Where bytes are kept that are too many for the database, when it has a bucket. */
  storage?: S3Settings | undefined;
};

export type DeliveryOptions = ReceiveOptions & Partial<RunOptions>;

/** A delivery that was received; runId is undefined when it is in already. */
export type Received = {
  deliveryId: number;
  runId: number | undefined;
  source: string;
  format: string;
  version: string;
};

/**
 * Receives a file: its bytes are kept, and a run is opened that will take it in. A delivery id that has been used for the same
 * bytes before and was taken in needs no run. Throws FormatError when it is of no format that is understood; nothing is kept then.
 */
export async function receive(
  sql: Sql,
  file: string,
  options: ReceiveOptions = {},
): Promise<Received> {
  const { deliveryKey = null, url } = options;
  const [configured] = options.source
    ? await sql<{ format: string | null }[]>`
        select format from ingest.source where source = ${options.source}`
    : [];
  const name = options.name ?? basename(file);
  const { format, version } = await detectFormat(
    fileInput(file, options.name),
    options.format ?? configured?.format ?? undefined,
  );
  const source = options.source ?? format.source ?? "local";
  const content = await contentOf(sql, source, file, { url, storage: options.storage });
  // One statement, not a transaction of several: a query in one whose connection is lost ends the process (postgres.js 3.4.9).
  const [{ deliveryId, runId } = { deliveryId: 0, runId: 0 }] = await sql<
    { deliveryId: number; runId: number | null }[]
  >`
    with opened as materialized (
      select ingest.open_delivery(
        ${source}, ${name}, ${format.name}, ${content.sha256}, ${content.bytes}, ${content.packed},
        ${deliveryKey}, ${version}, ${content.url}, ${url ?? null}
      ) as delivery_id
    )
    select o.delivery_id::float8 as "deliveryId",
      -- As it was before it was received once more: under an id that has been used for it, there is nothing to do.
      case when d.status = 'applied' and k.delivery_id = o.delivery_id then null
        else ingest.start_run(o.delivery_id)
      end::float8 as "runId"
    from opened o
    left join ingest.delivery d on d.delivery_id = o.delivery_id
    left join ingest.delivery_key k on k.source = ${source} and k.delivery_key = ${deliveryKey}`;
  return { deliveryId, runId: runId ?? undefined, source, format: format.name, version };
}

const NOTHING: Counts = {
  records: 0,
  new: 0,
  changed: 0,
  unchanged: 0,
  entitiesMinted: 0,
  entitiesChanged: 0,
  placeholders: 0,
  quarantined: 0,
  warnings: 0,
};

/**
 * Takes one file into the catalog: receives it and applies it batch by batch. The same bytes again change nothing. Throws
 * FormatError, Refused, and what the database raises.
 */
export async function deliver(
  sql: Sql,
  file: string,
  options: DeliveryOptions = {},
): Promise<DeliveryResult> {
  const { runId, ...received } = await receive(sql, file, options);
  if (runId === undefined) return { file, ...received, ...NOTHING, isNew: false };
  const reader = options.reader ?? createReader();
  try {
    const counts = await takeIn(sql, runId, { ...options, reader });
    if (counts === "busy") throw busy(received.deliveryId);
    return { file, ...received, ...counts, isNew: true, runId };
  } finally {
    if (!options.reader) await reader.close();
  }
}

export function busy(deliveryId: number): Refused {
  return new Refused({
    code: "JB210",
    message: `delivery ${deliveryId} is being taken in by another process`,
    hint: "select * from ingest.log shows how far it is",
  });
}
