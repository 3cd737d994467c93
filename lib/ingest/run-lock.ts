import postgres, { type Sql } from "postgres";

/**
 * Does the work while this process holds the lock of a run (ingest.lock_of_run); "busy" when another one does. The lock is that of a
 * connection of its own: whatever ends this process gives it up. When that connection is lost the work goes on without the
 * lock: two at one run do nothing twice, they are only slower.
 */
export async function withRunLock<T>(
  sql: Sql,
  runId: number,
  work: () => Promise<T>,
): Promise<T | "busy"> {
  // It is idle as long as the work lasts, and without a limit postgres.js closes what is older than half an hour.
  // Not a reserved connection of the pool: a query on one that was lost ends the process (postgres.js 3.4.9).
  const lock = postgres({
    ...sql.options,
    max: 1,
    idle_timeout: null,
    max_lifetime: null,
  } as never);
  try {
    const [{ isMine } = { isMine: false }] = await lock<{ isMine: boolean }[]>`
      select pg_try_advisory_lock(ingest.lock_of_run(${runId})) as "isMine"`;
    return isMine ? await work() : "busy";
  } finally {
    await lock.end({ timeout: 5 });
  }
}
