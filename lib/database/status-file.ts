import { readFileSync } from "node:fs";
import { join } from "node:path";

export type ServerStatus = {
  /** The postmaster's process id. */
  pid: number;
  port: number;
  /** True once it takes connections. */
  ready: boolean;
};

/** What the server's postmaster.pid says; nothing when there is none. */
export function statusFile(data: string): ServerStatus | undefined {
  try {
    // Lines: pid, data directory, start time, port, socket directory, address, memory key, status.
    const lines = readFileSync(join(data, "postmaster.pid"), "utf8").split("\n");
    return {
      pid: Math.abs(Number(lines[0])),
      port: Number(lines[3]),
      ready: lines[7]?.trim() === "ready",
    };
  } catch {
    return undefined;
  }
}
