import type { Sql } from "postgres";
import { FormatError } from "../../formats/index.ts";
import { type FetchOptions, fetchDelivery } from "../fetch/delivery.ts";
import { FetchError } from "../fetch/error.ts";
import { shownUrl } from "../fetch/url.ts";
import { receive } from "./delivery.ts";
import { withDirectory } from "./directory.ts";
import { isFinal } from "./final.ts";
import type { Reader } from "./reader.ts";
import { Refused } from "./refused.ts";
import { takeIn } from "./run.ts";
import { withRunLock } from "./run-lock.ts";

/** How deliveries are fetched: what FetchOptions has beside the place of the file. */
export type Fetching = Omit<FetchOptions, "directory" | "etag" | "lastModified" | "signal">;

type Location = {
  source: string;
  url: string;
  format: string | null;
  etag: string | null;
  lastModified: string | null;
  deliveryKey: string | null;
  sha256: Buffer | null;
  deliveryId: number | null;
  status: string;
};

/**
 * Fetches the location of a run and takes in what is there, unless it is what was there before. Throws FetchError, FormatError and
 * Refused; the run has failed then, unless the fetch may be tried again.
 */
export async function fetchRun(
  sql: Sql,
  runId: number,
  options: Fetching & { reader: Reader; signal?: AbortSignal | undefined },
): Promise<string> {
  const outcome = await withRunLock(sql, runId, () =>
    withDirectory("fetch", (directory) => fetchAndTakeIn(sql, runId, directory, options)),
  );
  return outcome === "busy" ? "at work elsewhere" : outcome;
}

async function fetchAndTakeIn(
  sql: Sql,
  runId: number,
  directory: string,
  { reader, signal, ...fetching }: Fetching & { reader: Reader; signal?: AbortSignal | undefined },
): Promise<string> {
  try {
    const [location] = await sql<Location[]>`
      select l.source, l.url, l.format, l.etag, l.last_modified as "lastModified", r.delivery_key as "deliveryKey", r.sha256,
        r.delivery_id::float8 as "deliveryId", r.status
      from ops.run r
      join ingest.location l on l.location_id = r.location_id
      where r.run_id = ${runId}`;
    if (location?.status !== "queued" && location?.status !== "running") return "over already";
    await sql`select ingest.begin_run(${runId})`;

    // Fetched before this process, which was ended then: what is left is to take it in.
    const deliveryId =
      location.deliveryId ??
      (await fetchNew(sql, runId, location, directory, { ...fetching, signal }));
    if (deliveryId === undefined) {
      await sql`select ingest.fetched(${runId})`;
      await sql`select ingest.finish_fetch(${runId})`;
      return "nothing new";
    }
    const [{ ingestRunId } = { ingestRunId: 0 }] = await sql<{ ingestRunId: number }[]>`
      select run_id::float8 as "ingestRunId"
      from ops.run
      where delivery_id = ${deliveryId} and task <> 'fetch'
      order by run_id desc
      limit 1`;
    const fetchFrom = fetcher(fetching, signal);
    const outcome = await takeIn(sql, ingestRunId, { reader, signal, fetchFrom }).catch(
      (error) => ({ error }),
    );
    // Whoever asked for the fetch is not told that it is over before it is.
    if (outcome === "busy") return `delivery ${deliveryId} is at work elsewhere`;
    const error = "error" in outcome ? outcome.error : undefined;
    if (error !== undefined && !isFinal(error)) throw error;
    await sql`select ingest.finish_fetch(${runId}, ${ingestRunId})`;
    if (error !== undefined && error.code !== "JB207") throw error;
    return `delivery ${deliveryId}`;
  } catch (error) {
    if (error instanceof FetchError || error instanceof FormatError || error instanceof Refused)
      await sql`select ingest.fetch_failed(${runId}, ${error.message})`;
    if (isFinal(error)) {
      const { code, message, hint = null } = error;
      await sql`select ingest.finish_run(${runId}, ${code}, ${message}, ${hint})`;
    }
    throw error;
  }
}

/** How a run reads the bytes of a delivery that are kept elsewhere. */
export function fetcher(
  fetching: Fetching,
  signal?: AbortSignal,
): (url: string, directory: string) => Promise<string> {
  return async (url, directory) => {
    const fetched = await fetchDelivery(url, { ...fetching, directory, signal });
    if (fetched.status === "fetched") return fetched.path;
    throw new Error(`${shownUrl(url)} answers that it is unchanged, and was not asked`);
  };
}

/** Fetches a location and receives what is there; the id of the delivery, undefined when it is what was there before. */
async function fetchNew(
  sql: Sql,
  runId: number,
  location: Location,
  directory: string,
  fetching: Fetching & { signal: AbortSignal | undefined },
): Promise<number | undefined> {
  const { source, url, format, etag, lastModified, deliveryKey, sha256 } = location;
  const { signal, ...options } = fetching;
  const fetched = await fetchDelivery(url, {
    ...options,
    directory,
    // What is asked for by its checksum is wanted whether it has changed or not.
    ...(etag && !sha256 ? { etag } : {}),
    ...(lastModified && !sha256 ? { lastModified } : {}),
    ...(signal ? { signal } : {}),
  });
  if (fetched.status === "unchanged") return undefined;
  if (sha256 && !sha256.equals(fetched.sha256)) {
    throw new Refused({
      code: "JB212",
      message: "the bytes are not what the checksum says",
      detail: `The SHA-256 of what is at ${shownUrl(url)} is ${fetched.sha256.toString("hex")}.`,
      hint: "what is there has changed, or the checksum is that of other bytes",
    });
  }
  const received = await receive(sql, fetched.path, {
    source,
    storage: options.s3,
    url,
    name: fetched.name,
    format: format ?? undefined,
    deliveryKey: deliveryKey ?? undefined,
  });
  const {
    etag: newEtag = null,
    lastModified: newLastModified = null,
    movedPermanentlyTo = null,
  } = fetched;
  await sql`
    select ingest.fetched(
      ${runId}, ${received.deliveryId}, ${newEtag}, ${newLastModified}, ${movedPermanentlyTo}
    )`;
  return received.deliveryId;
}
