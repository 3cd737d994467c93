import { SingleBar } from "cli-progress";
import { Command, InvalidArgumentError } from "commander";
import type { Sql } from "postgres";
import { readConfig } from "../lib/config.ts";
import { fetchDelivery } from "../lib/fetch/delivery.ts";
import { type DeliveryOptions, type DeliveryResult, deliver } from "../lib/ingest/delivery.ts";
import { withDirectory } from "../lib/ingest/directory.ts";
import { fetcher } from "../lib/ingest/fetch-run.ts";
import { createReader } from "../lib/ingest/reader.ts";
import { printable } from "../lib/printable.ts";
import { withConnections } from "./database.ts";
import { COUNTS, printTable, printWarnings } from "./ingest-report.ts";
import { printRefusals, type Refusal, refusalOf } from "./refusal.ts";

/** The exit code when a file or a record was refused; the others are in. */
export const SOME_REFUSED = 2;

type Options = {
  source?: string;
  format?: string;
  deliveryId?: string;
  batch: number;
  sideBySide: number;
  json?: boolean;
};

export const ingestCommand = new Command("ingest")
  .description("take files into the catalog")
  .argument("<files...>", "files and URLs (https, s3); the format is seen from the content")
  .option("--source <name>", "who delivers: the format's own source or local otherwise")
  .option("--format <name>", "refuse files that are not of this format")
  .option("--delivery-id <id>", "your own id of the delivery: the same one again does nothing")
  .option("--batch <records>", "records a transaction", positiveInteger, 1000)
  .option("--side-by-side <transactions>", "transactions at a time", positiveInteger, 2)
  .option("--json", "print the outcome as JSON, and nothing else")
  .action((files: string[], options: Options, command: Command) => {
    if (options.deliveryId !== undefined && files.length > 1) {
      command.error("error: --delivery-id names one delivery: give one file with it");
    }
    return withConnections(options.sideBySide + 2, (sql) => ingest(sql, files, options));
  });

async function ingest(
  sql: Sql,
  files: string[],
  { json, batch, sideBySide, deliveryId, ...options }: Options,
): Promise<void> {
  const applied: DeliveryResult[] = [];
  const refused: Refusal[] = [];
  const bar = progressBar(!json && process.stderr.isTTY);
  const reader = createReader();
  const fetching = readConfig().fetch;
  try {
    for (const [index, file] of files.entries()) {
      try {
        applied.push(
          await deliverFrom(sql, file, {
            ...options,
            deliveryKey: deliveryId,
            storage: fetching.s3,
            fetchFrom: fetcher(fetching),
            reader,
            batchSize: batch,
            sideBySide,
            onProgress: ({ share, applied }) =>
              bar.update(share, applied, `${index + 1}/${files.length} ${printable(file)}`),
          }),
        );
      } catch (error) {
        const refusal = refusalOf(file, error);
        if (refusal === undefined) throw error;
        refused.push(refusal);
      } finally {
        bar.stop();
      }
    }
  } finally {
    await reader.close();
  }
  if (json) {
    console.log(JSON.stringify({ applied, refused, total: sum(applied) }, null, 2));
  } else {
    printRefusals(refused);
    printTable(applied.map((result) => ({ name: result.file, ...result })));
    const asideCount = sum(applied).quarantined;
    if (asideCount > 0) console.log(`${asideCount} in quarantine: jukebase quarantine list`);
    printWarnings(applied);
    console.log(`${applied.length} of ${files.length} files taken in`);
  }
  if (refused.length > 0 || applied.some(({ quarantined }) => quarantined > 0)) {
    process.exitCode = SOME_REFUSED;
  }
}

/** Takes in a file, or what is at a URL. */
async function deliverFrom(
  sql: Sql,
  place: string,
  options: DeliveryOptions,
): Promise<DeliveryResult> {
  if (!/^(https?|s3):\/\//.test(place)) return deliver(sql, place, options);
  return withDirectory("fetch", async (directory) => {
    const fetched = await fetchDelivery(place, { ...readConfig().fetch, directory });
    if (fetched.status === "unchanged")
      throw new Error(`${place} was not asked whether it changed`);
    const { path, name } = fetched;
    const result = await deliver(sql, path, { ...options, name, url: place });
    return { ...result, file: place };
  });
}

function sum(applied: DeliveryResult[]): Record<(typeof COUNTS)[number], number> {
  return Object.fromEntries(
    COUNTS.map((count) => [count, applied.reduce((total, result) => total + result[count], 0)]),
  ) as Record<(typeof COUNTS)[number], number>;
}

function progressBar(shown: boolean) {
  let bar: SingleBar | undefined;
  return {
    update(share: number, records: number, label: string): void {
      if (!shown) return;
      const value = Math.round(share * 1000);
      if (bar === undefined) {
        bar = new SingleBar({
          format: "{bar} {percentage} %, {records} records, {eta_formatted} left  {label}",
          clearOnComplete: true,
          hideCursor: true,
        });
        bar.start(1000, value, { label, records });
      } else {
        bar.update(value, { label, records });
      }
    },
    stop(): void {
      bar?.stop();
      bar = undefined;
    },
  };
}

function positiveInteger(value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number > 0) return number;
  throw new InvalidArgumentError("It is a whole number from 1 on.");
}
