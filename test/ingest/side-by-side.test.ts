import { createHash, randomBytes } from "node:crypto";
import { beforeEach, expect, test } from "vitest";
import type { AnySql } from "../catalog-builder.ts";
import { testDatabase } from "../database.ts";

const { sql, connect } = await testDatabase();
const [one, other] = [connect({ max: 1 }), connect({ max: 1 })];

let source = "";
let round = 0;
beforeEach(() => {
  round += 1;
  source = `source-${round}`;
});

/** A delivery with a run that is at work; the later it is opened, the newer is what it says. */
async function delivery(): Promise<number> {
  const [row] = await sql<[{ id: number }]>`
    select ingest.open_delivery(${source}, 'test', 'ndjson', ${randomBytes(32)}, 0)::float8 as id`;
  await sql`select ingest.begin_run(ingest.start_run(${row.id}))`;
  return row.id;
}

const record = (name: string) => ({ kind: "artist", id: "a", name });
const checksum = (name: string) =>
  createHash("md5")
    .update(JSON.stringify(record(name)))
    .digest("hex");

const differing = (tx: AnySql, id: number, name: string) =>
  tx`select ingest.differing(${id}, '{artist}', '{a}', ${[checksum(name)]}::text[]::uuid[])`;
const apply = (tx: AnySql, id: number, name: string, isSummed = true) =>
  tx`
    select ingest.apply(
      ${id}, ${tx.json([record(name)] as never)}, 1, null, ${isSummed ? [checksum(name)] : null}::text[]::uuid[]
    )`;

const name = async () =>
  (await sql`select body ->> 'name' as name from ingest.record where source = ${source}`)[0]?.name;

/** Resolves when a session waits for another one's lock, or when `done` is. */
async function waitsOrEnds(done: Promise<unknown>): Promise<void> {
  let isDone = false;
  done.finally(() => {
    isDone = true;
  });
  await expect
    .poll(
      async () =>
        isDone ||
        (
          await sql`
            select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`
        ).length > 0,
      { timeout: 10_000 },
    )
    .toBe(true);
}

const repeated: [string, (tx: AnySql, id: number) => Promise<unknown>][] = [
  ["asked about", async (tx, id) => await differing(tx, id, "A")],
  ["applied", async (tx, id) => await apply(tx, id, "A", false)],
];
for (const [how, again] of repeated) {
  // Known with its checksum only where it is asked about.
  const isSummed = how === "asked about";

  test(`what a newer delivery repeats (${how}) stands, although an older one is at this moment saying otherwise`, async () => {
    await apply(sql, await delivery(), "A", isSummed);
    const [older, newer] = [await delivery(), await delivery()];
    let later: Promise<unknown> | undefined;
    await one.begin(async (tx) => {
      await apply(tx, older, "B", isSummed);
      later = other.begin(async (mine) => {
        const [row] = (await again(mine, newer)) as [{ differing?: number[] }];
        // As a run does: what differs is applied.
        if (row?.differing?.length) await apply(mine, newer, "A", isSummed);
      });
      later.catch(() => {});
      await waitsOrEnds(later);
    });
    await later;
    expect(await name()).toBe("A");
  });

  test(`what a newer delivery is at this moment repeating (${how}) is not overruled by an older one`, async () => {
    await apply(sql, await delivery(), "A", isSummed);
    const [older, newer] = [await delivery(), await delivery()];
    let later: Promise<unknown> | undefined;
    await one.begin(async (tx) => {
      await again(tx, newer);
      later = other.begin((mine) => apply(mine, older, "B", isSummed));
      later.catch(() => {});
      await waitsOrEnds(later);
    });
    await later;
    expect(await name()).toBe("A");
  });
}

test("a run that begins while another asks is seen by it", async () => {
  const first = await delivery();
  await sql`update ingest.delivery set stated_at = '1999-01-01' where delivery_id = ${first}`;
  await apply(sql, first, "A");
  const newer = await delivery();
  await sql`select ingest.finish_run(run_id) from ops.run where delivery_id <> ${newer}`;
  let started: Promise<unknown> | undefined;
  await one.begin(async (tx) => {
    await differing(tx, newer, "A");
    started = other.begin(async (mine) => {
      const [row] = await mine<[{ id: number }]>`
        select ingest.open_delivery(${source}, 'test', 'ndjson', ${randomBytes(32)}, 0) as id`;
      await mine`update ingest.delivery set stated_at = '2000-01-01' where delivery_id = ${row.id}`;
      await mine`select ingest.start_run(${row.id})`;
      await apply(mine, row.id, "B");
    });
    started.catch(() => {});
    await waitsOrEnds(started);
  });
  await started;
  expect(await name()).toBe("A");
});

test("deliveries with nothing to repeat do not wait for each other", async () => {
  await apply(sql, await delivery(), "A");
  const [older, newer] = [await delivery(), await delivery()];
  await one.begin(async (tx) => {
    await differing(tx, newer, "C");
    await tx`select ingest.differing(${newer}, '{artist}', '{b}', ${[checksum("x")]}::text[]::uuid[])`;
    await apply(other, older, "B");
  });
  expect(await name()).toBe("B");
});
