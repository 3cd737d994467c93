import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import pino from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startWorker, type Worker } from "../../lib/worker/worker.ts";
import { testDatabase } from "../database.ts";

const { sql, url, connect } = await testDatabase();
let worker: Worker;
let server: Server;
let origin = "";
/** What the server has, by path, and how often it was asked for each. */
const pages = new Map<string, { body: string; etag: string }>();
const asked: string[] = [];

beforeAll(async () => {
  process.env.FETCH_ALLOW_PRIVATE = "127.0.0.1";
  process.env.FETCH_ALLOW_HTTP = "true";
  server = createServer((request, response) => {
    const page = pages.get(request.url ?? "");
    const isSame = page?.etag === request.headers["if-none-match"];
    asked.push(`${request.url} ${page ? (isSame ? 304 : 200) : 404}`);
    if (!page) response.writeHead(404).end();
    else if (isSame) response.writeHead(304).end();
    else response.writeHead(200, { etag: page.etag }).end(page.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  worker = await startWorker(url, pino({ level: "silent" }));
});
afterAll(async () => {
  await worker.stop();
  server.close();
});

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const records = (count: number, name: string) =>
  Array.from({ length: count }, (_, n) =>
    JSON.stringify({ kind: "artist", id: `${name}-${n}`, name: `${name} ${n}` }),
  ).join("\n");

type Job = {
  id: string;
  status: string;
  new: string;
  quarantined: string;
  error_code: string | null;
};

async function ended(id: string | undefined): Promise<Job> {
  await expect
    .poll(() => sql`select from ingest.ingest_job(${id ?? null}) where finished_at is not null`, {
      timeout: 60_000,
    })
    .toHaveLength(1);
  const [job] = await sql<[Job]>`
    select job_id as id, status, new, quarantined, error_code from ingest.ingest_job(${id ?? null})`;
  return job;
}

const ingestJson = (source: string, id: string, content: string, checksum = sha256(content)) =>
  sql<
    Job[]
  >`select job_id as id, status from ingest.ingest_json(${source}, ${id}, ${checksum}, ${content})`;

test("records in a request are taken in by the worker, and the same request again is the same job", async () => {
  const content = `${records(3, "Json")}\n{"kind": "opera", "id": "x"}`;
  const [job] = await ingestJson("json", "one", content);
  expect(await ended(job?.id)).toMatchObject({ status: "succeeded", new: "3", quarantined: "1" });
  expect(await ingestJson("json", "one", content)).toEqual([{ id: job?.id, status: "succeeded" }]);
  await expect(ingestJson("json", "one", records(2, "Json"))).rejects.toMatchObject({
    code: "JB205",
  });
  await expect(ingestJson("json", "two", content, sha256("x"))).rejects.toMatchObject({
    code: "JB212",
  });
  await expect(ingestJson("json", "two", content, "x")).rejects.toMatchObject({ code: "JB211" });
  expect(await sql`select from ingest.delivery where source = 'json'`).toHaveLength(1);
}, 120_000);

test("what is no format fails with a reason, and can be delivered again", async () => {
  const [job] = await ingestJson("prose", "one", "Once upon a time");
  expect(await ended(job?.id)).toMatchObject({ status: "failed", error_code: "JB245" });
  const [again] = await ingestJson("prose", "one", "Once upon a time");
  expect(again?.id).not.toBe(job?.id);
  expect(await ended(again?.id)).toMatchObject({ status: "failed", error_code: "JB245" });
}, 120_000);

test("a URL is fetched and taken in; a wrong checksum, a missing page and a private address fail", async () => {
  const body = records(4, "Url");
  pages.set("/records.ndjson", { body, etag: '"1"' });
  const create = async (path: string, checksum: string | null = null) =>
    (
      await sql<Job[]>`
      select job_id as id from ingest.create_ingest_job('url', ${path}, null, ${checksum})`
    )[0]?.id;
  expect(await ended(await create(`${origin}/records.ndjson`, sha256(body)))).toMatchObject({
    status: "succeeded",
    new: "4",
  });
  expect(await ended(await create(`${origin}/records.ndjson`, sha256("x")))).toMatchObject({
    status: "failed",
    error_code: "JB212",
  });
  expect(await ended(await create(`${origin}/missing`))).toMatchObject({ status: "failed" });
  expect(await ended(await create("http://169.254.169.254/latest"))).toMatchObject({
    status: "failed",
    error_code: expect.stringMatching(/^JB25/),
  });
  await expect(create("file:///etc/passwd")).rejects.toMatchObject({ code: "JB213" });
}, 120_000);

test("what is fetched and cannot be taken ends its run, under the name that it has", async () => {
  pages.set("/page.html", { body: "<html><body>gone</body></html>", etag: '"1"' });
  pages.set("/first", { body: records(1, "First"), etag: '"1"' });
  pages.set("/other", { body: records(1, "Other"), etag: '"1"' });
  const fetched = async (path: string, id: string | null = null) => {
    const [job] = await sql<Job[]>`
      select job_id as id from ingest.create_ingest_job('refused', ${`${origin}${path}`}, ${id})`;
    return ended(job?.id);
  };
  expect(await fetched("/page.html")).toMatchObject({ status: "failed", error_code: "JB245" });
  const [location] = await sql`
    select failures, error from ingest.location where url like '%/page.html'`;
  expect(location).toEqual({
    failures: 1,
    error: expect.stringMatching(/^page\.html: XML whose first element is <html>/),
  });
  expect(await fetched("/first", "one")).toMatchObject({ status: "succeeded" });
  await sql`
    update ops.run r set delivery_key = null from ingest.location l
    where l.location_id = r.location_id and l.source = 'refused'`;
  expect(await fetched("/other", "one")).toMatchObject({ status: "failed", error_code: "JB205" });
}, 120_000);

test("a run whose bytes cannot be had is tried, and each try counts", async () => {
  const [{ run } = {}] = await sql<{ run: string }[]>`
    select ingest.start_run(ingest.open_delivery(
      'damaged', 'damaged.ndjson', 'ndjson', sha256('other'), 5, 'no gzip'::bytea
    )) as run`;
  await sql`update ops.run set attempts = 10 where run_id = ${run ?? null}`;
  await sql`select ingest.enqueue(array[${run ?? null}]::bigint[])`;
  expect(await ended(run)).toMatchObject({ status: "failed", error_code: "Z_DATA_ERROR" });
}, 120_000);

test("a fetch is not over before what it fetched is taken in", async () => {
  pages.set("/waits", { body: records(1, "Waits"), etag: '"1"' });
  const [job] = await sql<Job[]>`
    select job_id as id from ingest.create_ingest_job('waits', ${`${origin}/waits`})`;
  expect(await ended(job?.id)).toMatchObject({ status: "succeeded" });
  const [{ replay } = {}] = await sql<{ replay: string }[]>`
    select ingest.start_run(delivery_id, 'replay') as replay from ingest.delivery where source = 'waits'`;
  const holder = connect({ max: 1 });
  await holder`select pg_advisory_lock(ingest.lock_of_run(${replay ?? null}))`;
  const [again] = await sql<Job[]>`
    select job_id as id from ingest.create_ingest_job('waits', ${`${origin}/waits`}, 'again')`;
  await sql`update ingest.location set etag = null, last_modified = null where source = 'waits'`;
  await expect
    .poll(() => asked.filter((each) => each === "/waits 200").length, { timeout: 30_000 })
    .toBe(2);
  await expect
    .poll(() => sql`select from graphile_worker.jobs where key = ${`ingest-run-${again?.id}`}`, {
      timeout: 30_000,
    })
    .toHaveLength(0);
  const [waiting] = await sql`select status from ingest.ingest_job(${again?.id ?? null})`;
  expect(waiting).toEqual({ status: "running" });
  await holder.end();
  await sql`update ops.run set requested_at = now() - interval '1 minute' where status = 'running'`;
  await sql`select graphile_worker.add_job('ingest/poll')`;
  expect(await ended(again?.id)).toMatchObject({ status: "succeeded" });
}, 120_000);

test("a location is fetched when it is due, and read only when it has changed", async () => {
  pages.set("/feed", { body: records(1, "Feed"), etag: '"1"' });
  await sql`select ingest.add_location('feeds', ${`${origin}/feed`}, 'ndjson')`;
  const poll = async () => {
    await sql`update ingest.location set next_at = now() where url = ${`${origin}/feed`}`;
    await sql`select graphile_worker.add_job('ingest/poll')`;
    const count = asked.filter((each) => each.startsWith("/feed ")).length;
    await expect
      .poll(() => asked.filter((each) => each.startsWith("/feed ")).length, { timeout: 60_000 })
      .toBe(count + 1);
    await expect
      .poll(() => sql`select from ops.run where status in ('queued', 'running')`, {
        timeout: 60_000,
      })
      .toHaveLength(0);
  };
  await poll();
  await poll();
  pages.set("/feed", { body: records(2, "Feed"), etag: '"2"' });
  await poll();
  expect(asked.filter((each) => each.startsWith("/feed "))).toEqual([
    "/feed 200",
    "/feed 304",
    "/feed 200",
  ]);
  const runs = await sql`
    select r.status, r.new::int
    from ops.run r join ingest.location l using (location_id) where l.source = 'feeds' order by run_id`;
  expect(runs).toEqual([
    { status: "succeeded", new: 1 },
    { status: "succeeded", new: 0 },
    { status: "succeeded", new: 1 },
  ]);
  const [location] = await sql`
    select next_at > now() as later, failures, etag from ingest.location where source = 'feeds'`;
  expect(location).toEqual({ later: true, failures: 0, etag: '"2"' });
}, 180_000);
