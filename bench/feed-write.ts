import postgres, { type Sql } from "postgres";
import type { Bench } from "./bench.ts";
import { change, someArtists } from "./courier.ts";
import { endless } from "./random.ts";
import type { Arm } from "./rounds.ts";
import { median } from "./statistics.ts";
import { storedTables } from "./tables.ts";

const clients = 16;
const transactions = 800;
/** Before the clock starts. */
const warmUp = 80;

/** Sixteen clients that change one row of an artist each, and commit. */
export const feedWrite: Bench = {
  name: "feed-write",
  title:
    "16 clients that change one artist each and commit, time of all, with / without the triggers of the feed (1.18: 0.85 of the rate)",
  goal: 1.18,
  rounds: 15,
  turns: 2,
  unit: "transaction",
  prepare: async (sql, url) => {
    const connection = { "jukebase.writing": "catalog" };
    const crowd = Array.from({ length: clients }, () =>
      postgres(url, { max: 1, max_lifetime: null, onnotice: () => {}, connection }),
    );
    // Nobody's artist is another one's: there is no row to wait for.
    const artists = await someArtists(sql, 4_000);
    const own = crowd.map((_, who) => endless(artists.filter((_, n) => n % clients === who)));
    const tables = await storedTables(sql, [
      "catalog.entity",
      "catalog.artist",
      "feed.event",
      "descriptor.dirty",
    ]);
    const rates = { with: [] as number[], without: [] as number[] };
    const updating = (
      triggers: "with" | "without",
      marks: "with" | "without",
      write = change,
    ): Arm => ({
      run: async () => {
        await switchTriggers(sql, "catalog.artist", triggers);
        await switchTriggers(sql, "catalog.entity", triggers);
        await switchTriggers(sql, "feed.event", marks);
        const before = await lastEvent(sql);
        const work = (count: number) =>
          Promise.all(
            crowd.map(async (client, who) => {
              for (let done = 0; done < count / clients; done++) {
                await write(client, own[who]?.() as string);
              }
            }),
          );
        await work(warmUp);
        const started = performance.now();
        await work(transactions);
        const took = performance.now() - started;
        const raised = (await lastEvent(sql)) - before;
        const isTold = triggers === "with" || write === changeAndTell;
        const expected = isTold ? transactions + warmUp : 0;
        if (raised !== expected) throw new Error(`${raised} events, not ${expected}`);
        if (triggers === marks && write === change)
          rates[triggers].push((transactions * 1_000) / took);
        return (took * 1_000) / transactions;
      },
    });
    return {
      baseline: updating("without", "without"),
      subject: updating("with", "with"),
      others: {
        "without the marks of stale documents": updating("with", "without"),
        "the same rows by one plain statement, no triggers": updating(
          "without",
          "without",
          changeAndTell,
        ),
      },
      betweenRounds: async () => {
        for (const name of tables) await sql.unsafe(`vacuum (truncate false) ${name}`);
      },
      facts: { clients, transactions_per_turn: transactions },
      measured: () => ({
        rate_with: Math.round(median(rates.with)),
        rate_without: Math.round(median(rates.without)),
      }),
      cleanUp: async () => {
        for (const table of ["catalog.artist", "catalog.entity", "feed.event"]) {
          await switchTriggers(sql, table, "with");
        }
        await Promise.all(crowd.map((client) => client.end({ timeout: 5 })));
      },
    };
  },
};

/** What the feed makes of a change, written by hand: the least that any feed of this shape costs. */
function changeAndTell(session: Sql, artist: string): Promise<unknown> {
  return session`
    with entity as (
      update catalog.entity set version = version + 1, updated_at = now() where juke_id = ${artist}
      returning juke_id, version
    ),
    event as (
      insert into feed.event (kind, juke_id, op, version, changed, actor)
      select 'artist', juke_id, 'upsert', version, '{sort_name}', session_user from entity
      returning juke_id
    ),
    mark as (insert into descriptor.dirty (juke_id) select juke_id from event)
    update catalog.artist set sort_name = gen_random_uuid()::text where juke_id = ${artist}`;
}

async function lastEvent(sql: Sql): Promise<number> {
  const [row] = await sql`
    select coalesce(pg_sequence_last_value('feed.event_id_seq'), 0)::int as id`;
  return row?.id;
}

async function switchTriggers(sql: Sql, table: string, to: "with" | "without"): Promise<void> {
  const triggers = await sql<{ name: string }[]>`
    select t.tgname as name from pg_trigger t
    where t.tgrelid = ${table}::regclass and t.tgname ~ '^_[56]00_' and t.tgparentid = 0`;
  for (const { name } of triggers) {
    await sql.unsafe(
      `alter table ${table} ${to === "with" ? "enable" : "disable"} trigger ${name}`,
    );
  }
}
