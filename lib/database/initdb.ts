import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Problem } from "../problem.ts";
import { identity } from "./account.ts";
import { giveTo } from "./directory.ts";
import { environment, type Installation, superuser } from "./installation.ts";

/**
 * Makes the data directory, whole or not at all, with one superuser whose password is kept beside it in
 * a file only this user can read. Raises JB012.
 */
export function makeData(installation: Installation): void {
  const { base, data, account } = installation;
  // The server's account may write in this directory and no other; the finished data moves out of it.
  const workshop = join(base, "initdb");
  rmSync(workshop, { recursive: true, force: true });
  mkdirSync(workshop, { mode: 0o700 });
  giveTo(account, workshop);

  const password = randomBytes(24).toString("base64url");
  const passwordFile = join(workshop, "password");
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  giveTo(account, passwordFile);

  const made = join(workshop, "data");
  initdb(installation, made, passwordFile);
  writeFileSync(join(base, "password"), `${password}\n`, { mode: 0o600 });
  rmSync(data, { recursive: true, force: true });
  renameSync(made, data);
  rmSync(workshop, { recursive: true, force: true });
}

/** The password of the superuser. Raises JB012 when this user cannot read it. */
export function savedPassword(base: string): string {
  try {
    return readFileSync(join(base, "password"), "utf8").trim();
  } catch (error) {
    throw new Problem({
      code: "JB012",
      message: `the password of the data in ${base} cannot be read`,
      detail: (error as Error).message,
      hint: "run jukebase as the user that ran it first, or set DATA_DIR to another directory",
      cause: error,
    });
  }
}

function initdb(installation: Installation, data: string, passwordFile: string): void {
  const { bin, base, account, durable, major } = installation;
  let failure = "";
  for (const locale of locales(major)) {
    const args = [
      ...["-D", data, "-U", superuser, "-A", "scram-sha-256", "--pwfile", passwordFile],
      ...["-E", "UTF8", "--lc-messages=C", "--no-instructions", ...locale],
      ...(durable ? [] : ["--no-sync"]),
    ];
    const { status, stderr, error } = spawnSync(join(bin, "initdb"), args, {
      ...identity(account),
      cwd: join(data, ".."),
      env: environment(),
      encoding: "utf8",
    });
    if (status === 0) return;
    failure = stderr?.trim() || error?.message || `initdb ended with ${status}`;
  }
  throw new Problem({
    code: "JB012",
    message: `a database cluster cannot be made in ${base}`,
    detail: failure,
  });
}

/** Byte order to sort by and Unicode's upper and lower case, in the ways to try one after the other. */
function locales(major: number): string[][] {
  if (major >= 17) {
    return [["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]];
  }
  return [["--locale=C.UTF-8"], ["--locale=C", "--lc-ctype=en_US.UTF-8"], ["--locale=C"]];
}
