import { relative } from "node:path";
import { Command } from "commander";
import postgres from "postgres";
import { createServer } from "../lib/api/server.ts";
import { readConfig } from "../lib/config.ts";
import { freePort } from "../lib/database/port.ts";
import { type Database, openDatabase } from "../lib/database/provider.ts";
import { checkRequirements } from "../lib/database/requirements.ts";
import { placeOf } from "../lib/database/url.ts";
import { ingestSample } from "../lib/ingest/sample.ts";
import { type Lifetime, untilStopped } from "../lib/lifetime.ts";
import { createLogger } from "../lib/log.ts";
import { up } from "../lib/migrate/migrate.ts";
import { documentsUpToDate } from "../lib/worker/documents.ts";
import { startWorker } from "../lib/worker/worker.ts";
import { showExample } from "./example.ts";
import { describeTopic } from "./kafka.ts";
import { counted, note, step } from "./step.ts";

export const startCommand = new Command("start")
  .description("start everything: database, schema, sample catalog, worker and server")
  .option("--no-sample", "leave an empty catalog empty")
  .action(async ({ sample }: { sample: boolean }) => {
    await untilStopped((lifetime) => start(lifetime, sample));
  });

async function start({ defer }: Lifetime, withSample: boolean): Promise<void> {
  // What is going on is told step by step; the log has what goes wrong, unless LOG_LEVEL asks for more.
  const config = readConfig({ LOG_LEVEL: "warn", ...process.env });
  const logger = createLogger(config.logLevel);
  console.log("jukebase is starting");
  // A port that is taken is told before a database is made, not after.
  await freePort(config.port, config.host);

  const database = await step(
    "database",
    () => openDatabase({ purpose: "start", config }),
    describeDatabase,
  );
  defer(database.stop);
  const { url } = database;
  await step(
    "schema",
    async () => {
      await checkRequirements(url);
      return up(url);
    },
    ({ migrations, files }) =>
      migrations.length + files.length === 0
        ? "up to date"
        : `${counted(migrations.length, "migration")} and ${counted(files.length, "file")} applied`,
  );

  const sql = postgres(url, { max: 4, onnotice: () => {} });
  defer(() => sql.end({ timeout: 1 }));
  if (withSample) {
    await step(
      "catalog",
      (report) =>
        ingestSample(sql, (file, nth, files) => report(`sample, file ${nth} of ${files}: ${file}`)),
      (minted) => (minted > 0 ? `${minted} entities made from the sample` : "kept as it is"),
    );
  }

  const worker = await step(
    "worker",
    () => startWorker(url, logger, config.kafka),
    () => "running",
  );
  defer(worker.stop);
  if (config.kafka) note("publishing", describeTopic(config.kafka));
  await step(
    "documents",
    (report) => documentsUpToDate(sql, (left) => report(`${left} to build`)),
    (documents) => `${counted(documents, "search document")} up to date`,
  );

  const { host, port, editorKey } = config;
  const server = await createServer({ url, port, host, logger, editorKey });
  defer(server.close);
  const address = await step("server", server.listen, (listening) => listening);

  console.log(`
GraphiQL  ${address}/
GraphQL   ${address}/graphql
Postgres  ${database.provider === "external" ? placeOf(url) : url}
`);
  await showExample(sql, address);
  console.log("jukebase is ready; Ctrl-C stops it");
  await Promise.race([
    worker.ended,
    database.ended.then((problem) => {
      throw problem;
    }),
  ]);
}

function describeDatabase({ url, version, provider, directory }: Database): string {
  const place = directory ? shortPath(directory) : placeOf(url);
  return `Postgres ${version}, ${provider}, ${place}`;
}

/** The path from here, or the whole of it when it lies elsewhere. */
function shortPath(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith("..") ? path : fromHere;
}
