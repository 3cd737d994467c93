import type { Sql } from "postgres";
import type { TestDatabase } from "../database.ts";
import type { Action } from "./interleaving-actions.ts";
import type { World } from "./interleaving-world.ts";

export type Level = "read committed" | "repeatable read";

/** How the sessions of an interleaving meet. */
export type Manner = {
  level: Level;
  /** How the first session ends once the others wait for it or are done. */
  end: "commit" | "rollback";
};

/** "ok", or the SQLSTATE a session ended with. */
export type Outcome = string;

/** A database with the sessions of an interleaving, and one that watches them. */
export type Lane = { sql: Sql; sessions: Sql[]; pids: number[] };

export async function openLane({ sql, connect }: TestDatabase): Promise<Lane> {
  const connection = { deadlock_timeout: 100 };
  const sessions = Array.from({ length: 3 }, () => connect({ max: 1, connection }));
  const pids = await Promise.all(
    sessions.map(async (each) => Number((await each`select pg_backend_pid() as pid`)[0]?.pid)),
  );
  return { sql, sessions, pids };
}

/** The first action begins and holds its transaction open; each of the others waits for it, or is done, before the first ends. */
export async function interleave(
  lane: Lane,
  actions: Action[],
  { level, end }: Manner,
  world: World,
): Promise<Outcome[]> {
  const [first, ...others] = lane.sessions.slice(0, actions.length) as [Sql, ...Sql[]];
  const begin = `begin isolation level ${level}`;
  await first.unsafe(begin);
  let outcome = await outcomeOf(actions[0]?.run(first, world));
  const running: Promise<Outcome>[] = [];
  for (const [index, session] of others.entries()) {
    let isDone = false;
    running.push(
      (async () => {
        await session.unsafe(begin);
        const found = await outcomeOf(actions[index + 1]?.run(session, world));
        return finish(session, found, "commit");
      })().finally(() => {
        isDone = true;
      }),
    );
    for (let pause = 1; !isDone && !(await isWaiting(lane, lane.pids[index + 1] ?? 0)); pause++) {
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
  outcome = await finish(first, outcome, end);
  return [outcome, ...(await Promise.all(running))];
}

async function isWaiting({ sql }: Lane, pid: number): Promise<boolean> {
  const [row] = await sql`select cardinality(pg_blocking_pids(${pid})) > 0 as is_waiting`;
  return row?.is_waiting;
}

async function outcomeOf(statement: PromiseLike<unknown> | undefined): Promise<Outcome> {
  try {
    await statement;
    return "ok";
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

/** Ends a transaction. What has succeeded so far may still fail at its commit. */
async function finish(session: Sql, outcome: Outcome, end: Manner["end"]): Promise<Outcome> {
  if (outcome !== "ok" || end === "rollback") {
    await session.unsafe("rollback");
    return outcome === "ok" ? "rolled back" : outcome;
  }
  return outcomeOf(session.unsafe("commit"));
}

/** The actions one after the other, each in a transaction of its own. */
export async function inTurn(lane: Lane, actions: Action[], world: World): Promise<Outcome[]> {
  const [session] = lane.sessions as [Sql];
  const outcomes: Outcome[] = [];
  for (const action of actions) outcomes.push(await outcomeOf(action.run(session, world)));
  return outcomes;
}
