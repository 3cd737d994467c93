import { rmSync } from "node:fs";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isAlive } from "../database/processes.ts";

/** Directories of ours: what they are for, the process they belong to, and what makes them unique. */
const OURS = /^jukebase-(?:delivery|fetch)-(\d+)-[^-]{6}$/;

/** Those of this process. */
const open = new Set<string>();

/**
 * Does the work with a new directory for files of its own, which is gone afterwards: also when the process exits in the
 * middle. What a process that was killed has left behind is removed by the next one that comes here.
 */
export async function withDirectory<T>(
  purpose: "delivery" | "fetch",
  work: (directory: string) => Promise<T>,
): Promise<T> {
  await removeAbandoned();
  const directory = await mkdtemp(join(tmpdir(), `jukebase-${purpose}-${process.pid}-`));
  if (open.size === 0) process.on("exit", removeOpen);
  open.add(directory);
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
    open.delete(directory);
    if (open.size === 0) process.off("exit", removeOpen);
  }
}

function removeOpen(): void {
  for (const directory of open) rmSync(directory, { recursive: true, force: true });
}

/** Removes the directories of this user whose process is gone. */
async function removeAbandoned(): Promise<void> {
  for (const name of await readdir(tmpdir()).catch(() => [])) {
    const [, pid] = OURS.exec(name) ?? [];
    if (pid === undefined) continue;
    const directory = join(tmpdir(), name);
    // What cannot be looked at or removed is not ours, or somebody else removes it at the moment.
    const stats = await stat(directory).catch(() => undefined);
    if (stats?.uid !== process.getuid?.() || !stats?.isDirectory()) continue;
    if (isAbandoned(Number(pid), stats.birthtimeMs))
      await rm(directory, { recursive: true, force: true }).catch(() => {});
  }
}

/** In a container every process has the same few ids: what is older than this process is not its own. */
function isAbandoned(pid: number, madeAtMs: number): boolean {
  if (pid !== process.pid) return !isAlive(pid);
  return madeAtMs < Date.now() - process.uptime() * 1000 - 1000;
}
