import type { Sql } from "postgres";
import type { Bench } from "./bench.ts";
import {
  apply,
  batchesOf,
  copyOf,
  crowd,
  forget,
  openDelivery,
  produce,
  sideBySide,
} from "./ingest-batches.ts";
import { fileCourier } from "./ingest-files.ts";
import { artist, type Producer, release, track } from "./ingest-records.ts";
import type { Arm } from "./rounds.ts";
import { median } from "./statistics.ts";

const records = 6_000;
const batchSize = 1_500;

/** New records, from the text of their batches to the committed catalog. */
export const ingestNew: Bench = {
  name: "ingest-new",
  title:
    "6,000 new tracks through ingest.apply, two connections side by side / COPY of their JSON into one bare table",
  goal: 16,
  rounds: 10,
  turns: 1,
  unit: "record",
  prepare: async (sql, url) => {
    const connections = crowd(url, 2);
    let run = 0;
    const rates: Record<string, number[]> = {};
    const taking = (name: string, producer: Producer, workers: Sql[], count = records): Arm => ({
      run: async () => {
        const said = produce(producer, `${process.pid}-${++run}`, count);
        const batches = batchesOf(said, Math.ceil(Math.min(batchSize, count / workers.length)));
        const delivery = await openDelivery(sql, `run ${run}`);
        let added = 0;
        const started = performance.now();
        await sideBySide(workers, batches, async (worker, batch) => {
          const some = await apply(worker, delivery, batch);
          added += some;
        });
        const took = performance.now() - started;
        if (added < count) throw new Error(`${added} new records, not ${count}`);
        rates[name] = [...(rates[name] ?? []), (count * 1_000) / took];
        return (took * 1_000) / count;
      },
    });
    const alone = connections.slice(0, 1);
    const courier = fileCourier(url, batchSize);
    const takingFile: Arm = {
      run: async () => {
        const path = courier.write(produce(track, `${process.pid}-${++run}`, records));
        const started = performance.now();
        const { new: added } = await courier.deliver(path);
        const took = performance.now() - started;
        if (added < records) throw new Error(`${added} new records, not ${records}`);
        const name = "tracks of a file";
        rates[name] = [...(rates[name] ?? []), (records * 1_000) / took];
        return (took * 1_000) / records;
      },
    };
    return {
      baseline: { run: await copyOf(sql, produce(track, "copy", records)) },
      subject: taking("tracks, two connections", track, connections),
      others: {
        "tracks of a file, from its bytes on": takingFile,
        "tracks, one connection": taking("tracks, one connection", track, alone),
        "artists, two connections": taking("artists, two connections", artist, connections, 3_000),
        "releases of 12 tracks, two connections": taking(
          "releases, two connections",
          release,
          connections,
          600,
        ),
      },
      betweenRounds: async () => {
        await sql`truncate public.bare_record`;
      },
      measured: () => ({
        records_per_second: Object.fromEntries(
          Object.entries(rates).map(([name, each]) => [name, Math.round(median(each))]),
        ),
      }),
      cleanUp: async () => {
        await courier.end();
        for (const connection of connections) await connection.end({ timeout: 5 });
        await forget(sql);
      },
    };
  },
};
