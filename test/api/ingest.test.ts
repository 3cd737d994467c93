import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { createReader } from "../../lib/ingest/reader.ts";
import { takeIn } from "../../lib/ingest/run.ts";
import { editorKey, testApi } from "./server.ts";

const { ask, askWith, sql } = await testApi(async () => {});

const deliver = (query: string, variables: Record<string, unknown>) =>
  askWith({ authorization: `Bearer ${editorKey}`, "x-actor": "Ada" }, query, variables);
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

const INGEST_JSON = `mutation ($source: String!, $id: String!, $checksum: String!, $content: String!) {
  ingestJson(input: { source: $source, deliveryId: $id, checksum: $checksum, content: $content }) {
    job { jobId status task source deliveryId checksum format }
  }
}`;
const JOB = `query ($id: BigInt!) {
  ingestJob(id: $id) { status format records new unchanged quarantined warnings error errorCode errorHint finishedAt }
}`;

/** What the worker does. */
async function work(jobId: string): Promise<void> {
  const reader = createReader();
  try {
    await takeIn(sql, Number(jobId), { reader }).catch(() => {});
  } finally {
    await reader.close();
  }
}

test("an editor delivers records and sees what became of them", async () => {
  const content = [
    { kind: "artist", id: "a", name: "Ada" },
    { kind: "artist", id: "b" },
  ]
    .map((record) => JSON.stringify(record))
    .join("\n");
  const variables = { source: "api", id: "2024-06", checksum: sha256(content), content };
  const { data } = await deliver(INGEST_JSON, variables);
  const { jobId, ...job } = data.ingestJson.job;
  expect(job).toEqual({
    status: "QUEUED",
    task: "ingest",
    source: "api",
    deliveryId: "2024-06",
    checksum: sha256(content),
    format: "unknown",
  });
  await work(jobId);
  expect((await deliver(JOB, { id: jobId })).data.ingestJob).toMatchObject({
    status: "SUCCEEDED",
    format: "ndjson",
    records: "1",
    new: "1",
    quarantined: "1",
    error: null,
    finishedAt: expect.any(String),
  });
  const again = await deliver(INGEST_JSON, variables);
  expect(again.data.ingestJson.job).toMatchObject({ jobId, status: "SUCCEEDED" });
  expect(await sql`select received_by, run_by from ingest.log where source = 'api'`).toEqual([
    { received_by: "Ada", run_by: "Ada" },
  ]);
});

test("a checksum, an id and a source that cannot be are told with code, detail and hint", async () => {
  const content = JSON.stringify({ kind: "artist", id: "c", name: "Carol" });
  const good = { source: "api", id: "codes", checksum: sha256(content), content };
  const refusals: [change: object, code: string][] = [
    [{ checksum: sha256("other") }, "JB212"],
    [{ checksum: "short" }, "JB211"],
    [{ id: "" }, "JB206"],
    [{ source: "No Source" }, "JB203"],
    [{ id: "2024-06" }, "JB205"],
  ];
  for (const [change, code] of refusals) {
    const { errors } = await deliver(INGEST_JSON, { ...good, ...change });
    expect(errors?.[0]?.extensions).toMatchObject({ code, hint: expect.any(String) });
  }
});

test("a feed that is none fails with a reason", async () => {
  const { data } = await deliver(
    `mutation ($content: String!, $checksum: String!) {
      ingestRss(input: { source: "feeds", deliveryId: "one", checksum: $checksum, content: $content }) { job { jobId format } }
    }`,
    { content: "<html><body>404</body></html>", checksum: sha256("<html><body>404</body></html>") },
  );
  expect(data.ingestRss.job.format).toBe("podcast");
  await work(data.ingestRss.job.jobId);
  expect((await deliver(JOB, { id: data.ingestRss.job.jobId })).data.ingestJob).toMatchObject({
    status: "FAILED",
    errorCode: expect.stringMatching(/^JB24/),
    errorHint: expect.any(String),
  });
});

test("a URL is queued; one that is not fetched is refused", async () => {
  const create = (url: string) =>
    deliver(
      'mutation ($url: String!) { createIngestJob(input: { source: "web", url: $url }) { job { jobId status task url } } }',
      { url },
    );
  expect((await create("https://label.example/feed.xml")).data.createIngestJob.job).toMatchObject({
    status: "QUEUED",
    task: "fetch",
    url: "https://label.example/feed.xml",
  });
  expect((await create("ftp://label.example/")).errors?.[0]?.extensions?.code).toBe("JB213");
});

test("who has no key neither delivers nor sees jobs", async () => {
  for (const [query, variables] of [
    [INGEST_JSON, { source: "api", id: "x", checksum: sha256("x"), content: "x" }],
    [JOB, { id: "1" }],
  ] as const) {
    const { errors } = await ask(query, variables);
    expect(errors).toHaveLength(1);
  }
});
