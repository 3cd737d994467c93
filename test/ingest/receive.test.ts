import { createHash, randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { openDelivery } from "../catalog-builder.ts";
import { testDatabase } from "../database.ts";

const { sql } = await testDatabase();

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

type Job = { job_id: string; status: string; delivery_id: string | null; checksum: string | null };

const ingestJson = (source: string, id: string, content: string) =>
  sql<[Job]>`select * from ingest.ingest_json(${source}, ${id}, ${sha256(content)}, ${content})`;
const createJob = (source: string, url: string, id?: string, checksum?: string, format?: string) =>
  sql<[Job]>`
    select * from ingest.create_ingest_job(
      ${source}, ${url}, ${id ?? null}, ${checksum ?? null}, ${format ?? null}
    )`;

test("what was delivered before is said once more under another id, and is newer than what came in between", async () => {
  const [first] = await ingestJson("label", "1", "one");
  await sql`select ingest.finish_run(${first.job_id})`;
  const [second] = await ingestJson("label", "2", "two");
  await sql`select ingest.finish_run(${second.job_id})`;
  const [third] = await ingestJson("label", "3", "one");
  expect(third).toMatchObject({ status: "queued", delivery_id: "3", checksum: first.checksum });
  expect(third.job_id).not.toBe(first.job_id);
  expect(
    await sql`select encode(sha256, 'hex') as checksum from ingest.delivery where source = 'label' order by received_at desc limit 1`,
  ).toEqual([{ checksum: first.checksum }]);
  // The same id is still accepted without anything being done, whichever of the two.
  await sql`select ingest.finish_run(${third.job_id})`;
  for (const id of ["1", "3"]) {
    const [again] = await ingestJson("label", id, "one");
    expect(again).toMatchObject({ job_id: third.job_id, delivery_id: id });
  }
});

test("what people say cannot be delivered", async () => {
  const record = JSON.stringify({ kind: "artist", id: randomUUID(), name: "By hand" });
  await expect(ingestJson("manual", "1", record)).rejects.toMatchObject({ code: "JB203" });
  await expect(createJob("manual", "https://a.example/")).rejects.toMatchObject({ code: "JB203" });
  const delivery = await openDelivery(sql, "manual");
  await expect(sql`select ingest.start_run(${delivery})`).rejects.toMatchObject({ code: "JB203" });
  expect(await sql`select from ingest.location where source = 'manual'`).toEqual([]);
});

test("a delivery that comes again is where it is now, and of the format that is known now", async () => {
  const sum = Buffer.from(sha256(randomUUID()), "hex");
  const open = (format: string, version: string, content: Buffer | null, url: string | null) => sql`
    select ingest.open_delivery('place', 'x', ${format}, ${sum}, 1, ${content}, null, ${version}, ${url})`;
  const kept = () => sql`
    select format, format_version as version, content_url as url, content is not null as "isKept"
    from ingest.delivery where sha256 = ${sum}`;
  await open("table", "", null, "file:///gone");
  await open("onix", "3.0", null, "file:///there");
  expect(await kept()).toEqual([
    { format: "onix", version: "3.0", url: "file:///there", isKept: false },
  ]);
  await open("unknown", "", Buffer.from("x"), null);
  expect(await kept()).toEqual([{ format: "onix", version: "3.0", url: null, isKept: true }]);
  await open("onix", "3.0", null, "file:///elsewhere");
  expect(await kept()).toMatchObject([{ url: null, isKept: true }]);
});

test("each that asks for a fetch has a job of its own, unless it asks for the same", async () => {
  const url = "https://jobs.example/";
  const [one, other] = ["1".repeat(64), "2".repeat(64)];
  const [job] = await createJob("jobs", url, "A", one);
  expect(job).toMatchObject({ delivery_id: "A", checksum: one });
  expect((await createJob("jobs", url, "A", one))[0].job_id).toBe(job.job_id);
  await expect(createJob("jobs", url, "A", other)).rejects.toMatchObject({ code: "JB205" });
  expect(await createJob("jobs", url, "B", one)).toMatchObject([{ delivery_id: "B" }]);
  expect(await createJob("jobs", url, undefined, other)).toMatchObject([
    { delivery_id: null, checksum: other },
  ]);
  const [plain] = await createJob("jobs", url);
  expect(plain).toMatchObject({ delivery_id: null, checksum: null });
  expect((await createJob("jobs", url))[0].job_id).toBe(plain.job_id);
  expect(await sql`select from ops.run r join ingest.location using (location_id)`).toHaveLength(4);
  // Nor does the schedule queue what is queued.
  expect(
    await sql`
      select ingest.request_fetches(array_agg(location_id), array_agg(now())) as runs from ingest.location`,
  ).toEqual([{ runs: [] }]);
});

test("whoever asks for a fetch does not change how a source is configured", async () => {
  const url = "https://configured.example/";
  const format = () => sql`select format from ingest.location where source = 'configured'`;
  await sql`select ingest.apply_source(${sql.json({ source: "configured", format: "table", locations: [url] })})`;
  await createJob("configured", url, "A", undefined, "onix");
  expect(await format()).toEqual([{ format: "table" }]);
  await sql`select ingest.apply_source('{"source": "configured"}')`;
  await createJob("configured", url, "B", undefined, "onix");
  expect(await format()).toEqual([{ format: "onix" }]);
});

test("a fetch is over when what it has fetched is in, and not before", async () => {
  const [fetch] = await createJob("slow", "https://slow.example/");
  const delivery = await openDelivery(sql, "slow");
  const [row] = await sql<[{ run: string }]>`select ingest.start_run(${delivery}) as run`;
  await sql`select ingest.begin_run(run_id) from ops.run where run_id in (${fetch.job_id}, ${row.run})`;
  await sql`select ingest.fetched(${fetch.job_id}, ${delivery})`;
  const status = () => sql`select status, records::int from ops.run where run_id = ${fetch.job_id}`;

  await sql`select ingest.apply_run(${row.run}, 1, 2, '[{"kind": "artist", "id": "a"}]', '{1}', '{a}')`;
  await sql`select ingest.finish_fetch(${fetch.job_id}, ${row.run})`;
  expect(await status()).toEqual([{ status: "running", records: 0 }]);

  await sql`select ingest.finish_run(${row.run}, 'JB230', 'cut short')`;
  await sql`select ingest.finish_fetch(${fetch.job_id}, ${row.run})`;
  expect(await status()).toEqual([{ status: "failed", records: 1 }]);
});

test("a location that has moved to where no key holds its address stays where it is", async () => {
  const [fetch] = await createJob("moved", "https://moved.example/");
  const far = `https://moved.example/${"x".repeat(3000)}`;
  await sql`select ingest.fetched(${fetch.job_id}, null, null, null, ${far})`;
  await sql`select ingest.fetched(${fetch.job_id}, null, null, null, 'https://moved.example/new')`;
  expect(await sql`select url from ingest.location where source = 'moved'`).toEqual([
    { url: "https://moved.example/new" },
  ]);
});
