import { spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { Problem } from "../problem.ts";

/** An OS account to run the server as; `undefined` stands for the account of this process. */
export type Account = { uid: number; gid: number };

/** Postgres refuses to run as root: these accounts are taken in its stead, the first that exists. */
const candidates = ["postgres", "_postgres", "nobody"];

/**
 * The account to run the server of a data directory as: none when this process is not root, else the owner
 * of the directory, else one that exists for the purpose. Raises JB013 when the machine has none.
 */
export function serverAccount(data: string): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const made = statSync(data, { throwIfNoEntry: false });
  if (made && made.uid > 0) return { uid: made.uid, gid: made.gid };
  const accounts = accountsOf(readFileSync("/etc/passwd", "utf8"));
  for (const name of candidates) {
    const account = accounts.get(name);
    if (account && account.uid > 0) return account;
  }
  throw new Problem({
    code: "JB013",
    message: "Postgres does not run as root, and there is no account to run it as",
    hint: "create one (useradd --system postgres), or run jukebase as an ordinary user",
  });
}

/** The accounts of a passwd(5) file by name. */
export function accountsOf(passwd: string): Map<string, Account> {
  const accounts = new Map<string, Account>();
  for (const line of passwd.split("\n")) {
    const [name, , uid, gid] = line.split(":");
    if (name && uid && gid) accounts.set(name, { uid: Number(uid), gid: Number(gid) });
  }
  return accounts;
}

/** True when the account can enter the directory: each directory above it counts. */
export function canEnter(directory: string, account: Account | undefined): boolean {
  const { status } = spawnSync("/bin/sh", ["-c", 'cd "$1" && test -x .', "sh", directory], {
    ...identity(account),
    cwd: "/",
    stdio: "ignore",
  });
  return status === 0;
}

/** The options that make `spawn` run as the account. */
export function identity(account: Account | undefined): { uid?: number; gid?: number } {
  return account ? { uid: account.uid, gid: account.gid } : {};
}
