import { Command } from "commander";
import type { Sql } from "postgres";
import { formatNamed } from "../formats/index.ts";
import { readConfig } from "../lib/config.ts";
import { busy } from "../lib/ingest/delivery.ts";
import { fetcher } from "../lib/ingest/fetch-run.ts";
import { createReader } from "../lib/ingest/reader.ts";
import { Refused } from "../lib/ingest/refused.ts";
import { type Counts, takeIn, UNKNOWN } from "../lib/ingest/run.ts";
import { withConnections } from "./database.ts";
import { idsOf } from "./ids.ts";
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
        const [deliveryId = 0] = idsOf([delivery], "select delivery_id, name from ingest.log");
        await requireReadable(sql, deliveryId);
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

/** What people edit by hand is a delivery as well, of no format: it was taken in as it was said. Raises JB245 for it. */
async function requireReadable(sql: Sql, deliveryId: number | null): Promise<void> {
  const [delivery] = await sql<{ format: string; name: string }[]>`
    select format, name from ingest.delivery where delivery_id = ${deliveryId}`;
  if (!delivery || delivery.format === UNKNOWN || formatNamed(delivery.format)) return;
  throw new Refused({
    code: "JB245",
    message: `nothing reads the format "${delivery.format}"`,
    hint:
      delivery.format === "edit"
        ? "an edit by hand has no file to be read again: undo it, or edit again"
        : "the parser that read it is gone: deliver it again in another format",
  });
}
