import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { livingOwner } from "../lib/database/claim.ts";
import { endLeftovers } from "../lib/database/leftovers.ts";

const prefix = "jukebase-test-";

/** A new temporary directory for a server of the tests. */
export function serverDirectory(): string {
  return mkdtempSync(join(tmpdir(), prefix));
}

/** Ends the servers of test runs that were killed, and removes their directories. */
export async function sweepKilledRuns(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((each) => each.startsWith(prefix))) {
    const directory = join(tmpdir(), name);
    // A directory without a claim may belong to a run that is just starting, or to another user.
    if (!existsSync(join(directory, "owner.json"))) continue;
    if (livingOwner(directory)) continue;
    try {
      if (existsSync(join(directory, "data"))) await endLeftovers(join(directory, "data"));
      rmSync(directory, { recursive: true, force: true });
    } catch {
      // another user's
    }
  }
}
