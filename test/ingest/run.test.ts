import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { deliver } from "../../lib/ingest/delivery.ts";
import { createReader } from "../../lib/ingest/reader.ts";
import { takeIn } from "../../lib/ingest/run.ts";
import { eventsAfter, head } from "../catalog-builder.ts";
import { testDatabase } from "../database.ts";

const { sql } = await testDatabase();
const directory = mkdtempSync(join(tmpdir(), "jukebase-run-"));
const reader = createReader();
afterAll(async () => {
  await reader.close();
  rmSync(directory, { recursive: true });
});

function file(...records: unknown[]): string {
  const path = join(directory, `${randomUUID()}.ndjson`);
  writeFileSync(path, records.map((record) => `${JSON.stringify(record)}\n`).join(""));
  return path;
}

const artists = (count: number, name = "Artist") =>
  Array.from({ length: count }, (_, n) => ({
    kind: "artist",
    id: `${name}-${n}`,
    name: `${name} ${n}`,
  }));

test("the same delivery id with the same bytes is accepted again and nothing happens; with others it is refused", async () => {
  const path = file(...artists(3, "Keyed"));
  const options = { source: "keyed", deliveryKey: "2024-01", reader };
  expect(await deliver(sql, path, options)).toMatchObject({ isNew: true, new: 3 });
  const before = await head(sql);
  expect(await deliver(sql, path, options)).toMatchObject({ isNew: false, records: 0 });
  expect(await eventsAfter(sql, before)).toEqual([]);
  expect(
    await sql`select from ops.run r join ingest.delivery using (delivery_id) where source = 'keyed'`,
  ).toHaveLength(1);

  await expect(deliver(sql, file(...artists(4, "Keyed")), options)).rejects.toMatchObject({
    code: "JB205",
    detail: expect.stringContaining("checksum"),
    hint: expect.any(String),
  });
  expect(await sql`select from ingest.delivery where source = 'keyed'`).toHaveLength(1);
  // Another source may use the same id.
  expect(await deliver(sql, path, { ...options, source: "keyed-too" })).toMatchObject({
    isNew: true,
  });
});

test("the same bytes under no id are read again, and change nothing", async () => {
  const path = file(...artists(5, "Again"));
  await deliver(sql, path, { source: "again", reader });
  const before = await head(sql);
  const again = await deliver(sql, path, { source: "again", reader });
  expect(again).toMatchObject({ isNew: true, records: 5, unchanged: 5, new: 0, changed: 0 });
  expect(await eventsAfter(sql, before)).toEqual([]);
});

test("a run that was cut short goes on where it was, and counts nothing twice", async () => {
  const path = file(...artists(40, "Cut"));
  // The database gives up in the middle, as when it is shut down.
  await sql`
    create function pg_temp_fail() returns trigger language plpgsql as $$
    begin
      if exists (select from new_rows n where n.source_record_id = 'Cut-25') then
        raise exception 'the server is going down' using errcode = '57P01';
      end if;
      return null;
    end $$`;
  await sql`
    create trigger fail_in_the_middle after insert on ingest.record referencing new table as new_rows
    for each statement execute function pg_temp_fail()`;
  const options = { source: "cut", reader, batchSize: 10, sideBySide: 1 };
  await expect(deliver(sql, path, options)).rejects.toMatchObject({ code: "57P01" });
  const [run] = await sql`
    select r.run_id::float8 as id, r.status, r.new::int, r.done::text
    from ops.run r join ingest.delivery using (delivery_id) where source = 'cut'`;
  expect(run).toMatchObject({ status: "running", new: 20, done: "{[1,21)}" });

  await sql`drop trigger fail_in_the_middle on ingest.record`;
  await sql`drop function pg_temp_fail()`;
  expect(await takeIn(sql, run?.id, { reader, batchSize: 7 })).toMatchObject({
    records: 40,
    new: 40,
    unchanged: 0,
    entitiesMinted: 40,
  });
  const [after] =
    await sql`select status, attempts, done::text from ops.run where run_id = ${run?.id}`;
  expect(after).toEqual({ status: "succeeded", attempts: 2, done: "{[1,41)}" });
});

