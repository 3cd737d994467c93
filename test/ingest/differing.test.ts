import { createHash, randomBytes } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { eventsAfter, failure, head, type LooseRecord } from "../catalog-builder.ts";
import { testDatabase } from "../database.ts";

const { sql } = await testDatabase();

let source = "";
let count = 0;
beforeEach(() => {
  source = `source-${++count}`;
});

const track = (id: string, rest: object = {}): LooseRecord => ({ kind: "track", id, ...rest });

function checksum(record: LooseRecord): string {
  return createHash("md5").update(JSON.stringify(record)).digest("hex");
}

async function open(statedAt: string | null = null): Promise<number> {
  const [row] = await sql`
    select ingest.open_delivery(${source}, 'test', 'ndjson', ${randomBytes(32)}, 0) as id`;
  await sql`update ingest.delivery set stated_at = ${statedAt} where delivery_id = ${row?.id}`;
  return Number(row?.id);
}

/** What of it has to be applied, counted from 1. */
async function differing(delivery: number, records: LooseRecord[], first = 1): Promise<number[]> {
  const [row] = await sql`
    select ingest.differing(
      ${delivery}, ${records.map(({ kind }) => kind)}, ${records.map(({ id }) => id)},
      ${records.map(checksum)}::uuid[], ${first}
    ) as ordinals`;
  return row?.ordinals;
}

/** Applies what differs, at its positions. */
async function deliver(delivery: number, records: LooseRecord[], first = 1): Promise<number[]> {
  const ordinals = await differing(delivery, records, first);
  const chosen = ordinals.map((n) => records[n - 1] as LooseRecord);
  if (chosen.length > 0) {
    await sql`
      select ingest.apply(
        ${delivery}, ${sql.json(chosen as never)}, ${first},
        ${ordinals.map((n) => first + n - 1)}::bigint[], ${chosen.map(checksum)}::uuid[])`;
  }
  return ordinals;
}

async function titleOf(id: string): Promise<string | undefined> {
  const [row] = await sql`
    select body ->> 'title' as title from ingest.record
    where source = ${source} and source_record_id = ${id}`;
  return row?.title;
}

const batch = [
  track("full", { title: "F" }),
  track("partial", { scope: "partial", title: "P" }),
  track("mention", { scope: "mention", title: "M" }),
  track("mention", { scope: "mention", title: "M2" }),
  track("full and mention", { title: "FM" }),
  track("full and mention", { scope: "mention", title: "?" }),
];

describe("what was applied", () => {
  test("comes again in the same delivery, or another one, and nothing of it has to be applied", async () => {
    const first = await open();
    expect(await deliver(first, batch)).toEqual([1, 2, 3, 4, 5, 6]);
    const before = await head(sql);
    const rows = () => sql`
      select r.ctid, r.* from ingest.record r where source = ${source} order by record_id`;
    const kept = [...(await rows())];
    expect(await deliver(first, batch)).toEqual([]);
    expect(await deliver(await open(), batch, 100)).toEqual([]);
    expect(await deliver(await open("2001-01-01"), batch)).toEqual([]);
    expect([...(await rows())]).toEqual(kept);
    expect(await eventsAfter(sql, before)).toEqual([]);
  });

  test("has to be applied when it says something else, and only that", async () => {
    await deliver(await open(), batch);
    const other = batch.map((each, n) => (n % 2 === 0 ? { ...each, title: "else" } : each));
    expect(await differing(await open(), other)).toEqual([1, 3, 4, 5, 6]); // both of what is stated twice
  });

  test("is unknown without checksums, until it comes with them", async () => {
    const records = [track("a", { title: "A" })];
    await sql`select ingest.apply(${await open()}, ${sql.json(records as never)})`;
    expect(await deliver(await open(), records)).toEqual([1]);
    expect(await deliver(await open(), records)).toEqual([]);
  });
});

describe("the order of deliveries", () => {
  test("what comes again says it again: an older one that is late does not overrule it", async () => {
    await deliver(await open("2024-01-01"), [track("t", { title: "A" })]);
    expect(await deliver(await open("2024-03-01"), [track("t", { title: "A" })])).toEqual([]);
    await deliver(await open("2024-02-01"), [track("t", { title: "late" })]);
    expect(await titleOf("t")).toBe("A");
    await deliver(await open("2024-04-01"), [track("t", { title: "new" })]);
    expect(await titleOf("t")).toBe("new");
  });

  test("a late full statement is kept once among the versions, and changes nothing", async () => {
    await deliver(await open("2024-02-01"), [track("t", { title: "A" })]);
    const before = await head(sql);
    const late = await open("2024-01-01");
    for (let n = 0; n < 3; n++) await deliver(late, [track("t", { title: "late" })]);
    expect(await titleOf("t")).toBe("A");
    expect(await eventsAfter(sql, before)).toEqual([]);
    const versions = await sql`
      select v.version, v.body ->> 'title' as title
      from ingest.record_version v join ingest.record r using (record_id) where r.source = ${source}`;
    expect([...versions]).toEqual([{ version: 1, title: "late" }]);
  });

  test("a late partial statement fills the keys that nothing newer speaks of", async () => {
    await deliver(await open("2024-03-01"), [track("t", { scope: "partial", title: "new" })]);
    await deliver(await open("2024-02-01"), [
      track("t", { scope: "partial", title: "old", duration_ms: 1 }),
    ]);
    await deliver(await open("2024-01-01"), [track("t", { title: "oldest", explicit: true })]);
    const [row] = await sql`select body from ingest.record where source = ${source}`;
    expect(row?.body).toEqual({ title: "new", duration_ms: 1, explicit: true });
  });

  test("of two statements in one delivery the later position holds, whichever batch is applied first", async () => {
    const delivery = await open();
    await deliver(delivery, [track("t", { title: "second" })], 2);
    await deliver(delivery, [track("t", { title: "first" })], 1);
    expect(await titleOf("t")).toBe("second");
  });

  test("what is said, contradicted and said again in one delivery holds", async () => {
    await deliver(await open(), [track("t", { title: "A" })]);
    const delivery = await open();
    const records = ["A", "B", "A"].map((title) => track("t", { title }));
    expect(await deliver(delivery, records)).toEqual([1, 2, 3]);
    expect(await titleOf("t")).toBe("A");
  });

  test("a document is not younger than its arrival", async () => {
    await deliver(await open("2999-01-01"), [track("t", { title: "A" })]);
    await deliver(await open(), [track("t", { title: "B" })]);
    expect(await titleOf("t")).toBe("B");
  });
});

test("an unknown delivery is refused with JB204", async () => {
  expect(await failure(differing(0, batch))).toBe("JB204");
});
