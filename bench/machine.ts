import { cpus, loadavg, totalmem } from "node:os";
import type { Sql } from "postgres";

/** What the figures depend on: the server and its settings, the driver, the machine and how busy it is. */
export async function surroundings(sql: Sql): Promise<Record<string, unknown>> {
  const [server] = await sql<Record<string, string>[]>`
    select current_setting('server_version') as version,
      current_setting('shared_buffers') as shared_buffers,
      current_setting('fsync') as fsync,
      current_setting('synchronous_commit') as synchronous_commit,
      current_setting('jit') as jit`;
  return {
    server: { ...server },
    driver: `postgres.js, one connection, prepared statements, node ${process.version}`,
    machine: {
      cpu: cpus()[0]?.model ?? "unknown",
      cores: cpus().length,
      memory_gb: Math.round(totalmem() / 2 ** 30),
      load: round(loadavg()[0] ?? 0, 2),
    },
  };
}

/** A number to so many decimals. */
export function round(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}
