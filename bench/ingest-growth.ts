import postgres, { type Sql } from "postgres";
import { up } from "../lib/migrate/migrate.ts";
import type { Bench } from "./bench.ts";
import { buildDataSet } from "./dataset.ts";
import { apply, batchesOf, forget, openDelivery, produce } from "./ingest-batches.ts";
import { track } from "./ingest-records.ts";
import type { Arm } from "./rounds.ts";

const records = 2_000;
/** External ids of the small catalog: of some 50,000 entities. */
const smallRows = 100_000;
const smallName = "jukebase_bench_small";

/** What a new record costs in a large catalog and in a small one. */
export const ingestGrowth: Bench = {
  name: "ingest-growth",
  title:
    "2,000 new tracks in the data set (1,000,000 entities with --rows 2000000) / in one of 50,000 entities",
  goal: 1.3,
  rounds: 15,
  turns: 1,
  unit: "record",
  prepare: async (sql, url) => {
    const smallUrl = new URL(url);
    smallUrl.pathname = `/${smallName}`;
    await sql.unsafe(`drop database if exists ${smallName} with (force)`);
    await sql.unsafe(`create database ${smallName} template template0`);
    await up(smallUrl.href);
    const small = postgres(smallUrl.href, { max: 1, max_lifetime: null, onnotice: () => {} });
    await buildDataSet(small, smallRows);
    let run = 0;
    const taking = (database: Sql): Arm => ({
      run: async () => {
        const batches = batchesOf(produce(track, `${process.pid}-g${++run}`, records), records);
        const delivery = await openDelivery(database, `run ${run}`);
        const started = performance.now();
        for (const batch of batches) await apply(database, delivery, batch);
        return ((performance.now() - started) * 1_000) / records;
      },
    });
    const count = async (database: Sql) =>
      (await database<{ n: number }[]>`select count(*)::int as n from catalog.entity`)[0]?.n;
    return {
      baseline: taking(small),
      subject: taking(sql),
      facts: { entities_small: await count(small), entities_large: await count(sql) },
      cleanUp: async () => {
        await small.end({ timeout: 5 });
        await sql.unsafe(`drop database if exists ${smallName} with (force)`);
        await forget(sql);
      },
    };
  },
};
