import { readFileSync, writeFileSync } from "node:fs";
import { Command } from "commander";
import postgres from "postgres";
import { readConfig } from "../lib/config.ts";
import { openScratchServer } from "../lib/database/scratch.ts";
import { databaseUrl } from "../lib/database/url.ts";
import { dumpSchema } from "../lib/migrate/dump.ts";
import { up } from "../lib/migrate/migrate.ts";
import { Problem } from "../lib/problem.ts";
import { projectPath } from "../lib/project.ts";

/** The committed descriptions of the schema, and how each is made from a migrated database. */
const descriptions: { file: string; make: (url: string) => Promise<string> }[] = [
  { file: "schema.sql", make: dumpSchema },
  {
    file: "schema.graphql",
    // Loaded when it is needed: the other commands start without PostGraphile.
    make: async (url) => (await import("../lib/api/schema.ts")).exportSchema(url),
  },
];

/** Another version may print the same view in other words. */
const canonicalMajor = 18;

export const schemaCommand = new Command("schema")
  .description("write schema.sql and schema.graphql from the migrations and sql/")
  .option("--check", "change nothing; fail when it is not what is committed")
  .action(({ check }: { check?: boolean }) =>
    withMigratedDatabase(async (url) => {
      for (const { file, make } of descriptions) {
        const text = await make(url);
        if (check) compare(file, text);
        else writeFileSync(projectPath(file), text);
        console.log(check ? `${file} is up to date` : `wrote ${file}`);
      }
    }),
  );

/** Runs the work on a new database that has been migrated, and drops it afterwards. */
async function withMigratedDatabase(work: (url: string) => Promise<void>): Promise<void> {
  const server = await openScratchServer(readConfig());
  const sql = postgres(server.url, { max: 1, onnotice: () => {} });
  const name = `jukebase_schema_${process.pid}`;
  try {
    if (Number.parseInt(server.version, 10) !== canonicalMajor) {
      throw new Problem({
        code: "JB609",
        message: `schema.sql is what Postgres ${canonicalMajor} prints, and this is ${server.version}`,
        hint: "unset JUKEBASE_DB_PROVIDER and TEST_DATABASE_URL to use the embedded server",
      });
    }
    await sql`create database ${sql(name)} template template0`;
    const url = databaseUrl(server.url, name);
    await up(url);
    await work(url);
  } finally {
    await sql`drop database if exists ${sql(name)} with (force)`;
    await sql.end({ timeout: 5 });
    await server.stop();
  }
}

function compare(file: string, text: string): void {
  const committed = read(file).split("\n");
  const made = text.split("\n");
  const line = made.findIndex((each, index) => each !== committed[index]);
  if (line === -1 && made.length === committed.length) return;
  const at = line === -1 ? made.length : line;
  throw new Problem({
    code: "JB609",
    message: `${file} is not what the migrations and sql/ make`,
    detail: [
      `line ${at + 1}`,
      `committed: ${committed[at] ?? "(end of file)"}`,
      `made:      ${made[at] ?? "(end of file)"}`,
    ].join("\n"),
    hint: "run `npm run schema` and commit the result",
  });
}

function read(file: string): string {
  try {
    return readFileSync(projectPath(file), "utf8").replaceAll("\r\n", "\n");
  } catch {
    return "";
  }
}
