import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Problem } from "../problem.ts";
import { eventually, isAlive, serverProcesses, signal } from "./processes.ts";

/**
 * Ends what a killed process left running on a data directory: a postmaster without its jukebase, or
 * backends without their postmaster. Touches only processes named postgres that work in that directory.
 * The caller holds the claim, so none of them serves anyone. Raises JB011 when they will not go.
 */
export async function endLeftovers(data: string): Promise<void> {
  const gone = () => serverProcesses(data).length === 0;
  if (!gone()) {
    const postmaster = postmasterPid(data);
    const isTheirs = postmaster !== undefined && serverProcesses(data).includes(postmaster);
    if (isTheirs) {
      signal([postmaster], "SIGINT");
      await eventually(gone, 30_000);
    } else {
      // Backends notice by themselves that their postmaster is gone, unless they are busy.
      await eventually(gone, 2_000);
    }
    for (const last of ["SIGTERM", "SIGKILL"] as const) {
      if (gone()) break;
      signal(serverProcesses(data), last);
      await eventually(gone, 5_000);
    }
    if (!gone()) {
      throw new Problem({
        code: "JB011",
        message: `processes of an earlier server still work on ${data}: ${serverProcesses(data).join(", ")}`,
        hint: "end them and start again",
      });
    }
  }
  forgetReusedPid(data);
}

/**
 * Postgres clears a stale postmaster.pid away itself, except when the id in it meanwhile belongs to some
 * other process of the same user: common in containers, where ids start from 1 each time.
 */
function forgetReusedPid(data: string): void {
  const pid = postmasterPid(data);
  if (pid !== undefined && isAlive(pid) && serverProcesses(data).length === 0) {
    rmSync(join(data, "postmaster.pid"));
  }
}

function postmasterPid(data: string): number | undefined {
  return statusFile(data)?.pid;
}

/** What postmaster.pid says: the id of the postmaster and, once it takes connections, `ready`. */
export function statusFile(data: string): { pid: number; ready: boolean } | undefined {
  try {
    const lines = readFileSync(join(data, "postmaster.pid"), "utf8").split("\n");
    return { pid: Math.abs(Number(lines[0])), ready: lines[7]?.trim() === "ready" };
  } catch {
    return undefined;
  }
}
