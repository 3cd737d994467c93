import postgres, { type Options, type Sql } from "postgres";
import { afterAll, inject } from "vitest";
import { databaseUrl } from "../lib/database/url.ts";

// biome-ignore lint/complexity/noBannedTypes: no custom types, as postgres.js writes it
type ClientOptions = Options<{}>;

export type TestDatabase = {
  name: string;
  url: string;
  sql: Sql;
  /** Another client of the database, for tests with several sessions; it is closed by itself. */
  connect(options?: ClientOptions): Sql;
};

const clients: Sql[] = [];
const databases: string[] = [];
let server: Sql | undefined;
let count = 0;

/**
 * A database for this test file: a clone of the migrated template, or an empty one. It is dropped after the
 * file. `guarded: false` lets its clients write the projected tables. Call it in the file's body (`const { sql } = await testDatabase()`) or in beforeAll.
 */
export async function testDatabase({
  migrated = true,
  guarded = true,
} = {}): Promise<TestDatabase> {
  const failure = inject("templateFailure");
  if (migrated && failure) throw new Error(`the template database was not migrated:\n${failure}`);
  const serverUrl = inject("serverUrl");
  server ??= postgres(serverUrl, { max: 1, onnotice: () => {} });
  const name = `jukebase_test_${process.pid}_${Date.now().toString(36)}_${++count}`;
  const template = migrated ? inject("template") : "template0";
  await server`create database ${server(name)} template ${server(template)}`;
  databases.push(name);

  const url = databaseUrl(serverUrl, name);
  const connect = (options: ClientOptions = {}) => {
    const connection = guarded ? {} : { "jukebase.writing": "catalog" };
    const client = postgres(url, { max: 4, onnotice: () => {}, connection, ...options });
    clients.push(client);
    return client;
  };
  return { name, url, sql: connect(), connect };
}

afterAll(async () => {
  await Promise.all(clients.splice(0).map((client) => client.end({ timeout: 1 })));
  if (!server) return;
  for (const name of databases.splice(0)) {
    await server`drop database if exists ${server(name)} with (force)`;
  }
  await server.end({ timeout: 1 });
  server = undefined;
});
