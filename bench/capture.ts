import type { Sql, TransactionSql } from "postgres";
import type { Bench } from "./bench.ts";
import type { Arm } from "./rounds.ts";
import { storedTables } from "./tables.ts";

const entities = 20_000;
const idsPerEntity = 2;

/** The triggers whose cost is measured: on what is loaded, and on the events that this raises. */
const captured = ["catalog.entity", "catalog.track", "identity.external_id", "feed.event"];

/** A bulk load with and without the feed and the marks of stale documents. */
export const capture: Bench = {
  name: "capture",
  title: "loading 20,000 new tracks with 40,000 ids, with / without the triggers of the feed",
  goal: 1.5,
  rounds: 20,
  turns: 1,
  unit: "row loaded",
  prepare: async (sql) => {
    // Rolled back loads leave dead rows: they are cleared away between the rounds, never during one.
    const touched = await storedTables(sql, [...captured, "descriptor.dirty"]);
    for (const name of touched) {
      await sql.unsafe(`alter table ${name} set (autovacuum_enabled = false)`);
    }
    const [tracks] = await sql<{ count: number }[]>`select count(*)::int from catalog.track`;
    const updates = Math.min(entities, Math.floor((tracks?.count ?? 0) / 10));
    let run = 0;
    const loading = (triggers: "enable" | "disable"): Arm => ({
      run: () =>
        rolledBack(sql, triggers, {
          work: (tx) => load(tx, ++run),
          rows: entities * (2 + idsPerEntity),
          events: entities,
        }),
    });
    const updating = (triggers: "enable" | "disable"): Arm => ({
      run: () =>
        rolledBack(sql, triggers, {
          work: (tx) => rename(tx, (++run % 10) * updates, updates),
          rows: updates,
          events: updates,
        }),
    });
    return {
      baseline: loading("disable"),
      subject: loading("enable"),
      others: {
        "updates without": updating("disable"),
        "updates with": updating("enable"),
      },
      betweenRounds: async () => {
        for (const name of touched) await sql.unsafe(`vacuum (truncate) ${name}`);
      },
      facts: { entities_per_load: entities, ids_per_load: entities * idsPerEntity, updates },
      cleanUp: async () => {
        for (const name of touched) {
          await sql.unsafe(`alter table ${name} reset (autovacuum_enabled)`);
        }
      },
    };
  },
};

type Work = {
  work: (tx: TransactionSql) => Promise<unknown>;
  /** The rows it writes. */
  rows: number;
  /** The events the triggers raise of them. */
  events: number;
};

/**
 * Microseconds per row of the work in a transaction that is then rolled back; the commit is not in it. Raises
 * when the work did not raise an event of each entity with the triggers, or raised one without.
 */
async function rolledBack(
  sql: Sql,
  triggers: "enable" | "disable",
  { work, rows, events }: Work,
): Promise<number> {
  const rollback = new Error("the measurement is over");
  let microseconds = Number.NaN;
  await sql
    .begin(async (tx) => {
      await switchTriggers(tx, triggers);
      await tx`select catalog.writing(true)`;
      const started = performance.now();
      await work(tx);
      microseconds = ((performance.now() - started) * 1_000) / rows;
      const [raised] = await tx<{ count: number }[]>`
        select count(*)::int from feed.event where xid = pg_current_xact_id()`;
      const expected = triggers === "enable" ? events : 0;
      if (raised?.count !== expected) throw new Error(`${raised?.count} events, not ${expected}`);
      throw rollback;
    })
    .catch((error) => {
      if (error !== rollback) throw error;
    });
  return microseconds;
}

/** Both arms alter the same tables, so that neither has an advantage from it. */
async function switchTriggers(tx: TransactionSql, to: "enable" | "disable"): Promise<void> {
  const triggers = await tx<{ table: string; trigger: string }[]>`
    select t.tgrelid::regclass::text as table, t.tgname as trigger
    from pg_trigger t
    where t.tgrelid = any (${captured}::text[]::regclass[]) and t.tgname ~ '^_[56]00_'`;
  for (const { table, trigger } of triggers) {
    await tx.unsafe(`alter table ${table} ${to} trigger ${trigger}`);
  }
}

async function load(tx: TransactionSql, run: number): Promise<void> {
  const first = 10_000_000 + run * entities;
  await tx`
    insert into catalog.entity (juke_id, kind, display_name, mbid)
    select bench.juke_id(n), 'track', 'Track No. ' || n, bench.random_uuid('mbid', 'track', n)
    from generate_series(${first}::int, ${first + entities - 1}::int) n
    order by 1`;
  await tx`
    insert into catalog.track (juke_id, title, duration_ms)
    select bench.juke_id(n), 'Track No. ' || n, 1000 * (n % 400)
    from generate_series(${first}::int, ${first + entities - 1}::int) n
    order by 1`;
  await tx`
    insert into identity.external_id (external_id, source, kind, juke_id, record_id)
    select i.external_id, i.source, 'track', bench.juke_id(n), n
    from generate_series(${first}::int, ${first + entities - 1}::int) n
    cross join lateral (values
      ('mbid', bench.random_uuid('mbid', 'track', n)::text),
      ('isrc', 'JP' || upper(left(md5('isrc' || n / 1000), 3)) || right(n::text, 7))
    ) i (source, external_id)
    order by 1`;
}

async function rename(tx: TransactionSql, from: number, count: number): Promise<void> {
  await tx`
    update catalog.track t
    set title = t.title || ' (live)'
    where t.juke_id in (
      select e.juke_id from catalog.entity e where e.kind = 'track' order by e.juke_id
      offset ${from}::int limit ${count}::int
    )`;
}
