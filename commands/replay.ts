import { Command } from "commander";
import type { Sql } from "postgres";
import { readConfig } from "../lib/config.ts";
import { busy } from "../lib/ingest/delivery.ts";
import { fetcher } from "../lib/ingest/fetch-run.ts";
import { createReader } from "../lib/ingest/reader.ts";
import { type Counts, takeIn } from "../lib/ingest/run.ts";
import { withConnections } from "./database.ts";
import { SOME_REFUSED } from "./ingest.ts";
import { printTable } from "./ingest-report.ts";
import { printRefusals, type Refusal, refusalOf } from "./refusal.ts";

export const replayCommand = new Command("replay")
  .description("read deliveries again that are in already, by the parsers of today")
  .argument("<deliveries...>", "their ids: select delivery_id, name from ingest.log")
  .option("--json", "print the outcome as JSON, and nothing else")
  .action((deliveries: string[], options: { json?: boolean }) =>
    withConnections(4, (sql) => replay(sql, deliveries, options)),
  );

/** Takes deliveries in once more and tells what became of them. */
export async function replay(
  sql: Sql,
  deliveries: string[],
  { json }: { json?: boolean },
): Promise<void> {
  const applied: (Counts & { name: string; deliveryId: number })[] = [];
  const refused: Refusal[] = [];
  const reader = createReader();
  const fetchFrom = fetcher(readConfig().fetch);
  try {
    for (const delivery of deliveries) {
      try {
        const deliveryId = /^\d{1,15}$/.test(delivery) ? Number(delivery) : null;
        const [row] = await sql<[{ runId: number }]>`
          select ingest.start_run(${deliveryId}, 'replay')::float8 as "runId"`;
        const counts = await takeIn(sql, row.runId, { reader, fetchFrom });
        if (counts === "busy") throw busy(Number(delivery));
        applied.push({ name: `delivery ${delivery}`, deliveryId: Number(delivery), ...counts });
      } catch (error) {
        const refusal = refusalOf(`delivery ${delivery}`, error);
        if (refusal === undefined) throw error;
        refused.push(refusal);
      }
    }
  } finally {
    await reader.close();
  }
  if (json) console.log(JSON.stringify({ applied, refused }, null, 2));
  else {
    printRefusals(refused);
    printTable(applied);
  }
  if (refused.length > 0 || applied.some(({ quarantined }) => quarantined > 0)) {
    process.exitCode = SOME_REFUSED;
  }
}
