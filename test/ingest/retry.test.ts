import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { deliver as deliverFile } from "../../lib/ingest/delivery.ts";
import { deliver, entityOf } from "../catalog-builder.ts";
import { testDatabase } from "../database.ts";

const { sql, connect } = await testDatabase();
const directory = mkdtempSync(join(tmpdir(), "jukebase-retry-"));
afterAll(() => rmSync(directory, { recursive: true }));

test("a batch that a deadlock ended is applied again", async () => {
  const records = ["a", "b"].map((id) => ({ kind: "artist" as const, id, name: id }));
  await deliver(sql, "local", records);
  const [first = "", second = ""] = [
    await entityOf(sql, "local", "artist", "a"),
    await entityOf(sql, "local", "artist", "b"),
  ].sort();
  const file = join(directory, "again.ndjson");
  writeFileSync(
    file,
    records.map((record) => `${JSON.stringify({ ...record, country: "GB" })}\n`).join(""),
  );

  const before = await deadlocks();
  // The batch looks for a deadlock first, and is the one that ends.
  const patient = connect({ max: 3, connection: { deadlock_timeout: 2_000 } });
  const other = connect({ max: 1, connection: { deadlock_timeout: 60_000 } });
  let delivered: Promise<unknown> | undefined;
  await other.begin(async (tx) => {
    await tx`select from catalog.entity where juke_id = ${second} for update`;
    delivered = deliverFile(patient, file);
    delivered.catch(() => {});
    // The batch has locked the first entity and waits for the second: each waits for the other now.
    await expect
      .poll(
        async () =>
          sql`select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
        { timeout: 20_000 },
      )
      .toHaveLength(1);
    await tx`select from catalog.entity where juke_id = ${first} for update`;
  });
  expect(await delivered).toMatchObject({ records: 2, changed: 2, entitiesChanged: 2 });
  await expect.poll(deadlocks, { timeout: 10_000 }).toBe(before + 1);
});

async function deadlocks(): Promise<number> {
  const [row] = await sql`
    select deadlocks::int from pg_stat_database where datname = current_database()`;
  return row?.deadlocks;
}
