import type { Sql, TransactionSql } from "postgres";
import type { Bench } from "./bench.ts";
import {
  admitCrowd,
  type Crowd,
  dismissCrowds,
  tried,
  withoutAutovacuum,
  withoutTriggers,
} from "./crowd.ts";
import { endless } from "./random.ts";
import type { Arm } from "./rounds.ts";
import { median } from "./statistics.ts";

const losers = 1_000;
/** Of the undo of one member, in milliseconds. */
const undoGoal = 50;

/** A thousand artists become one; and one of them is taken out again. */
export const merge: Bench = {
  name: "merge",
  title:
    "identity.merge of 1,000 artists / the same rows in plain updates without ledger, triggers and projection",
  goal: 40,
  rounds: 10,
  turns: 1,
  unit: "merge",
  prepare: async (sql) => {
    await dismissCrowds(sql);
    const apart = await admitCrowd(sql, 1, losers + 1);
    const joined = await admitCrowd(sql, 2, losers + 1);
    const operation = await mergeCrowd(sql, joined);
    const tables = await withoutAutovacuum(sql);
    const winner = joined.artists[0] as string;
    const nextMember = endless(joined.artists.slice(1));
    const undone: number[] = [];
    const merged: number[] = [];
    return {
      baseline: { run: () => tried(sql, plainMerge(apart)) },
      subject: noted(merged, () =>
        tried(sql, {
          work: (tx) => mergeCrowd(tx, apart),
          check: (tx) => hasMerged(tx, apart, { isProjected: true }),
        }),
      ),
      others: {
        "undo of one member": noted(undone, () => {
          const member = nextMember();
          return tried(sql, {
            work: (tx) => tx`select operation_id from identity.undo(${operation}, ${member})`,
            check: (tx) => hasUndone(tx, { winner, member, isProjected: true }),
          });
        }),
        "undo of one member, plain updates": {
          run: () => {
            const member = nextMember();
            return tried(sql, plainUndo({ operation, winner, member }));
          },
        },
      },
      betweenRounds: tables.vacuum,
      facts: { losers, records: apart.records, referrers: apart.works, undo_goal_ms: undoGoal },
      measured: () => ({
        merge_ms: milliseconds(merged),
        undo_one_ms: milliseconds(undone),
        undo_one_meets_goal: median(undone) / 1_000 <= undoGoal,
      }),
      cleanUp: async () => {
        await dismissCrowds(sql);
        await tables.restore();
      },
    };
  },
};

/** An arm that keeps what it measured. */
function noted(taken: number[], run: Arm["run"]): Arm {
  return {
    run: async () => {
      const microseconds = await run();
      taken.push(microseconds);
      return microseconds;
    },
  };
}

function milliseconds(taken: number[]): { median: number; least: number } {
  const rounded = (microseconds: number) => Math.round(microseconds / 10) / 100;
  return { median: rounded(median(taken)), least: rounded(Math.min(...taken)) };
}

/** Merges the crowd into its first artist; the operation. */
async function mergeCrowd(sql: Sql | TransactionSql, { artists }: Crowd): Promise<string> {
  const [operation] = await sql<{ operation_id: string }[]>`
    select operation_id from identity.merge(${artists[0] as string}, ${artists.slice(1)}::uuid[], 'bench')`;
  return operation?.operation_id as string;
}

/** What a merge cannot do without: the records, the bound ids and the redirects. */
function plainMerge(crowd: Crowd) {
  const [winner, ...gone] = crowd.artists as [string, ...string[]];
  return {
    before: withoutTriggers,
    work: async (tx: TransactionSql) => {
      await tx`update identity.membership set juke_id = ${winner} where juke_id = any (${gone}::uuid[])`;
      await tx`update identity.external_id set juke_id = ${winner} where juke_id = any (${gone}::uuid[])`;
      await tx`
        update catalog.entity set status = 'merged', merged_into = ${winner} where juke_id = any (${gone}::uuid[])`;
    },
    check: (tx: TransactionSql) => hasMerged(tx, crowd, { isProjected: false }),
  };
}

type Undone = { winner: string; member: string };

/** What the undo of one member cannot do without. */
function plainUndo({ operation, winner, member }: Undone & { operation: string }) {
  return {
    before: withoutTriggers,
    work: async (tx: TransactionSql) => {
      await tx`
        update identity.membership m
        set juke_id = w.from_juke_id, rule = w.from_rule, since = w.from_since, evidence = w.from_evidence
        from identity.moved_record w
        where w.operation_id = ${operation} and w.from_juke_id = ${member} and m.record_id = w.record_id`;
      await tx`
        update identity.external_id x
        set juke_id = m.juke_id
        from identity.membership m
        where m.juke_id = ${member} and x.record_id = m.record_id`;
      await tx`update catalog.entity set status = 'active', merged_into = null where juke_id = ${member}`;
    },
    check: (tx: TransactionSql) => hasUndone(tx, { winner, member, isProjected: false }),
  };
}

async function hasMerged(
  tx: TransactionSql,
  { artists, works }: Crowd,
  { isProjected }: { isProjected: boolean },
): Promise<void> {
  const winner = artists[0] as string;
  await expectState(tx, artists.slice(1), {
    status: "merged",
    records: 0,
    ids: 0,
    credits: isProjected ? 0 : losers * 3,
  });
  await expectState(tx, [winner], {
    status: "active",
    records: losers + 1,
    ids: (losers + 1) * 3,
    credits: isProjected ? works : 3,
  });
  await expectEvents(tx, isProjected ? artists.length + works - 3 : 0);
}

async function hasUndone(
  tx: TransactionSql,
  { winner, member, isProjected }: Undone & { isProjected: boolean },
): Promise<void> {
  await expectState(tx, [member], {
    status: "active",
    records: 1,
    ids: 3,
    credits: isProjected ? 3 : 0,
  });
  await expectState(tx, [winner], {
    status: "active",
    records: losers,
    ids: losers * 3,
    credits: isProjected ? losers * 3 : losers * 3 + 3,
  });
  // Both artists, and the three works of the one.
  await expectEvents(tx, isProjected ? 5 : 0);
}

type State = { status: string; records: number; ids: number; credits: number };

/** Raises when these artists, taken together, are in another state. */
async function expectState(tx: TransactionSql, artists: string[], expected: State): Promise<void> {
  const [found] = await tx<State[]>`
    select
      (select string_agg(distinct e.status::text, ', ') from catalog.entity e where e.juke_id = any (a.ids)) as status,
      (select count(*)::int from identity.membership m where m.juke_id = any (a.ids)) as records,
      (select count(*)::int from identity.external_id x where x.juke_id = any (a.ids)) as ids,
      (select count(*)::int from catalog.credit c where c.contributor_id = any (a.ids)) as credits
    from (select ${artists}::uuid[] as ids) a`;
  for (const key of Object.keys(expected) as (keyof State)[]) {
    if (found?.[key] !== expected[key]) {
      throw new Error(`${key} of ${artists.length} artists: ${found?.[key]}, not ${expected[key]}`);
    }
  }
}

/** Raises when the transaction has raised another number of events. */
async function expectEvents(tx: TransactionSql, expected: number): Promise<void> {
  const [raised] = await tx<{ count: number }[]>`
    select count(*)::int from feed.event where xid = pg_current_xact_id()`;
  if (raised?.count !== expected) throw new Error(`${raised?.count} events, not ${expected}`);
}
