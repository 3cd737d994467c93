import { join } from "node:path";
import { type Config, type DatabaseProvider, databaseProviders } from "../config.ts";
import { Problem } from "../problem.ts";
import { embeddedBinaries, installedBinaries } from "./binaries.ts";
import { startCluster } from "./cluster.ts";
import { serverVersion } from "./requirements.ts";
import { startContainer } from "./testcontainers.ts";

export type Database = {
  url: string;
  /** Where a server of our own keeps its data. */
  directory?: string;
  /** The server's version, "18.4". */
  version: string;
  /** Where it came from: `external` is a URL from the settings. */
  provider: "external" | DatabaseProvider;
  /** Stops a server of our own; leaves an external one alone. */
  stop(): Promise<void>;
  /** Resolves, with the reason, when a server of our own ends without having been stopped. */
  ended: Promise<Problem>;
};

export type DatabaseOptions = {
  /** `start` keeps its data safe; `test` is fast and may lose it. */
  purpose: "start" | "test";
  config: Config;
  /** Where a server of our own lives; `postgres` in the data directory without it. */
  directory?: string;
  /** Use the server that another jukebase already runs there, rather than refuse (JB010). */
  attach?: boolean;
};

type Attempt = Database | { missing: string };

/**
 * The database to work on: DATABASE_URL (for tests TEST_DATABASE_URL), else a server of our own, from the first
 * of the embedded programs, the installed ones and a container that this machine has. Raises JB002
 * when it has none, and what a server that will not start raises.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { config, purpose } = options;
  const url = purpose === "test" ? config.testDatabaseUrl : config.databaseUrl;
  if (url) return external(url);

  const wanted = config.databaseProvider ? [config.databaseProvider] : databaseProviders;
  const reasons: string[] = [];
  for (const provider of wanted) {
    const attempt = await attempts[provider](options);
    if (!("missing" in attempt)) return attempt;
    reasons.push(`${provider}: ${attempt.missing}`);
  }
  throw new Problem({
    code: "JB002",
    message: "there is no Postgres to work on, and none that could be started on this machine",
    detail: reasons.join("\n"),
    hint: `set ${purpose === "test" ? "TEST_DATABASE_URL" : "DATABASE_URL"}, or install PostgreSQL 15 or later`,
  });
}

const attempts: Record<DatabaseProvider, (options: DatabaseOptions) => Promise<Attempt>> = {
  embedded: (options) => ownServer("embedded", options),
  installed: (options) => ownServer("installed", options),
  testcontainers: async () => {
    const container = await startContainer();
    if ("missing" in container) return container;
    const version = await serverVersion(container.url);
    return { ...container, version, provider: "testcontainers", ended: never };
  },
};

async function external(url: string): Promise<Database> {
  const version = await serverVersion(url);
  return { url, version, provider: "external", stop: async () => {}, ended: never };
}

async function ownServer(
  provider: "embedded" | "installed",
  {
    config,
    purpose,
    attach = false,
    directory = join(config.dataDir, "postgres"),
  }: DatabaseOptions,
): Promise<Attempt> {
  const binaries =
    provider === "embedded" ? embeddedBinaries() : installedBinaries(config.postgresBin);
  if ("missing" in binaries) return binaries;
  const cluster = await startCluster({
    binaries,
    directory,
    port: purpose === "start" ? config.postgresPort : undefined,
    durable: purpose === "start",
    attach,
  });
  return { ...cluster, version: binaries.version, provider };
}

const never = new Promise<never>(() => {});
