import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import type { CatalogRecord } from "../formats/record.ts";
import { type DeliveryResult, deliver } from "../lib/ingest/delivery.ts";
import { createReader } from "../lib/ingest/reader.ts";
import { source } from "./ingest-batches.ts";

/** Takes files in as `jukebase ingest` does: read, checked, applied by two transactions side by side. */
export function fileCourier(url: string, batchSize: number) {
  const directory = mkdtempSync(join(tmpdir(), "jukebase-bench-"));
  const reader = createReader();
  const sql = postgres(url, { max: 4, max_lifetime: null, onnotice: () => {} });
  let count = 0;
  return {
    /** Writes records to a file; returns its path. */
    write(records: CatalogRecord[]): string {
      const path = join(directory, `${++count}.ndjson`);
      writeFileSync(path, records.map((record) => `${JSON.stringify(record)}\n`).join(""));
      return path;
    },
    deliver: (path: string): Promise<DeliveryResult> =>
      deliver(sql, path, { source, reader, batchSize, sideBySide: 2 }),
    async end(): Promise<void> {
      await reader.close();
      await sql.end({ timeout: 5 });
      rmSync(directory, { recursive: true });
    },
  };
}
