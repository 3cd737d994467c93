import postgres from "postgres";
import type { TestProject } from "vitest/node";
import { readConfig } from "../lib/config.ts";
import { openScratchServer } from "../lib/database/scratch.ts";
import { databaseUrl } from "../lib/database/url.ts";
import { up } from "../lib/migrate/migrate.ts";
import { describeError } from "../lib/problem.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The server's URL, with a database to connect to for creating others. */
    serverUrl: string;
    /** The migrated database that others are cloned from. */
    template: string;
    /** Why there is no template: what the migrations raised, or empty. */
    templateFailure: string;
  }
}

/**
 * Runs once before all tests: starts one server and migrates one template database on it. A migration that
 * fails does not stop the tests that need no database: `testDatabase()` tells it to the others.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await openScratchServer(readConfig());
  const template = `jukebase_template_${process.pid}`;
  const sql = postgres(server.url, { max: 1, onnotice: () => {} });
  await sql`create database ${sql(template)}`;
  const failure = await up(databaseUrl(server.url, template)).then(
    () => "",
    (error) => describeError(error, true),
  );
  project.provide("serverUrl", server.url);
  project.provide("template", template);
  project.provide("templateFailure", failure);
  console.log(`tests run on Postgres ${server.version} (${server.provider})`);
  return async () => {
    await sql`drop database if exists ${sql(template)} with (force)`;
    await sql.end({ timeout: 5 });
    await server.stop();
  };
}
