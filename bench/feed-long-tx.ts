import type { Bench } from "./bench.ts";
import { openCourier, someArtists } from "./courier.ts";
import { median, quantile } from "./statistics.ts";
import { storedTables } from "./tables.ts";

const transactions = 100;
/** What the long transaction has written. */
const events = 10_000;

/** What a transaction that writes and stays open costs everybody else's events. */
export const feedLongTx: Bench = {
  name: "feed-long-tx",
  title:
    "COMMIT to the event at a durable consumer, p99, beside an open transaction of 10,000 events / without one",
  goal: 1.2,
  rounds: 15,
  turns: 2,
  unit: "event",
  prepare: async (sql, url) => {
    const courier = await openCourier(url, await someArtists(sql, 1_000));
    const tables = await storedTables(sql, [
      "catalog.entity",
      "catalog.artist",
      "feed.event",
      "descriptor.dirty",
    ]);
    const all = { alone: [] as number[], beside: [] as number[] };
    return {
      baseline: {
        run: async () => {
          const taken = await courier.feed(transactions);
          all.alone.push(...taken);
          return quantile(taken, 0.99);
        },
      },
      subject: {
        run: async () => {
          const end = await courier.openTransaction(events);
          const taken = await courier.feed(transactions);
          await end();
          all.beside.push(...taken);
          return quantile(taken, 0.99);
        },
      },
      // What the transactions that were taken back have left.
      betweenRounds: async () => {
        for (const name of tables) await sql.unsafe(`vacuum (truncate false) ${name}`);
      },
      facts: { transactions_per_turn: transactions, events_of_the_open_transaction: events },
      measured: () => ({ p50_ratio: median(all.beside) / median(all.alone) }),
      cleanUp: courier.close,
    };
  },
};
