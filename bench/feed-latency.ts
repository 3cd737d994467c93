import type { Bench } from "./bench.ts";
import { openCourier, someArtists } from "./courier.ts";
import { round } from "./machine.ts";
import type { Arm } from "./rounds.ts";
import { median, quantile } from "./statistics.ts";

const transactions = 50;

/** From a writer's COMMIT to the event in the hands of a consumer that forgets nothing. */
export const feedLatency: Bench = {
  name: "feed-latency",
  title:
    "COMMIT to the event at a durable consumer that the notifier wakes / to the callback of a NOTIFY in the same transaction, p50",
  goal: 2.5,
  rounds: 20,
  turns: 2,
  unit: "event",
  prepare: async (sql, url) => {
    const courier = await openCourier(url, await someArtists(sql, 1_000));
    const all = { notification: [] as number[], feed: [] as number[] };
    const arm = (by: "notification" | "feed"): Arm => ({
      run: async () => {
        const taken = await courier[by](transactions);
        all[by].push(...taken);
        return median(taken);
      },
    });
    return {
      baseline: arm("notification"),
      subject: arm("feed"),
      facts: { transactions_per_turn: transactions },
      measured: () => {
        const p99 = {
          feed: quantile(all.feed, 0.99),
          notification: quantile(all.notification, 0.99),
        };
        return {
          p99_us: { feed: round(p99.feed, 0), notification: round(p99.notification, 0) },
          p99_ratio: round(p99.feed / p99.notification, 3),
        };
      },
      cleanUp: courier.close,
    };
  },
};
