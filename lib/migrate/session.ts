import { setTimeout as sleep } from "node:timers/promises";
import postgres, { type Sql } from "postgres";
import { connectionProblem } from "../database/failure.ts";
import { Problem } from "../problem.ts";

/** The advisory lock of a migration run: "juke" in ASCII. Advisory locks belong to one database. */
const lockKey = 0x6a756b65;

export type LockOptions = {
  /** How long to wait for another run, in milliseconds. Default ten minutes. */
  waitMs?: number;
  /** Called once, with the process id on the server of the run that is waited for. */
  onWait?: (pid: number | undefined) => void;
};

/**
 * Runs `work` on one connection with settings that make migrations repeatable: a search path of `public`, no
 * statement timeout, silence from notices.
 */
export async function migrationSession<T>(url: string, work: (sql: Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, {
    max: 1,
    max_lifetime: null, // the lock below lives as long as the connection
    connect_timeout: 10,
    prepare: false,
    onnotice: () => {},
    connection: {
      application_name: "jukebase migrate",
      search_path: "public",
      statement_timeout: 0,
      idle_in_transaction_session_timeout: 0,
    },
  });
  try {
    return await work(sql);
  } catch (error) {
    throw connectionProblem(error, url);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/**
 * Runs `work` while no other migration run works on the database. The lock is tried for, never waited for
 * on the server: `create index concurrently` waits for every session inside a statement, so a blocking
 * `pg_advisory_lock` would deadlock with it. Raises JB602 when the wait is too long.
 */
export async function exclusively<T>(
  sql: Sql,
  work: () => Promise<T>,
  { waitMs = 600_000, onWait }: LockOptions = {},
): Promise<T> {
  const deadline = Date.now() + waitMs;
  for (let attempt = 0; !(await tryLock(sql)); attempt++) {
    if (attempt === 0) onWait?.(await holder(sql));
    if (Date.now() > deadline) throw await stillLocked(sql);
    await sleep(Math.min(1_000, 50 * (attempt + 1)));
  }
  try {
    return await work();
  } finally {
    await sql`select pg_advisory_unlock(${lockKey}::bigint)`.catch(() => {
      // The connection is gone, and the lock with it.
    });
  }
}

async function tryLock(sql: Sql): Promise<boolean> {
  const [row] = await sql<
    { got: boolean }[]
  >`select pg_try_advisory_lock(${lockKey}::bigint) as got`;
  return row?.got ?? false;
}

async function holder(sql: Sql): Promise<number | undefined> {
  const [row] = await sql<{ pid: number }[]>`
    select pid from pg_locks
    where locktype = 'advisory' and granted and classid = 0 and objid = ${lockKey} and objsubid = 1
      and database = (select oid from pg_database where datname = current_database())`;
  return row?.pid;
}

async function stillLocked(sql: Sql): Promise<Problem> {
  const pid = await holder(sql);
  return new Problem({
    code: "JB602",
    message: `another migration run has held the lock for too long${pid ? ` (server process ${pid})` : ""}`,
    hint: pid
      ? `look at it in pg_stat_activity; to end it: select pg_terminate_backend(${pid})`
      : undefined,
  });
}
