import { resolve } from "node:path";
import { type KafkaSettings, readKafkaSettings } from "./feed/kafka/settings.ts";
import { type FetchSettings, readFetchSettings } from "./fetch/settings.ts";
import { Problem } from "./problem.ts";
import { projectPath } from "./project.ts";
import { oneOf, text, unusable } from "./setting.ts";

export const databaseProviders = ["embedded", "installed", "testcontainers"] as const;
export type DatabaseProvider = (typeof databaseProviders)[number];

export const logLevels = ["trace", "debug", "info", "warn", "error", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

export type Config = {
  /** DATABASE_URL: the database to use; without it jukebase runs a server of its own. */
  databaseUrl: string | undefined;
  /** TEST_DATABASE_URL: a server the tests may create and drop databases on. */
  testDatabaseUrl: string | undefined;
  /** JUKEBASE_DB_PROVIDER: the only provider to try for a server of our own. */
  databaseProvider: DatabaseProvider | undefined;
  /** JUKEBASE_PG_BIN: the directory that holds initdb and postgres of the installed server. */
  postgresBin: string | undefined;
  /** JUKEBASE_PG_PORT: the port of the server of our own; any free one without it. */
  postgresPort: number | undefined;
  /** HOST and PORT: where the HTTP server listens. */
  host: string;
  port: number;
  /** DATA_DIR: where the server of our own keeps its data; absolute. `.jukebase` without it. */
  dataDir: string;
  /** EDITOR_KEY: what requests carry that may write; without it nobody may. */
  editorKey: string | undefined;
  /** KAFKA_BROKERS and what belongs to it: where the worker publishes the feed; nowhere without it. */
  kafka: KafkaSettings | undefined;
  /** FETCH_… and S3_…: what deliveries may be fetched from, and how much. */
  fetch: FetchSettings;
  logLevel: LogLevel;
};

/** Reads the settings from environment variables. Raises JB001 for a value that cannot be used. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  return {
    databaseUrl: postgresUrl(env, "DATABASE_URL"),
    testDatabaseUrl: postgresUrl(env, "TEST_DATABASE_URL"),
    databaseProvider: oneOf(env, "JUKEBASE_DB_PROVIDER", databaseProviders),
    postgresBin: text(env, "JUKEBASE_PG_BIN"),
    postgresPort: portNumber(env, "JUKEBASE_PG_PORT"),
    host: text(env, "HOST") ?? "127.0.0.1",
    port: portNumber(env, "PORT") ?? 5678,
    dataDir: resolve(text(env, "DATA_DIR") ?? projectPath(".jukebase")),
    editorKey: secret(env, "EDITOR_KEY"),
    kafka: readKafkaSettings(env),
    fetch: readFetchSettings(env),
    logLevel: oneOf(env, "LOG_LEVEL", logLevels) ?? "info",
  };
}

/** At least 16 characters that a header can carry. The value is not repeated. */
function secret(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const value = text(env, name);
  if (value === undefined || /^[\x21-\x7e]{16,}$/.test(value)) return value;
  throw new Problem({
    code: "JB001",
    message: `${name} is too short, or has characters that a header cannot carry`,
    hint: "use 16 or more letters, digits and signs, say from: openssl rand -hex 32",
  });
}

function portNumber(env: NodeJS.ProcessEnv, name: string): number | undefined {
  const value = text(env, name);
  if (value === undefined) return undefined;
  const port = Number(value);
  if (/^\d+$/.test(value) && port <= 65_535) return port;
  throw unusable(name, value, "use a port number from 0 to 65535; 0 takes any free port");
}

function postgresUrl(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const value = text(env, name);
  if (value === undefined || /^postgres(ql)?:\/\//.test(value)) return value;
  // The value may hold a password: it is not repeated.
  throw new Problem({
    code: "JB001",
    message: `${name} is not the URL of a Postgres database`,
    hint: "write postgres://user:password@host:5432/database",
  });
}
