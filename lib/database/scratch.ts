import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Config } from "../config.ts";
import { livingOwner } from "./claim.ts";
import { endLeftovers } from "./leftovers.ts";
import { type Database, openDatabase } from "./provider.ts";

const prefix = "jukebase-scratch-";

/**
 * A server to make throw-away databases on: that of TEST_DATABASE_URL, or one of our own in a temporary directory,
 * which `stop` removes. What killed runs left behind is cleared away first.
 */
export async function openScratchServer(config: Config): Promise<Database> {
  await sweepKilledRuns();
  const directory = mkdtempSync(join(tmpdir(), prefix));
  const remove = () => rmSync(directory, { recursive: true, force: true });
  try {
    const server = await openDatabase({ purpose: "test", config, directory });
    return { ...server, stop: () => server.stop().finally(remove) };
  } catch (error) {
    remove();
    throw error;
  }
}

async function sweepKilledRuns(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((each) => each.startsWith(prefix))) {
    const directory = join(tmpdir(), name);
    // A directory without a claim may be that of a run that is just starting.
    if (!existsSync(join(directory, "owner.json")) || livingOwner(directory)) continue;
    try {
      if (existsSync(join(directory, "data"))) await endLeftovers(join(directory, "data"));
      rmSync(directory, { recursive: true, force: true });
    } catch {
      // another user's
    }
  }
}
