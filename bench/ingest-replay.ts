import type { Bench } from "./bench.ts";
import {
  apply,
  ask,
  batchesOf,
  copyOf,
  crowd,
  forget,
  openDelivery,
  produce,
  sideBySide,
} from "./ingest-batches.ts";
import { fileCourier } from "./ingest-files.ts";
import { track } from "./ingest-records.ts";
import type { Arm } from "./rounds.ts";

const records = 20_000;
const batchSize = 2_000;

/** A delivery that says again what is known: only its checksums are sent. */
export const ingestReplay: Bench = {
  name: "ingest-replay",
  title:
    "20,000 unchanged tracks, delivered once more: asked with ingest.differing / COPY of their JSON into one bare table",
  goal: 1.5,
  rounds: 15,
  turns: 2,
  unit: "record",
  prepare: async (sql, url) => {
    const connections = crowd(url, 2);
    const said = produce(track, `${process.pid}`, records);
    const batches = batchesOf(said, batchSize);
    const first = await openDelivery(sql, "first");
    await sideBySide(connections, batches, (worker, batch) => apply(worker, first, batch));
    await sql`vacuum analyze ingest.record`;
    const copy = await copyOf(sql, said);
    const courier = fileCourier(url, batchSize);
    const path = courier.write(said);
    await courier.deliver(path);
    const delivering: Arm = {
      run: async () => {
        const started = performance.now();
        const { unchanged } = await courier.deliver(path);
        const took = performance.now() - started;
        if (unchanged < records) throw new Error(`${unchanged} unchanged records, not ${records}`);
        return (took * 1_000) / records;
      },
    };
    const asking = (workers = connections): Arm => ({
      run: async () => {
        const again = await openDelivery(sql, "again");
        let differing = 0;
        const started = performance.now();
        await sideBySide(workers, batches, async (worker, batch) => {
          const some = await ask(worker, again, batch);
          differing += some;
        });
        const took = performance.now() - started;
        if (differing > 0) throw new Error(`${differing} records differ`);
        return (took * 1_000) / records;
      },
    });
    return {
      baseline: { run: copy },
      subject: asking(connections.slice(0, 1)),
      others: { "two connections": asking(), "the file again, from its bytes on": delivering },
      betweenRounds: async () => {
        await sql`truncate public.bare_record`;
      },
      cleanUp: async () => {
        await courier.end();
        for (const connection of connections) await connection.end({ timeout: 5 });
        await forget(sql);
      },
    };
  },
};
