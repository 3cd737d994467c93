import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync, realpathSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** True when a process of this id exists, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * What tells two processes of the same id apart: the moment it started, in the system's own notation.
 * `undefined` when no such process runs (a zombie does not).
 */
export function startedAt(pid: number): string | undefined {
  if (process.platform !== "linux") {
    const { stdout } = spawnSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" });
    return stdout?.trim() || undefined;
  }
  try {
    // The name in field 2 may hold spaces and brackets; field 3 is the state, field 22 the start time.
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

/**
 * The processes named `postgres` whose working directory is the data directory: the postmaster and its
 * backends, and nobody else's.
 */
export function serverProcesses(dataDirectory: string): number[] {
  const directory = realpathSync(dataDirectory);
  return process.platform === "linux" ? fromProc(directory) : fromLsof(directory);
}

function fromProc(directory: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return (
          readFileSync(`/proc/${pid}/comm`, "utf8").trim() === "postgres" &&
          readlinkSync(`/proc/${pid}/cwd`) === directory
        );
      } catch {
        return false; // gone meanwhile, or another user's
      }
    })
    .map(Number);
}

function fromLsof(directory: string): number[] {
  const { stdout } = spawnSync("lsof", ["-a", "-c", "postgres", "-d", "cwd", "-Fpn"], {
    encoding: "utf8",
  });
  return workingIn(directory, stdout ?? "");
}

/** Reads `lsof -Fpn`: lines `p<pid>`, then `n<path>` of that process. */
export function workingIn(directory: string, lsof: string): number[] {
  const pids: number[] = [];
  let pid = 0;
  for (const line of lsof.split("\n")) {
    if (line.startsWith("p")) pid = Number(line.slice(1));
    else if (line === `n${directory}`) pids.push(pid);
  }
  return pids;
}

/** Waits until the condition holds; false when it does not within `ms`. */
export async function eventually(condition: () => boolean, ms: number): Promise<boolean> {
  const deadline = Date.now() + ms;
  while (!condition()) {
    if (Date.now() > deadline) return false;
    await sleep(25);
  }
  return true;
}

/** Sends the signal to each process that still exists. */
export function signal(pids: number[], name: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch {
      // gone meanwhile
    }
  }
}
