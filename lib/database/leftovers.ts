import { rmSync } from "node:fs";
import { join } from "node:path";
import { Problem } from "../problem.ts";
import { eventually, isAlive, serverProcesses, signal } from "./processes.ts";
import { statusFile } from "./status-file.ts";

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
