import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { expect, test } from "vitest";
import { type Binaries, embeddedBinaries, installedBinaries } from "../../lib/database/binaries.ts";
import { startCluster } from "../../lib/database/cluster.ts";
import { endLeftovers } from "../../lib/database/leftovers.ts";
import { up } from "../../lib/migrate/migrate.ts";
import { failure } from "../catalog-builder.ts";

/** The programs the tests run on, where they run on a server of our own. */
function ownBinaries(): Binaries | undefined {
  const found =
    process.env.JUKEBASE_DB_PROVIDER === "installed"
      ? installedBinaries(process.env.JUKEBASE_PG_BIN)
      : embeddedBinaries();
  return "missing" in found ? undefined : found;
}

test("on a standby the feed is refused, whatever is asked of it", async ({
  skip,
  onTestFinished,
}) => {
  const binaries = ownBinaries();
  if (!binaries) return skip("no Postgres programs on this machine");
  const directory = mkdtempSync(join(tmpdir(), "jukebase-standby-"));
  const data = join(directory, "data");
  onTestFinished(async () => {
    await endLeftovers(data);
    rmSync(directory, { recursive: true, force: true });
  });

  const primary = await startCluster({ binaries, directory, durable: false });
  await up(primary.url);
  const first = postgres(primary.url, { max: 1, onnotice: () => {} });
  const [head] = await first`select feed.head() as cursor`;
  await first`select from feed.add_consumer('copy')`;
  await first.end();
  await primary.stop();

  writeFileSync(join(data, "standby.signal"), "");
  const standby = await startCluster({ binaries, directory, durable: false });
  const sql = postgres(standby.url, { max: 1, onnotice: () => {} });
  const [server] = await sql`select pg_is_in_recovery() as is_standby`;
  expect(server?.is_standby).toBe(true);
  for (const call of [
    sql`select * from feed.updates(${head?.cursor})`,
    sql`select * from feed.updates()`,
    sql`select * from feed.read()`,
    sql`select * from feed.updates_between(now() - interval '1 hour')`,
    sql`select * from feed.bootstrap()`,
    sql`select feed.head()`,
    sql`select * from feed.lag()`,
    sql`select * from feed.poll('copy')`,
  ]) {
    expect(await failure(call)).toBe("JB303");
  }
  await sql.end();
  await standby.stop();
});
