import { createHash } from "node:crypto";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { Problem } from "../problem.ts";
import { type Account, canEnter } from "./account.ts";
import type { Binaries } from "./binaries.ts";

/**
 * Makes the directory a server lives in and returns its path. When the server runs as another account
 * that cannot enter the wanted one (below /root, say), a directory under /var/lib/jukebase named after
 * it takes its place. Raises JB012 when it cannot be made.
 */
export function prepareDirectory(wanted: string, account: Account | undefined): string {
  const made = make(wanted);
  if (!account) return made;
  chmodSync(made, 0o755);
  if (canEnter(made, account)) return made;
  const name = createHash("sha256").update(wanted).digest("hex").slice(0, 12);
  const elsewhere = make(join("/var/lib/jukebase", name));
  for (const each of [dirname(elsewhere), elsewhere]) chmodSync(each, 0o755);
  return elsewhere;
}

/**
 * The directory of the programs as the account can reach it: where they are, or a copy of the whole
 * installation beside the data (node_modules below /root is closed to others).
 */
export function reachableBinaries(
  binaries: Binaries,
  directory: string,
  account: Account | undefined,
): string {
  if (!account || canEnter(binaries.directory, account)) return binaries.directory;
  const copy = join(directory, `programs-${binaries.version}`);
  if (!existsSync(join(copy, "bin", "postgres"))) {
    cpSync(dirname(binaries.directory), copy, { recursive: true, verbatimSymlinks: true });
    chmodSync(copy, 0o755);
  }
  return join(copy, "bin");
}

/** Gives a file to the account; nothing to do when the server runs as this process's own. */
export function giveTo(account: Account | undefined, path: string): void {
  if (account) chownSync(path, account.uid, account.gid);
}

/**
 * The state of a data directory: not there yet, or ready for this major version. Raises JB009 when another
 * major version made it, JB012 when it holds something else.
 */
export function inspectData(data: string, major: number): "absent" | "ready" {
  if (!existsSync(data)) return "absent";
  const file = join(data, "PG_VERSION");
  if (!existsSync(file)) {
    if (readdirSync(data).length === 0) return "absent";
    throw new Problem({
      code: "JB012",
      message: `${data} is not empty and not a Postgres data directory`,
      hint: "set DATA_DIR to another directory",
    });
  }
  const made = readFileSync(file, "utf8").trim();
  if (made === String(major)) return "ready";
  throw new Problem({
    code: "JB009",
    message: `the data in ${data} was made by Postgres ${made}, and this is Postgres ${major}`,
    hint: `choose a Postgres ${made} with JUKEBASE_DB_PROVIDER and JUKEBASE_PG_BIN, set DATA_DIR to another directory, or delete it to start afresh`,
  });
}

function make(path: string): string {
  try {
    makeFrom(path);
    return path;
  } catch (error) {
    throw new Problem({
      code: "JB012",
      message: `the directory ${path} cannot be made`,
      detail: (error as Error).message,
      hint: "set DATA_DIR to a directory this user may write",
      cause: error,
    });
  }
}

/** The directory and those above it. Node's own recursion never ends where a file system takes no directories: /proc. */
function makeFrom(path: string): void {
  if (existsSync(path)) return;
  makeFrom(dirname(path));
  mkdirSync(path);
}
