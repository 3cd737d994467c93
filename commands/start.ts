import { relative } from "node:path";
import { Command } from "commander";
import { readConfig } from "../lib/config.ts";
import { type Database, openDatabase } from "../lib/database/provider.ts";
import { checkRequirements } from "../lib/database/requirements.ts";
import { placeOf } from "../lib/database/url.ts";
import { type Lifetime, untilStopped } from "../lib/lifetime.ts";
import { up } from "../lib/migrate/migrate.ts";
import { counted, step } from "./step.ts";

export const startCommand = new Command("start")
  .description("start everything: database, schema, server and worker")
  .action(async () => {
    await untilStopped(start);
  });

async function start(lifetime: Lifetime): Promise<void> {
  const config = readConfig();
  console.log("jukebase is starting");
  const database = await step(
    "database",
    () => openDatabase({ purpose: "start", config }),
    describeDatabase,
  );
  lifetime.defer(database.stop);
  await step(
    "schema",
    async () => {
      await checkRequirements(database.url);
      return up(database.url);
    },
    ({ migrations, files }) =>
      migrations.length + files.length === 0
        ? "up to date"
        : `${counted(migrations.length, "migration")} and ${counted(files.length, "file")} applied`,
  );
  console.log("jukebase is ready; Ctrl-C stops it");
  throw await database.ended;
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
