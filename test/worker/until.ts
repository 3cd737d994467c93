import { setTimeout as sleep } from "node:timers/promises";
import type { AnySql } from "../catalog-builder.ts";

/** Waits until `look` returns something that is true, and returns it. The limit only ends a test that fails. */
export async function until<T>(
  what: string,
  look: () => Promise<T> | T,
): Promise<Exclude<T, undefined | false>> {
  for (let tries = 0; tries < 1200; tries++) {
    const seen = await look();
    if (seen) return seen as Exclude<T, undefined | false>;
    await sleep(25);
  }
  throw new Error(`never: ${what}`);
}

/** The process ids of our connections to this database, by application name. */
export async function connections(sql: AnySql, name = "jukebase%"): Promise<number[]> {
  const rows = await sql<{ pid: number }[]>`
    select pid from pg_stat_activity
    where datname = current_database() and application_name like ${name}
    order by pid`;
  return rows.map(({ pid }) => pid);
}

/** Ends our connections; returns how many there were. */
export async function terminate(sql: AnySql, name = "jukebase%"): Promise<number> {
  const pids = await connections(sql, name);
  await sql`select pg_terminate_backend(pid) from unnest(${pids}::int[]) pid`;
  return pids.length;
}