test("two processes at one run: the second one leaves it to the first", async () => {
  const path = file(...artists(30, "Twice"));
  const { receive } = await import("../../lib/ingest/delivery.ts");
  const { runId = 0 } = await receive(sql, path, { source: "twice" });
  const second = createReader();
  try {
    const outcomes = await Promise.all([
      takeIn(sql, runId, { reader, batchSize: 3 }),
      takeIn(sql, runId, { reader: second, batchSize: 3 }),
    ]);
    expect(outcomes).toContain("busy");
    expect(outcomes).toContainEqual(expect.objectContaining({ records: 30, new: 30 }));
  } finally {
    await second.close();
  }
});

test("two sessions that apply the same items do it once", async () => {
  const { receive } = await import("../../lib/ingest/delivery.ts");
  const { runId = 0 } = await receive(sql, file(...artists(2, "Race")), { source: "race" });
  await sql`select ingest.begin_run(${runId})`;
  const apply = () => sql`
    select applied, new from ingest.apply_run(
      ${runId}, 1, 3, ${sql.json(artists(2, "Race"))}, '{1,2}', '{line 1,line 2}')`;
  const outcomes = await Promise.allSettled([apply(), apply(), apply()]);
  const fulfilled = outcomes.flatMap((each) =>
    each.status === "fulfilled" ? [each.value[0]] : [],
  );
  const rejected = outcomes.flatMap((each) =>
    each.status === "rejected" ? [each.reason.code] : [],
  );
  expect(fulfilled.filter((row) => row?.applied)).toEqual([{ applied: true, new: 2 }]);
  expect(new Set([...rejected, "40001"])).toEqual(new Set(["40001"]));
  expect(await sql`select records::int, new::int from ops.run where run_id = ${runId}`).toEqual([
    { records: 2, new: 2 },
  ]);
});

test("a delivery that turns out to be cut short has failed; what came before is in, and the whole one brings the rest", async () => {
  const whole = artists(20, "Short").map((each) => JSON.stringify(each));
  const path = join(directory, "short.ndjson.gz");
  const { gzipSync } = await import("node:zlib");
  const { randomBytes } = await import("node:crypto");
  const noise = { kind: "artist", id: "noise", name: randomBytes(200_000).toString("base64") };
  const packed = gzipSync(`${whole.join("\n")}\n${JSON.stringify(noise)}\n`);
  writeFileSync(path, packed.subarray(0, packed.length / 2));
  const options = { source: "short", reader, batchSize: 5 };
  await expect(deliver(sql, path, options)).rejects.toMatchObject({ code: "JB247" });
  const [failed] = await sql`
    select d.status, r.status as run, r.error_code, r.records::int
    from ingest.delivery d join ops.run r using (delivery_id) where source = 'short'`;
  expect(failed).toMatchObject({ status: "failed", run: "failed", error_code: "JB247" });
  writeFileSync(path, packed);
  expect(await deliver(sql, path, options)).toMatchObject({
    records: 21,
    new: 21 - failed?.records,
  });
});

test("what a delivery has changed is known, and who delivered it", async () => {
  const options = { source: "audited", reader, deliveryKey: "one" };
  const [first, second] = [artists(2, "Audited"), artists(3, "Audited")];
  const one = await deliver(sql, file(...first), options);
  const changed = [{ ...second[0], country: "GB" }, ...second.slice(1)];
  const two = await deliver(sql, file(...changed), { ...options, deliveryKey: "two" });
  const changes = async (id: number) =>
    (
      await sql`select what, source_record_id as id, is_current, display_name from ingest.changes(${id})`
    ).map((row) => Object.values(row).join(" "));
  expect(await changes(one.deliveryId)).toEqual([
    "new Audited-0 false Audited 0",
    "new Audited-1 true Audited 1",
  ]);
  expect(await changes(two.deliveryId)).toEqual([
    "changed Audited-0 true Audited 0",
    "new Audited-2 true Audited 2",
  ]);
  const log = await sql`
    select delivery_keys, format, task, status, records::int, new::int, changed::int, received_by is not null as known
    from ingest.log where source = 'audited' order by delivery_id`;
  expect(log).toEqual([
    {
      delivery_keys: ["one"],
      format: "ndjson",
      task: "ingest",
      status: "succeeded",
      records: 2,
      new: 2,
      changed: 0,
      known: true,
    },
    {
      delivery_keys: ["two"],
      format: "ndjson",
      task: "ingest",
      status: "succeeded",
      records: 3,
      new: 1,
      changed: 1,
      known: true,
    },
  ]);
});
