import { type Binaries, embeddedBinaries, installedBinaries } from "../lib/database/binaries.ts";

/** The programs the tests run on, where they run on a server of our own. */
export function ownBinaries(): Binaries | undefined {
  const found =
    process.env.JUKEBASE_DB_PROVIDER === "installed"
      ? installedBinaries(process.env.JUKEBASE_PG_BIN)
      : embeddedBinaries();
  return "missing" in found ? undefined : found;
}
