import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Problem } from "../problem.ts";
import { isAlive, startedAt } from "./processes.ts";

type Owner = { pid: number; startedAt?: string };

/**
 * Makes this process the one that runs the server in a directory, by a file `owner.json` in it. The claim
 * of a process that is gone (killed, or the machine went down) is taken over. Raises JB010 while its owner
 * lives. Returns the function that gives the claim back.
 */
export function claim(directory: string): () => void {
  const file = ownerFile(directory);
  const own: Owner = { pid: process.pid };
  const since = startedAt(process.pid);
  if (since !== undefined) own.startedAt = since;

  const owner = livingOwner(directory);
  if (owner) {
    throw new Problem({
      code: "JB010",
      message: `another jukebase runs on ${directory}, as process ${owner.pid}`,
      hint: `stop it first (kill ${owner.pid}), or set DATA_DIR to run a second one beside it`,
    });
  }
  rmSync(file, { force: true });
  // `wx`: of two that arrive here at once, one gets the file and the other the error.
  writeFileSync(file, `${JSON.stringify(own)}\n`, { flag: "wx", mode: 0o644 });
  return () => rmSync(file, { force: true });
}

/** The process that holds the claim on a directory, if it lives. */
export function livingOwner(directory: string): Owner | undefined {
  let owner: Owner;
  try {
    owner = JSON.parse(readFileSync(ownerFile(directory), "utf8"));
  } catch {
    return undefined; // no claim, or one cut short by a crash
  }
  if (!isAlive(owner.pid)) return undefined;
  const idWasReused = owner.startedAt !== undefined && owner.startedAt !== startedAt(owner.pid);
  return idWasReused ? undefined : owner;
}

function ownerFile(directory: string): string {
  return join(directory, "owner.json");
}
