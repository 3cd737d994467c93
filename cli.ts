#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { ingestCommand } from "./commands/ingest.ts";
import { migrateCommand } from "./commands/migrate.ts";
import { quarantineCommand } from "./commands/quarantine.ts";
import { replayCommand } from "./commands/replay.ts";
import { schemaCommand } from "./commands/schema.ts";
import { sourceCommand } from "./commands/source.ts";
import { startCommand } from "./commands/start.ts";
import { workerCommand } from "./commands/worker.ts";
import { reportError } from "./lib/problem.ts";
import { projectPath } from "./lib/project.ts";

const { version } = JSON.parse(readFileSync(projectPath("package.json"), "utf8"));

const program = new Command("jukebase")
  .description("a media catalog inside Postgres")
  .version(version)
  .addHelpText(
    "after",
    `
Settings are environment variables:
  DATABASE_URL          the database; without it jukebase runs a Postgres of its own
  PORT, HOST            where the server listens (5678, 127.0.0.1)
  EDITOR_KEY            the key of requests that may write, 16 characters or more; without it nobody may
  DATA_DIR              where a Postgres of its own keeps its data (.jukebase)
  KAFKA_BROKERS         where the worker publishes the feed, say kafka:9092; more in docs/reference/kafka.md
  FETCH_…, S3_…         what may be fetched, and object storage: docs/reference/fetch.md
  LOG_LEVEL             trace, debug, info, warn, error or silent (info)
  JUKEBASE_DB_PROVIDER  embedded, installed or testcontainers: only that one
  JUKEBASE_PG_BIN       the bin directory of the installed Postgres to use
  JUKEBASE_PG_PORT      the port of a Postgres of its own (any free one, another at each start)
  JUKEBASE_DEBUG        1 shows the stack of an error`,
  )
  .showHelpAfterError("(jukebase --help shows the commands)")
  .addCommand(startCommand)
  .addCommand(ingestCommand)
  .addCommand(replayCommand)
  .addCommand(quarantineCommand)
  .addCommand(sourceCommand)
  .addCommand(workerCommand)
  .addCommand(migrateCommand)
  .addCommand(schemaCommand);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = reportError(error);
}
